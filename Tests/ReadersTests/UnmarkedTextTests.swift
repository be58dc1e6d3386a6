// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTesting
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Wide characters without a mark")
struct UnmarkedTextTests {
  static let encodings: [(TextEncoding, String.Encoding)] = [
    (.utf16LittleEndian, .utf16LittleEndian), (.utf16BigEndian, .utf16BigEndian),
    (.utf32LittleEndian, .utf32LittleEndian), (.utf32BigEndian, .utf32BigEndian),
  ]

  static let texts = [
    "id,name\n1,a\n", "a;b\r\n", "name\tcity\nJosé\tKöln\n", "имя,город\nИван,Москва\n", "編號,城市\n1,臺北\n2,高雄\n",
    "이름|도시\n철수|서울\n", "اسم,مدينة\nأحمد,دمشق\n", "ชื่อ,เมือง\nสมชาย,กรุงเทพ\n", "😀,😁\n🙂,🙃\n", "一,丁\n七,万\n一一,丂丄\n",
    "\n\n  \nid,x\n1,2\n", "id,note\n1,\"" + String(repeating: "漢字仮名交じり文", count: 5) + "\"\n", "ā,Ĉ\nĀ,Ċ\n",
  ]

  static func bytes(_ text: String, _ encoding: String.Encoding) -> [UInt8] {
    Array(text.data(using: encoding) ?? Data())
  }

  @Test(
    "A text of any script is known by its delimiters and line ends, and is the table that it is in UTF-8",
    arguments: texts, encodings)
  func found(_ text: String, _ encoding: (name: TextEncoding, foundation: String.Encoding)) throws {
    let bytes = Self.bytes(text, encoding.foundation)
    let found = try #require(UnmarkedText(MappedBytes(bytes)))
    #expect(found.encoding == encoding.name)
    #expect(found.start == Array(text.drop { $0.isWhitespace }.utf8))
    let table = try ReadTable(encoded: bytes)
    let expected = try ReadTable(text)
    #expect(table.texts == expected.texts && table.names == expected.names)
    #expect(table.findings.dialect.encoding == encoding.name && !table.findings.dialect.hasByteOrderMark)
    #expect(table.note(.unmarkedEncoding)?.example == encoding.name.rawValue)
  }

  @Test("A text of nothing but blanks shows no character", arguments: encodings)
  func blank(_ encoding: (name: TextEncoding, foundation: String.Encoding)) throws {
    let bytes = Self.bytes(String(repeating: " \t\r\n", count: 20_000), encoding.foundation)
    #expect(try #require(UnmarkedText(MappedBytes(bytes))).start == [])
  }

