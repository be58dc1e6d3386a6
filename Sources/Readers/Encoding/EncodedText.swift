// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// A text in another encoding than UTF-8, character by character.
///
/// UTF-16 and UTF-32 as in Unicode 15, chapter 3.9; Windows-1252 as Microsoft's table has it, whose bytes 81, 8D, 8F, 90
/// and 9D stand for nothing.
struct EncodedText {
  let bytes: MappedBytes
  let encoding: TextEncoding
  /// Where the text begins: after the byte order mark.
  let start: Int

  /// A text with the byte order mark of an encoding other than UTF-8; nil without one.
  init?(marked bytes: MappedBytes) {
    let head = (0..<min(4, bytes.count)).map { bytes[$0] }
    let marks: [([UInt8], TextEncoding)] = [
      ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian),
      ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
    ]
    guard let (mark, encoding) = marks.first(where: { head.starts(with: $0.0) }) else { return nil }
    self.bytes = bytes
    self.encoding = encoding
    start = mark.count
  }

  /// A text without a mark in Windows-1252.
  init(windows1252 bytes: MappedBytes) {
    self.bytes = bytes
    encoding = .windows1252
    start = 0
  }

  /// The character at `offset`, and how many bytes it takes.
  ///
  /// - Throws: `invalid_encoding` with the offset.
  func character(at offset: Int) throws(Rejection) -> (scalar: Unicode.Scalar, length: Int) {
    switch encoding {
    case .utf8, .windows1252:
      guard let scalar = Self.windows1252(bytes[offset]) else { throw invalid(offset) }
      return (scalar, 1)
    case .utf16LittleEndian, .utf16BigEndian:
      let unit = try unit(at: offset)
      if let scalar = Unicode.Scalar(unit) { return (scalar, 2) }
      guard UTF16.isLeadSurrogate(unit), offset + 4 <= bytes.count else { throw invalid(offset) }
      let next = try self.unit(at: offset + 2)
      guard UTF16.isTrailSurrogate(next),
        let scalar = Unicode.Scalar(0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(next & 0x3FF)))
      else { throw invalid(offset) }
      return (scalar, 4)
    case .utf32LittleEndian, .utf32BigEndian:
      guard offset + 4 <= bytes.count else { throw invalid(offset) }
      let parts = (0..<4).map { UInt32(bytes[offset + (encoding == .utf32LittleEndian ? 3 - $0 : $0)]) }
      guard let scalar = Unicode.Scalar(parts.reduce(0) { $0 << 8 | $1 }) else { throw invalid(offset) }
      return (scalar, 4)
    }
  }

  private func unit(at offset: Int) throws(Rejection) -> UInt16 {
    guard offset + 2 <= bytes.count else { throw invalid(offset) }
    let (first, second) = (UInt16(bytes[offset]), UInt16(bytes[offset + 1]))
    return encoding == .utf16LittleEndian ? second << 8 | first : first << 8 | second
  }

  private func invalid(_ offset: Int) -> Rejection { Rejection(.invalidEncoding, byteOffset: UInt64(offset)) }

  /// The characters of the bytes from 80 to 9F, 0 for the undefined ones.
  ///
  /// The other bytes are those of Latin-1.
  private static let upperControls: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]

  private static func windows1252(_ byte: UInt8) -> Unicode.Scalar? {
    guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
    let value = upperControls[Int(byte - 0x80)]
    return value == 0 ? nil : Unicode.Scalar(value)
  }
}
