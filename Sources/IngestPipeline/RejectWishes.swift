// SPDX-License-Identifier: Apache-2.0

package import WorkerProtocol

/// What a client says about records that are not as they should be.
///
/// Nothing of it is checked yet.
package struct RejectWishes: Sendable {
  /// The names of what can be said, as a request has them.
  package static let fields = ["strict", "max_rejects"]

  private var texts: [String: String] = [:]

  package init() {}

  package subscript(_ field: String) -> String? {
    get { texts[field] }
    set { texts[field] = newValue }
  }

  /// Puts what is meant into the options.
  ///
  /// - Throws: `PipelineFailure.invalidRequest`.
  package func apply(to options: inout ReadOptions) throws(PipelineFailure) {
    if let text = texts["strict"] {
      guard let isStrict = Bool(text) else { throw .invalidRequest("strict must be true or false") }
      options.isStrict = isStrict
    }
    if let text = texts["max_rejects"] {
      guard let most = UInt64(text), most <= ReadOptions.mostRejects else {
        throw .invalidRequest("max_rejects must be a number from 0 to \(ReadOptions.mostRejects)")
      }
      options.maxRejects = most
    }
  }
}
