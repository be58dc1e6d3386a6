// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// Takes well-formed UTF-8 as it is, and stops at what is not.
///
/// What is malformed ends where a well-formed sequence could no longer go on, as Unicode 15, section 3.9, recommends for
/// U+FFFD: `E2 82` before a letter is one fault, `C0 AF` are two.
struct UTF8Repair: TextDecoder {
  func decode(_ block: Span<UInt8>, isLast: Bool, into text: inout DecodedText) -> DecodedBlock {
    var validator = UTF8Validator()
    let fault = validator.consume(block)
    let end = fault ?? block.count
    let started = fault != nil || !validator.isAtBoundary ? Self.unfinished(block, before: end) : 0
    text.append(block.extracting(first: end - started))
    var answer = DecodedBlock(consumed: end - started)
    // A sequence that was begun, or a byte that begins none.
    if fault != nil { answer.malformed = max(started, 1) } else if isLast { answer.malformed = started }
    return answer
  }

  /// The bytes before `end` that begin a sequence which is longer than that.
  private static func unfinished(_ bytes: Span<UInt8>, before end: Int) -> Int {
    for length in 1...3 where length <= end {
      let byte = bytes[end - length]
      guard byte >= 0xC0 else {
        if byte < 0x80 { return 0 }
        continue
      }
      let whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      return whole > length ? length : 0
    }
    return 0
  }
}
