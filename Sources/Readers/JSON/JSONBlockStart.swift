// SPDX-License-Identifier: Apache-2.0

/// Guesses where the first record of a block of a JSON text starts: of lines it knows, since no value holds a line end.
struct JSONBlockStart: BlockStarting {
  /// How far a guess looks where commas are between records, and how many of them convince it.
  private static let window = 64 << 10
  private static let convincing = 3

  private let source: JSONSource
  private let probe: JSONScan
  private let opening: UInt8
  private let closing: UInt8

  init(_ source: JSONSource, columns: Int) {
    self.source = source
    probe = JSONScan(source.form, source.tree)
    opening = UInt8(ascii: source.form.hasArrays ? "[" : "{")
    closing = UInt8(ascii: source.form.hasArrays ? "]" : "}")
  }

  mutating func guess(at nominal: Int) -> Int? {
    source.form.hasLines ? line(from: nominal) : record(from: nominal)
  }

  private func line(from nominal: Int) -> Int? {
    let end = min(nominal + source.form.recordBytes, source.range.upperBound)
    return source.bytes.firstIndex(of: 0x0A, in: nominal - 1..<end).map { $0 + 1 }
  }

  /// A place where a record may start, with one before it, and several behind.
  private func record(from nominal: Int) -> Int? {
    let end = min(nominal + Self.window, source.range.upperBound)
    var position = nominal
    while let found = source.bytes.firstIndex(of: opening, in: position..<end) {
      if follows(found), isConvincing(found) { return found }
      position = found + 1
    }
    return nil
  }

  /// Whether a comma and the end of a record stand before a place.
  private func follows(_ place: Int) -> Bool {
    var offset = place - 1
    for wanted in [UInt8(ascii: ","), closing] {
      while offset > source.range.lowerBound, JSONText.isBlank(source.bytes[offset]) { offset -= 1 }
      guard offset > source.range.lowerBound, source.bytes[offset] == wanted else { return false }
      offset -= 1
    }
    return true
  }

  private func isConvincing(_ place: Int) -> Bool {
    let limit = min(place + Self.window, source.range.upperBound)
    let answer = probe.scan(source.bytes, from: place, limit: limit, in: source.range)
    return answer.fault == nil && answer.records >= Self.convincing
  }
}