  /// Little-endian numbers.
  private static func numbers<T: FixedWidthInteger>(_ values: some Sequence<T>) -> [UInt8] {
    values.flatMap { value in (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) } }
  }

  private static func random(_ count: Int, zeroAt isZero: (Int) -> Bool) -> [UInt8] {
    var random = SeededGenerator(seed: 11)
    return (0..<count).map { isZero($0) ? 0 : UInt8.random(in: 0...255, using: &random) }
  }

  static let binaries: [(String, [UInt8])] = [
    ("ASCII with one zero", Array("a,b\n1,2\n3,\0\n".utf8)),
    ("random bytes with every second one zero", random(4096) { $0 % 2 == 1 }),
    ("random bytes with every second one zero, the other way", random(4096) { $0 % 2 == 0 }),
    ("random bytes with three zeros in four", random(4096) { $0 % 4 != 0 }),
    ("random bytes", random(4096) { _ in false }), ("random bytes with some zeros", random(4096) { $0 % 7 == 0 }),
    ("zeros", [UInt8](repeating: 0, count: 4096)), ("two zeros", [0, 0]), ("a zero behind text", Array("a,b\n\0".utf8)),
    ("sound of 16 bits", numbers((0..<2000).map { Int16(20_000 * sin(Double($0) / 20)) })),
    ("soft sound of 16 bits", numbers((0..<2000).map { Int16(100 * sin(Double($0) / 20)) })),
    ("a picture of depths", numbers((0..<2000).map { UInt16(500 + $0) })),
    ("counts of 16 bits", numbers((0..<2000).map { UInt16($0 % 90) })),
    ("counts of 32 bits", numbers((0..<2000).map { UInt32($0 % 400) })),
    ("offsets of 32 bits", numbers((0..<2000).map { UInt32($0 * 24 + 64) })),
    ("numbers of 64 bits", numbers((0..<2000).map { UInt64($0 * 1000 + 32) })),
    ("binary64", numbers((1..<2000).map { (Double($0) / 8).bitPattern })),
    ("binary32", numbers((1..<2000).map { (Float($0) / 8).bitPattern })),
    ("a program's start", [0x4D, 0x5A, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0xB8, 0, 0, 0]),
    ("texts with their lengths", (0..<200).flatMap { numbers([UInt32(5)]) + Array("ab\($0)".utf8) }),
    ("texts that end in a zero", (0..<200).flatMap { Array("name\($0)\0".utf8) }),
    ("UTF-16 with a NUL", bytes("a,b\n1,2\u{0}\n", .utf16LittleEndian)),
    ("UTF-16 with an escape", bytes("a,b\n\u{1B}[1m,2\n", .utf16LittleEndian)),
    ("UTF-16 with no character", bytes("a,b\n1,", .utf16LittleEndian) + [0xFE, 0xFF, 0x0A, 0]),
    ("UTF-16 with half a pair", bytes("a,b\n1,", .utf16LittleEndian) + [0, 0xDC, 0x0A, 0]),
    ("Chinese without any delimiter", bytes("漢字仮名交じ一文", .utf16LittleEndian)),
  ]

  @Test("C3 Numbers, sound, programs and random bytes with zeros are no text", arguments: binaries)
  func binary(_ name: String, _ bytes: [UInt8]) {
    #expect(UnmarkedText(MappedBytes(bytes)) == nil)
  }

  @Test("C28 A text that turns into something else behind its start is refused there", arguments: encodings)
  func later(_ encoding: (name: TextEncoding, foundation: String.Encoding)) throws {
    let long = "id,name\n" + String(repeating: "1,ж\n", count: 30_000)
    let width = encoding.name == .utf16LittleEndian || encoding.name == .utf16BigEndian ? 2 : 4
    let cases: [(String, Rejection.Code)] = [("2,\u{1}\n", .controlCharacter), ("2,\u{0}\n", .controlCharacter)]
    for (tail, code) in cases {
      let bytes = Self.bytes(long + tail, encoding.foundation)
      #expect(UnmarkedText(MappedBytes(bytes)) != nil)
      let rejection = #expect(throws: Rejection.self) { try ReadTable(encoded: bytes) }
      #expect(rejection?.code == code && rejection?.byteOffset == UInt64(bytes.count - 2 * width))
    }
    let whole = Self.bytes(long, encoding.foundation)
    let cut = #expect(throws: Rejection.self) { try ReadTable(encoded: whole + [0x41]) }
    #expect(cut?.code == .invalidEncoding && cut?.byteOffset == UInt64(whole.count))
  }

  @Test("What the sender states is taken where no control character speaks against it")
  func stated() throws {
    let lone = Self.bytes("漢字仮名交じ一文", .utf16BigEndian)
    #expect(UnmarkedText(MappedBytes(lone), stated: .utf16BigEndian)?.encoding == .utf16BigEndian)
    #expect(UnmarkedText(MappedBytes(lone), stated: .utf16) == nil)
    #expect(UnmarkedText(MappedBytes(lone), stated: .windows1252) == nil)
    #expect(UnmarkedText(MappedBytes(Self.random(4096) { $0 % 2 == 1 }), stated: .utf16LittleEndian) == nil)
    let text = Self.bytes("a,b\n1,2\n", .utf32BigEndian)
    #expect(UnmarkedText(MappedBytes(text), stated: .utf32)?.encoding == .utf32BigEndian)
  }
}
