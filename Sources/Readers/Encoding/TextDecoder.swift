// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Writes the characters of one encoding as UTF-8, a block at a time.
///
/// Every block begins at a character, and what it becomes depends on nothing before it.
protocol TextDecoder {
  /// Decodes characters from the start of a block, for as long as they are whole and stand for something.
  ///
  /// - Parameter isLast: whether the text ends with the block; else a character that it cuts off is left to the next.
  func decode(_ block: Span<UInt8>, isLast: Bool, into text: inout DecodedText) throws -> DecodedBlock
}

/// How far a block was decoded.
struct DecodedBlock: Equatable {
  /// The bytes of the characters that were decoded.
  var consumed: Int
  /// The bytes behind them that stand for nothing, together; 0 where the block ends, or within a character.
  var malformed = 0
  /// How many of the characters the decoder was to count.
  var counted = 0
}

/// What a decoder of single bytes counts.
package enum CountedCharacters {
  /// Whatever is not ASCII.
  case beyondASCII
  /// U+0080 to U+009F, which no table is meant to hold.
  case controls
}

extension TextEncoding {
  /// The decoder of the encoding.
  ///
  /// - Throws: `ConverterFailure` where ICU lacks what it has on every system that we know.
  func decoder(counting counted: CountedCharacters = .controls) throws -> any TextDecoder {
    switch self {
    case .utf8: UTF8Repair()
    case .utf16LittleEndian, .utf16: WideDecoder(unitBytes: 2, isBigEndian: false)
    case .utf16BigEndian: WideDecoder(unitBytes: 2, isBigEndian: true)
    case .utf32LittleEndian, .utf32: WideDecoder(unitBytes: 4, isBigEndian: false)
    case .utf32BigEndian: WideDecoder(unitBytes: 4, isBigEndian: true)
    case .shiftJIS, .eucJP, .gb18030, .gbk, .big5, .big5HKSCS, .eucKR: try MultiByteDecoder(self)
    default: SingleByteDecoder(try SingleByteTable(self), counting: counted)
    }
  }
}
