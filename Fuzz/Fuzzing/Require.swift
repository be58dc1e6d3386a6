// SPDX-License-Identifier: Apache-2.0

/// Something is not as it must be.
package struct FailedRequirement: Error, CustomStringConvertible {
  /// What is wrong.
  package let what: String
  private let place: String

  package init(what: String, file: String = #fileID, line: UInt = #line) {
    self.what = what
    place = "\(file):\(line)"
  }

  package var description: String { "\(place): \(what)" }
}

/// Throws a `FailedRequirement` where something is not as it must be.
package func require(
  _ condition: Bool, _ what: @autoclosure () -> String, file: String = #fileID, line: UInt = #line
) throws {
  guard condition else { throw FailedRequirement(what: what(), file: file, line: line) }
}
