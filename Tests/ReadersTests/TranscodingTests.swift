// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTesting
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Transcoding")
struct TranscodingTests {
  /// A text as it lies in a file in one encoding, with characters of every length that the encoding has.
  struct Encoded: Sendable, CustomTestStringConvertible {
    let encoding: TextEncoding
    let text: String
    let bytes: [UInt8]

    var testDescription: String { encoding.rawValue }
  }

  /// The text of a decoder, and where it stopped; in blocks of these lengths, over and over.
  static func decode(
    _ bytes: [UInt8], _ encoding: TextEncoding, blocks: [Int], errors: EncodingErrors = .refuse
  ) throws -> (text: [UInt8], faults: [Int]) {
    let text = try EncodedText(MappedBytes(bytes), in: encoding, errors: errors)
    var (position, turn) = (0, 0)
    var (decoded, faults): ([UInt8], [Int]) = ([], [])
    var buffer = DecodedText()
    while position < bytes.count {
      buffer.removeAll()
      let step = try text.step(from: position, atMost: blocks[turn % blocks.count], into: &buffer)
      buffer.withSpan { span in decoded += span.indices.map { span[$0] } }
      if let fault = step.replaced { faults.append(fault) }
      position = step.end
      turn += 1
    }
    return (decoded, faults)
  }

  @Test("Python knows every encoding that is read")
  func complete() throws {
    let wide: [TextEncoding] = [
      .utf8, .utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .utf32LittleEndian, .utf32BigEndian,
    ]
    let known = CodecTable.all.compactMap { TextEncoding(rawValue: $0.encoding) }
    #expect(Set(known).union(wide) == Set(TextEncoding.allCases))
    #expect(CodecTable.all.count == known.count)
  }

  @Test("Every byte, and every pair of bytes, is the character that it is for Python", arguments: CodecTable.all)
  func everyCharacter(_ table: CodecTable) throws {
    let encoding = try #require(TextEncoding(rawValue: table.encoding))
    // ICU swaps some of the control characters that no text may hold.
    let ascii = Array(0x20..<0x7F) + [0x09, 0x0A, 0x0B, 0x0C, 0x0D] as [UInt8]
    let bytes = ascii + table.bytes
    let expected = ascii + Array(table.text.utf8)
    #expect(try Self.decode(bytes, encoding, blocks: [1 << 20]).text == expected)
    #expect(try Self.decode(bytes, encoding, blocks: [16, 17, 100, 31]).text == expected)
  }

  @Test(
    "Bytes that stand for nothing are refused where they begin, and take no ASCII with them", arguments: CodecTable.all)
  func undefined(_ table: CodecTable) throws {
    let encoding = try #require(TextEncoding(rawValue: table.encoding))
    let decoder = try encoding.decoder()
    var text = DecodedText()
    var wrong: [String] = []
    for digits in table.undefined {
      let bytes = CodecTable.bytes(digits)
      text.removeAll()
      let block = try decoder.decode(bytes.span, isLast: true, into: &text)
      let isRefused = block.consumed == 0 && text.count == 0 && (1...bytes.count).contains(block.malformed)
      let takesASCII = bytes.dropFirst().prefix(max(0, block.malformed - 1)).contains { $0 < 0x80 }
      if !isRefused || takesASCII { wrong.append(digits) }
    }
    #expect(wrong == [])
  }

  /// Every character that Swift knows, but for surrogates.
  private static let everything = String(
    String.UnicodeScalarView(
      [0x0...0xD7FF, 0xE000...0x2FFFF, 0xE0000...0xE0FFF, 0x10F000...0x10FFFF].joined().compactMap {
        Unicode.Scalar($0)
      }))

  static let wideForms: [Encoded] = [
    (.utf16LittleEndian, .utf16LittleEndian), (.utf16BigEndian, .utf16BigEndian),
    (.utf32LittleEndian, .utf32LittleEndian), (.utf32BigEndian, .utf32BigEndian), (.utf8, .utf8),
  ].map { (encoding: TextEncoding, foundation: String.Encoding) in
    Encoded(encoding: encoding, text: everything, bytes: Array(everything.data(using: foundation) ?? Data()))
  }

