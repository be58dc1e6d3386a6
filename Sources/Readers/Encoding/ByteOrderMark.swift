// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// The mark with which a text says how it is written.
struct ByteOrderMark {
  let encoding: TextEncoding
  /// The bytes that it takes.
  let length: Int

  /// Longer marks first: that of UTF-32 begins like that of UTF-16.
  private static let marks: [([UInt8], TextEncoding)] = [
    ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian),
    ([0x84, 0x31, 0x95, 0x33], .gb18030), ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16LittleEndian),
    ([0xFE, 0xFF], .utf16BigEndian),
  ]

  /// The mark before a text; nil where there is none.
  init?(_ bytes: MappedBytes) {
    let head = (0..<min(4, bytes.count)).map { bytes[$0] }
    guard let (mark, encoding) = Self.marks.first(where: { head.starts(with: $0.0) }) else { return nil }
    self.encoding = encoding
    length = mark.count
  }
}
