// SPDX-License-Identifier: Apache-2.0

/// Turns byte offsets into line numbers, all in one pass.
package enum LineCounter {
  /// The line of each offset, from 1. Lines end with LF, or with CR where that is how the file ends its lines.
  package static func lines(
    of offsets: [Int], in bytes: MappedBytes, from start: Int, endsLinesWithCR: Bool
  ) -> [Int: UInt64] {
    let lineEnd: UInt8 = endsLinesWithCR ? 0x0D : 0x0A
    var lines: [Int: UInt64] = [:]
    var line: UInt64 = 1
    var position = start
    for offset in Set(offsets).sorted() where offset <= bytes.count {
      while position < offset, let found = bytes.firstIndex(of: lineEnd, in: position..<offset) {
        line += 1
        position = found + 1
      }
      position = max(position, offset)
      lines[offset] = line
    }
    return lines
  }
}
