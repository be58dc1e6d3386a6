// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

/// Goes through the offsets of a text column along with its text, and finds the first that cuts a character.
///
/// The offsets are known to rise, and what is shown of the text is known to be UTF-8, so one byte tells.
struct TextCuts: ~Copyable {
  /// The first cut, as an offset in the text.
  private(set) var fault: Int?
  private let offsets: Int
  private let count: Int
  /// Offsets that are done with.
  private var row = 0
  private var window = FileWindow()
  private var rows = 0..<0
  private let checks = ByteChecks()

  /// Offsets whose first lies at `offsets` of the file.
  init(offsets: Int, count: Int) {
    self.offsets = offsets
    self.count = count
  }

  /// Looks at all offsets that point into the piece of text that starts at `base`, or before it.
  mutating func verify(
    _ text: Span<UInt8>, from base: Int, of file: borrowing OwnedDescriptor
  ) throws(BodyFault) {
    while fault == nil, row < count {
      if row == rows.upperBound { try readNext(file) }
      let piece = (row - rows.lowerBound) * 4..<rows.count * 4
      guard let used = checks.boundaries(window.storage.span.extracting(piece), in: text, from: base) else {
        let cut = Self.firstCut(window.storage.span.extracting(piece), text, base)
        fault = cut
        return
      }
      row += used
      if row < rows.upperBound { return }
    }
  }

  private mutating func readNext(_ file: borrowing OwnedDescriptor) throws(BodyFault) {
    rows = row..<min(row + BodyVerifier.windowRows, count)
    try window.read(offsets + rows.lowerBound * 4..<offsets + rows.upperBound * 4, of: file)
  }

  private static func firstCut(_ offsets: Span<UInt8>, _ text: Span<UInt8>, _ base: Int) -> Int? {
    for index in stride(from: 0, to: offsets.count, by: 4) {
      let place = Int(offsets.integer(at: index, as: Int32.self))
      guard place >= base else { continue }
      guard place - base < text.count else { return nil }
      if text[place - base] & 0xC0 == 0x80 { return place }
    }
    return nil
  }
}
