// SPDX-License-Identifier: Apache-2.0

/// Turns byte offsets into line numbers, all in one pass.
///
/// Lines end with LF, CRLF or CR, also within quotes.
package struct LineCounter {
  private let bytes: MappedBytes
  private var position = 0
  private var line: UInt64 = 1

  init(in bytes: MappedBytes) { self.bytes = bytes }

  /// The line of an offset, from 1; no offset is before the last one.
  mutating func line(of offset: Int) -> UInt64 {
    let end = min(offset, bytes.count)
    while position < end {
      let byte = bytes[position]
      let isCRLF = byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
      if byte == 0x0A || byte == 0x0D && !isCRLF { line += 1 }
      position += 1
    }
    return line
  }

  /// The line of each offset, from 1.
  package static func lines(of offsets: [Int], in bytes: MappedBytes) -> [Int: UInt64] {
    var counter = LineCounter(in: bytes)
    var lines: [Int: UInt64] = [:]
    for offset in Set(offsets).sorted() where offset <= bytes.count { lines[offset] = counter.line(of: offset) }
    return lines
  }
}
