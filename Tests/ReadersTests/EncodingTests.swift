// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Encodings")
struct EncodingTests {
  private static let text = "id,city,note\n1,Köln,\"€ “x”\"\n2,Zürich,ÿ\n3,\"a\nb\",z\n"

  private static func utf16(_ text: String, isLittle: Bool) -> [UInt8] {
    text.utf16.flatMap { isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  }

  private static func utf32(_ text: String, isLittle: Bool) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> UInt32($0 * 8)) }
      return isLittle ? bytes : bytes.reversed()
    }
  }

  /// Foundation's own tables.
  private static func windows1252(_ text: String) -> [UInt8] { Array(text.data(using: .windowsCP1252) ?? Data()) }

  static let encoded: [(TextEncoding, [UInt8])] = [
    (.utf8, Array(text.utf8)), (.windows1252, windows1252(text)),
    (.utf16LittleEndian, [0xFF, 0xFE] + utf16(text, isLittle: true)),
    (.utf16BigEndian, [0xFE, 0xFF] + utf16(text, isLittle: false)),
    (.utf32LittleEndian, [0xFF, 0xFE, 0, 0] + utf32(text, isLittle: true)),
    (.utf32BigEndian, [0, 0, 0xFE, 0xFF] + utf32(text, isLittle: false)),
  ]

  @Test("The same text is the same table in every encoding, typed and verbatim", arguments: encoded, [false, true])
  func same(_ encoded: (encoding: TextEncoding, bytes: [UInt8]), isVerbatim: Bool) throws {
    let options = ReadOptions(isVerbatim: isVerbatim)
    let table = try ReadTable(encoded: encoded.bytes, options)
    #expect(table.texts == (try ReadTable(Self.text, options).texts))
    #expect(table.findings.dialect.encoding == encoded.encoding)
    #expect(table.findings.dialect.hasByteOrderMark == ![.utf8, .windows1252].contains(encoded.encoding))
    #expect((table.note(.assumedEncoding)?.count == 6) == (encoded.encoding == .windows1252))
  }

  @Test("Every byte of Windows-1252 that stands for a character is that character")
  func everyByte() throws {
    for byte in UInt8(0x80)...0xFF {
      let known = String(data: Data([byte]), encoding: .windowsCP1252)
      let isDefined = ![0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(byte)
      let table = try? ReadTable(encoded: Array("id,x\n1,".utf8) + [byte, 0x61, 0x0A])
      #expect((table != nil) == isDefined, "\(byte)")
      if isDefined { #expect(table?.texts == [["1", (known ?? "") + "a"]]) }
    }
  }

  @Test(
    "C29 What is meant to be UTF-8, or is whole in no encoding, is refused at its first wrong byte",
    arguments: [
      // Damaged: one wrong byte among ten sequences that are right.
      (Array("id,x\n1,äöüäöüäöüä".utf8) + [0xFF, 0x0A], 27),
      // Of the shape of UTF-8: overlong, a surrogate, past the last character, cut off.
      (Array("a,b\n1,".utf8) + [0xC0, 0xAF, 0x0A], 6), (Array("a,b\n1,".utf8) + [0xED, 0xA0, 0x80, 0x0A], 7),
      (Array("a,b\n1,".utf8) + [0xF4, 0x90, 0x80, 0x80, 0x0A], 7), (Array("a,b\n1,x".utf8) + [0xE2, 0x82], 9),
      // Undefined in Windows-1252; a surrogate alone, half a unit, and no character at all in the others.
      (Array("a,b\nK".utf8) + [0xF6, 0x6C, 0x2C, 0x81, 0x0A], 8),
      ([0xFF, 0xFE] + utf16("a,b\n", isLittle: true) + [0x00, 0xDC, 0x0A, 0], 10),
      ([0xFF, 0xFE] + utf16("a,b\n", isLittle: true) + [0x00, 0xD8], 10), ([0xFE, 0xFF, 0, 0x61, 0], 4),
      ([0xFF, 0xFE, 0, 0] + utf32("a,b\n", isLittle: true) + [0, 0, 0x11, 0], 20),
      ([0, 0, 0xFE, 0xFF, 0, 0, 0], 4),
    ] as [([UInt8], UInt64)])
  func refused(_ bytes: [UInt8], _ offset: UInt64) throws {
    for isVerbatim in [false, true] {
      let rejection = #expect(throws: Rejection.self) {
        try ReadTable(encoded: bytes, ReadOptions(isVerbatim: isVerbatim))
      }
      #expect(
        rejection?.code == .invalidEncoding && rejection?.byteOffset == offset, "\(String(describing: rejection))")
    }
  }

  @Test("Positions are those of the file: a control character, and the first cell that spoils a type")
  func positions() throws {
    let controlled = "id,city\n1,Köln\n2,a\u{1}b\n"
    let rejections = [Self.windows1252(controlled), [0xFF, 0xFE] + Self.utf16(controlled, isLittle: true)].map {
      bytes in
      #expect(throws: Rejection.self) { try ReadTable(encoded: bytes) }
    }
    #expect(rejections.map { $0?.code } == [.controlCharacter, .controlCharacter])
    #expect(rejections.map { $0?.byteOffset } == [18, 38] && rejections.map { $0?.line } == [3, 3])

    let numbers = "äö,n\n" + (1...100).map { "é,\($0)\n" }.joined() + "é,x\n"
    let byte = Self.windows1252(numbers).lastIndex(of: UInt8(ascii: "x")).map { UInt64($0) } ?? 0
    #expect(try ReadTable(encoded: Self.windows1252(numbers)).note(.nearMiss)?.byteOffset == byte)
    let wide = try ReadTable(encoded: [0xFE, 0xFF] + Self.utf16(numbers, isLittle: false))
    #expect(wide.note(.nearMiss)?.byteOffset == 2 + 2 * byte)
  }

  @Test("A text that grows past the cap on expanded bytes is refused there (C16)")
  func cap() throws {
    var limits = Limits()
    limits.expandedBytes = ByteCount(bytes: 100)
    let rejection = #expect(throws: Rejection.self) {
      try ReadTable(encoded: Array("a\n".utf8) + [UInt8](repeating: 0xE4, count: 60), limits: limits)
    }
    #expect(rejection?.code == .expandedTooLarge && rejection?.limit == 100)
  }
}
