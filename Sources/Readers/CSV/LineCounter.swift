// SPDX-License-Identifier: Apache-2.0

/// Turns byte offsets into line numbers, all in one pass.
package enum LineCounter {
  /// The line of each offset, from 1.
  ///
  /// Lines end with LF, CRLF or CR, also within quotes.
  package static func lines(of offsets: [Int], in bytes: MappedBytes) -> [Int: UInt64] {
    var lines: [Int: UInt64] = [:]
    var line: UInt64 = 1
    var position = 0
    for offset in Set(offsets).sorted() where offset <= bytes.count {
      while position < offset {
        let byte = bytes[position]
        let isCRLF = byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
        if byte == 0x0A || byte == 0x0D && !isCRLF { line += 1 }
        position += 1
      }
      lines[offset] = line
    }
    return lines
  }
}
