// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Stated encodings")
struct StatedEncodingTests {
  static func options(
    _ encoding: String? = nil, errors: String? = nil, isVerbatim: Bool = false
  ) throws -> ReadOptions {
    var options = ReadOptions(isVerbatim: isVerbatim)
    if let encoding { try options.dialect.set(.encoding, to: encoding) }
    if let errors { try options.dialect.set(.encodingErrors, to: errors) }
    return options
  }

  static func rejection(_ bytes: [UInt8], _ options: ReadOptions) throws -> Rejection? {
    do {
      _ = try ReadTable(encoded: bytes, options)
      return nil
    } catch let rejection as Rejection { return rejection }
  }

  @Test("A file is the same table in every encoding that is stated, under any name", arguments: CodecTable.all)
  func same(_ table: CodecTable) throws {
    // Some hundred characters, with cells that need quotes between them.
    let rows = table.text.split(separator: "\n", maxSplits: 400).prefix(400).map { "\"\($0),\"\"x\"" }
    let sequences = table.bytes.split(separator: 0x0A, maxSplits: 400).prefix(400)
    let bytes = Array("t,n\n".utf8) + sequences.flatMap { Array("\"".utf8) + $0 + Array(",\"\"x\",1\n".utf8) }
    let text = "t,n\n" + rows.map { "\($0),1\n" }.joined()
    for isVerbatim in [false, true] {
      let read = try ReadTable(
        encoded: bytes, Self.options(table.encoding.uppercased(), isVerbatim: isVerbatim))
      #expect(read.texts == (try ReadTable(text, ReadOptions(isVerbatim: isVerbatim))).texts)
      #expect(read.findings.dialect.encoding.rawValue == table.encoding && !read.findings.dialect.hasByteOrderMark)
      #expect(read.note(.assumedEncoding) == nil && read.note(.unmarkedEncoding) == nil)
    }
  }

  @Test(
    "A mark that agrees is passed over, and one of another encoding refuses the file",
    arguments: [
      ([0xEF, 0xBB, 0xBF], "utf-8", "windows-1252"), ([0xFF, 0xFE], "utf-16", "utf-16be"),
      ([0xFF, 0xFE], "utf-16le", "utf-8"), ([0xFE, 0xFF], "utf-16be", "utf-32"), ([0xFE, 0xFF], "utf-16", "shift_jis"),
      ([0xFF, 0xFE, 0, 0], "utf-32", "utf-16le"), ([0, 0, 0xFE, 0xFF], "utf-32be", "utf-16"),
      ([0x84, 0x31, 0x95, 0x33], "gb18030", "gbk"),
    ] as [([UInt8], String, String)])
  func marks(_ mark: [UInt8], _ right: String, _ wrong: String) throws {
    let foundation: String.Encoding =
      switch mark {
      case [0xFF, 0xFE]: .utf16LittleEndian
      case [0xFE, 0xFF]: .utf16BigEndian
      case [0xFF, 0xFE, 0, 0]: .utf32LittleEndian
      case [0, 0, 0xFE, 0xFF]: .utf32BigEndian
      default: .utf8
      }
    let bytes = mark + Array("id,x\n1,a\n".data(using: foundation) ?? Data())
    for stated in [right, nil] {
      let table = try ReadTable(encoded: bytes, Self.options(stated))
      #expect(table.names == ["id", "x"] && table.texts == [["1", "a"]])
      #expect(table.findings.dialect.hasByteOrderMark)
    }
    let rejection = try Self.rejection(bytes, Self.options(wrong))
    #expect(rejection?.code == .encodingMismatch && rejection?.expected == wrong)
    #expect(rejection?.detail.contains("`\(rejection?.example ?? "?")` is no \(wrong)") == true)
  }

  @Test("UTF-16 without an order needs a mark, or zero bytes that show it")
  func unordered() throws {
    let bytes = Array("id,x\n1,ä\n".data(using: .utf16BigEndian) ?? Data())
    let table = try ReadTable(encoded: bytes, Self.options("utf-16"))
    #expect(table.texts == [["1", "ä"]] && table.findings.dialect.encoding == .utf16BigEndian)
    let rejection = try Self.rejection(Array("id,x\n1,a\n".utf8), Self.options("utf-16"))
    #expect(rejection?.code == .encodingMismatch && rejection?.expected == nil)
  }

