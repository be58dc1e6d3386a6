// SPDX-License-Identifier: Apache-2.0

import Validation
package import WorkerProtocol

/// Reads delimited text as a table: one pass over the whole file decides, a second one converts.
package struct CSVReader {
  /// The input that is indexed at a time; small enough for the caches.
  static let pieceBytes = 256 << 10

  private let bytes: MappedBytes
  private let options: ReadOptions
  private let limits: ReadLimits

  package init(_ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits) {
    self.bytes = bytes
    self.options = options
    self.limits = limits
  }

  /// Reads the text and hands the table over.
  ///
  /// - Throws: a `Rejection` with the offset and line in the text, or what `output` throws.
  package func read(to output: ReaderOutput) throws {
    do {
      let source = try CSVSource(bytes, options: options, limits: limits)
      if options.isVerbatim {
        try VerbatimPass(source, limits: limits).run(to: output)
      } else {
        var survey = SurveyPass(source, limits: limits)
        try survey.run(progress: output.progress)
        try ConversionPass(source, plan: try survey.plan(), limits: limits).run(to: output)
      }
    } catch var rejection as Rejection {
      if rejection.line == nil, let offset = rejection.byteOffset { rejection.line = line(of: Int(clamping: offset)) }
      throw rejection
    }
  }

  private func line(of offset: Int) -> UInt64? {
    LineCounter.lines(of: [offset], in: bytes)[offset]
  }
}
