// SPDX-License-Identifier: Apache-2.0

/// Guesses where the first record of a block of a delimited text starts.
///
/// A line end within quotes looks like any other. One behind which records of the table's width follow is taken.
struct BlockStart: BlockStarting {
  /// How far a guess looks, and how many records convince it.
  private static let window = 64 << 10
  private static let probe = 4 << 10
  private static let convincing = 3

  private var index: RecordIndex
  private let source: CSVSource

  init(_ source: CSVSource, columns: Int) {
    self.source = source
    index = RecordIndex(source.structure, columns: max(1, columns))
  }

  mutating func guess(at nominal: Int) -> Int? {
    let end = min(nominal + Self.window, source.range.upperBound)
    let lineEnd = source.structure.lineEnd
    var position = nominal - 1
    while let newline = source.bytes.firstIndex(of: lineEnd, in: position..<end) {
      let start = newline + 1
      if isConvincing(start) { return start }
      position = start
    }
    return nil
  }

  private mutating func isConvincing(_ start: Int) -> Bool {
    var length = Self.probe
    while true {
      let stop = min(start + length, source.range.upperBound)
      let answer = index.scan(source.bytes, from: start, to: stop, limit: stop)
      if answer.records >= Self.convincing || stop == source.range.upperBound { return answer.stop != .irregular }
      guard answer.stop == .incomplete, length < Self.window else { return false }
      length *= 4
    }
  }
}