  /// Bytes, what is stated of them, the offset of what first stands for nothing, how often that is so, and the cell that
  /// it becomes.
  static let damaged: [([UInt8], String?, UInt64, UInt64, String)] = [
    (Array("id,x\n1,äöüäöüäöüä".utf8) + [0xFF, 0x0A], nil, 27, 1, "äöüäöüäöüä\u{FFFD}"),
    (Array("id,x\n1,a".utf8) + [0xFF, 0x62, 0xE2, 0x82, 0x0A], "utf-8", 8, 2, "a\u{FFFD}b\u{FFFD}"),
    ([0xEF, 0xBB, 0xBF] + Array("id,x\n1,a".utf8) + [0x80, 0x0A], nil, 11, 1, "a\u{FFFD}"),
    (Array("id,x\n1,K".utf8) + [0xF6, 0x6C, 0x81, 0x8D, 0x0A], nil, 10, 2, "Köl\u{FFFD}\u{FFFD}"),
    (Array("id,x\n1,K".utf8) + [0xF6, 0x81, 0x0A], "cp1252", 9, 1, "Kö\u{FFFD}"),
    (Array("id,x\n1,".utf8) + [0x93, 0x8C, 0x8B, 0x9E, 0x81, 0x0A], "sjis", 11, 1, "東京\u{FFFD}"),
    (
      [0xFF, 0xFE] + Array("id,x\n1,a".data(using: .utf16LittleEndian) ?? Data()) + [0, 0xDC, 0x0A, 0], nil, 18, 1,
      "a\u{FFFD}"
    ),
    (Array("id,x\n1,a".data(using: .utf16LittleEndian) ?? Data()) + [0x62], "utf-16le", 16, 1, "a\u{FFFD}"),
  ]

  @Test(
    "C29 What stands for nothing refuses the file with its offset, or is replaced, counted and reported",
    arguments: damaged)
  func replaced(_ bytes: [UInt8], _ stated: String?, _ offset: UInt64, _ count: UInt64, _ cell: String) throws {
    for isVerbatim in [false, true] {
      let refused = try Self.rejection(bytes, Self.options(stated, isVerbatim: isVerbatim))
      #expect(refused?.code == .invalidEncoding && refused?.byteOffset == offset)
      let table = try ReadTable(
        encoded: bytes, Self.options(stated, errors: "replace", isVerbatim: isVerbatim))
      if !isVerbatim { #expect(table.texts == [["1", cell]]) }
      let note = try #require(table.note(.replacedBytes))
      #expect(note.count == count && note.byteOffset == offset && note.line == 2)
    }
  }

  @Test("A sound file is the same table whether damage would be replaced or not")
  func sound() throws {
    let bytes = Array("id,x\n1,ä\n2,b\n".utf8)
    let table = try ReadTable(encoded: bytes, Self.options(errors: "replace"))
    #expect(table.texts == [["1", "ä"], ["2", "b"]] && table.findings.notes == [])
  }

  @Test("A control character is refused whatever becomes of damage (C28)")
  func controls() throws {
    let bytes = Array("id,x\n1,".utf8) + [0xFF, 0x01, 0x0A]
    let rejection = try Self.rejection(bytes, Self.options("utf-8", errors: "replace"))
    #expect(rejection?.code == .controlCharacter && rejection?.byteOffset == 8)
  }

  @Test("A wrong UTF-8 is never taken for Windows-1252 where UTF-8 is stated")
  func noGuess() throws {
    let bytes = Array("id,x\n1,K".utf8) + [0xF6, 0x6C, 0x6E, 0x0A]
    #expect(try ReadTable(encoded: bytes).findings.dialect.encoding == .windows1252)
    #expect(try Self.rejection(bytes, Self.options("utf-8"))?.byteOffset == 8)
  }

  @Test("Bytes that are control characters in the stated encoding are told of")
  func latin1() throws {
    let bytes = Array("id,x\n1,".utf8) + [0x93, 0xE4, 0x94, 0x0A]
    let table = try ReadTable(encoded: bytes, Self.options("latin1"))
    #expect(table.texts == [["1", "\u{93}ä\u{94}"]])
    #expect(table.note(.controlCharacters)?.count == 2)
    let curly = try ReadTable(encoded: bytes, Self.options("windows-1252"))
    #expect(curly.texts == [["1", "“ä”"]] && curly.findings.notes == [])
  }

  @Test(
    "Refusals behind many characters of several bytes have their place in the file",
    arguments: [
      "shift_jis", "gb18030", "euc-kr", "windows-1251", "utf-16le",
    ])
  func farPositions(_ name: String) throws {
    let samples: [String: (text: String, bytes: [UInt8])] = [
      "shift_jis": ("東", [0x93, 0x8C]), "gb18030": ("京", [0xBE, 0xA9]), "euc-kr": ("서", [0xBC, 0xAD]),
      "windows-1251": ("ж", [0xE6]), "utf-16le": ("ж", [0x36, 0x04]),
    ]
    let sample = try #require(samples[name])
    let width = name == "utf-16le" ? 2 : 1
    func ascii(_ text: String) -> [UInt8] { text.utf8.flatMap { width == 2 ? [$0, 0] : [$0] } }
    let row = ascii("1,") + (0..<50).flatMap { _ in sample.bytes } + ascii("\n")
    let before = ascii("n,t\n") + (0..<8_000).flatMap { _ in row }
    let bytes = before + ascii("x,") + sample.bytes + ascii("\n2,a\u{1}\n")
    let rejection = try Self.rejection(bytes, Self.options(name))
    #expect(rejection?.code == .controlCharacter && rejection?.line == 8_003)
    #expect(rejection?.byteOffset == UInt64(bytes.count - 2 * width))
    let table = try ReadTable(encoded: before + ascii("x,") + sample.bytes + ascii("\n"), Self.options(name))
    #expect(table.note(.nearMiss)?.byteOffset == UInt64(before.count) && table.note(.nearMiss)?.line == 8_002)
  }
}
