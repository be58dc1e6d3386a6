// SPDX-License-Identifier: Apache-2.0

import CTranscode

/// Encodings of one byte a character, by a table.
struct SingleByteDecoder: TextDecoder {
  private let meanings: [ingest_byte_meaning]

  init(_ table: SingleByteTable, counting counted: CountedCharacters) {
    meanings = (0..<256).map { byte in
      guard let scalar = table[UInt8(byte)] else { return ingest_byte_meaning() }
      let isCounted =
        switch counted {
        case .beyondASCII: !scalar.isASCII
        case .controls: (0x80...0x9F).contains(scalar.value)
        }
      return ingest_byte_meaning(scalar, isCounted: isCounted)
    }
  }

  func decode(_ block: Span<UInt8>, isLast: Bool, into text: inout DecodedText) -> DecodedBlock {
    var answer = unsafe text.append(decodedFrom: block.count) { out in
      unsafe block.withUnsafeBufferPointer { buffer in
        unsafe meanings.withUnsafeBufferPointer { meanings in
          guard let base = buffer.baseAddress, let table = meanings.baseAddress else {
            return (0, DecodedBlock(consumed: 0))
          }
          // SAFETY: the call reads the block and the table of 256, and writes as much as there is room for.
          let done = unsafe ingest_utf8_from_bytes(base, buffer.count, table, out)
          return (done.produced, DecodedBlock(consumed: done.consumed, counted: done.counted))
        }
      }
    }
    if answer.consumed < block.count { answer.malformed = 1 }
    return answer
  }
}

extension ingest_byte_meaning {
  /// A character of the plane that holds all of those that single bytes stand for.
  fileprivate init(_ scalar: Unicode.Scalar, isCounted: Bool) {
    let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    let marked = isCounted ? UInt8(INGEST_COUNTED) : 0
    self.init()
    utf8 = (bytes[0], bytes.count > 1 ? bytes[1] : 0, bytes.count > 2 ? bytes[2] : 0)
    length = UInt8(bytes.count) | marked
  }
}