  @Test("Every character of Unicode comes out of its wide form, whatever the blocks", arguments: wideForms)
  func everyScalar(_ encoded: Encoded) throws {
    for blocks in [[1 << 30], [16, 17, 18, 19, 33, 1000, 4099]] {
      #expect(try Self.decode(encoded.bytes, encoded.encoding, blocks: blocks).text == Array(encoded.text.utf8))
    }
  }

  @Test("What is damaged becomes what Swift makes of it, character for character, whatever the blocks")
  func damaged() throws {
    var random = SeededGenerator(seed: 7)
    let pieces: [[UInt8]] = [
      [0x61], [0x2C], [0x0A], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80], [0xFF], [0x80], [0xC0, 0xAF],
      [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F], [0xC3], [0xE0, 0x80, 0x80], [0xD8],
      [0x00, 0xDC], [0x3D, 0xD8, 0x00, 0xDE],
    ]
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 1...60, using: &random)).flatMap { _ in
        pieces[Int.random(in: pieces.indices, using: &random)]
      }
      let units = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
      // Half a unit at the end is one fault more.
      let half = bytes.count % 2 == 1 ? "\u{FFFD}" : ""
      let expected: [(TextEncoding, String)] = [
        (.utf8, String(decoding: bytes, as: UTF8.self)),
        (.utf16LittleEndian, String(decoding: units, as: UTF16.self) + half),
      ]
      for (encoding, text) in expected {
        for blocks in [[1 << 20], [16], [17, 16, 19]] {
          let done = try Self.decode(bytes, encoding, blocks: blocks, errors: .replace)
          #expect(done.text == Array(text.utf8), "\(bytes)")
        }
      }
    }
  }

  @Test(
    "A delimiter behind a byte that begins a character is no part of it",
    arguments: [
      (.shiftJIS, [0x81, 0x2C, 0x62]), (.eucJP, [0xA4, 0x2C, 0x62]), (.gb18030, [0x81, 0x2C, 0x62]),
      (.gb18030, [0x81, 0x30, 0x2C]), (.gbk, [0x81, 0x2C, 0x62]), (.big5, [0xA4, 0x2C, 0x62]),
      (.eucKR, [0xB0, 0x2C, 0x62]),
      (.utf8, [0xE4, 0x2C, 0x62]),
    ] as [(TextEncoding, [UInt8])])
  func delimiters(_ encoding: TextEncoding, _ bytes: [UInt8]) throws {
    let done = try Self.decode(bytes, encoding, blocks: [16], errors: .replace)
    #expect(done.text == [0xEF, 0xBF, 0xBD] + bytes.dropFirst() && done.faults == [0])
  }

  @Test("Every character's place in the UTF-8 leads back to its place in the file", arguments: CodecTable.all)
  func places(_ table: CodecTable) throws {
    let encoding = try #require(TextEncoding(rawValue: table.encoding))
    // With damage among the characters, which moves all that is behind it; the last bytes of some, so that it stays damage.
    let bytes = table.bytes.prefix(8_000) + [0x0A, 0xFF, 0x0A] + table.bytes.prefix(1_000)
    let file = try makeFile()
    let text = try EncodedText(MappedBytes(Array(bytes)), in: encoding, errors: .replace, blockBytes: 1024)
    let done = try text.transcode(to: file, at: 0, cap: .max)
    var (input, output, checked) = (0, UInt64(0), 0)
    var decoded = DecodedText()
    var expected: [UInt64: UInt64] = [:]
    while input < bytes.count {
      decoded.removeAll()
      var length = 1
      var step = try text.step(from: input, atMost: length, into: &decoded)
      while step.end == input {
        length += 1
        step = try text.step(from: input, atMost: length, into: &decoded)
      }
      if checked % 41 == 0 { expected[output] = UInt64(input) }
      checked += 1
      input = step.end
      output += UInt64(decoded.count)
    }
    #expect(output == done.byteCount)
    #expect(done.originals(of: Array(expected.keys)) == expected)
  }
}
