// SPDX-License-Identifier: Apache-2.0

import CTranscode

/// UTF-16 and UTF-32 in either order of bytes (Unicode 15, section 3.9).
struct WideDecoder: TextDecoder {
  /// 2 or 4.
  let unitBytes: Int
  let isBigEndian: Bool

  func decode(_ block: Span<UInt8>, isLast: Bool, into text: inout DecodedText) -> DecodedBlock {
    let consumed = unsafe text.append(decodedFrom: block.count) { out in
      unsafe block.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return (0, 0) }
        // SAFETY: the calls read the block, and write as much as there is room for.
        let answer =
          unsafe unitBytes == 2
          ? ingest_utf8_from_utf16(base, buffer.count, isBigEndian ? 1 : 0, out)
          : ingest_utf8_from_utf32(base, buffer.count, isBigEndian ? 1 : 0, out)
        return (answer.produced, answer.consumed)
      }
    }
    let left = block.count - consumed
    let isCutOff = left < unitBytes || unitBytes == 2 && left < 4 && isLead(block, consumed)
    guard isCutOff else { return DecodedBlock(consumed: consumed, malformed: unitBytes) }
    return DecodedBlock(consumed: consumed, malformed: isLast ? min(left, unitBytes) : 0)
  }

  /// Whether a unit is the first half of a pair.
  private func isLead(_ block: Span<UInt8>, _ index: Int) -> Bool {
    block[isBigEndian ? index : index + 1] & 0xFC == 0xD8
  }
}
