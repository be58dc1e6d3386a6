// SPDX-License-Identifier: Apache-2.0

import Testing
import Validation

@testable import WorkerProtocol

@Suite("Options of the dialect")
struct DialectOptionsTests {
  static let rightTexts: [(DialectOptions.Key, String, String)] = [
    (.delimiter, ";", "delimiter=3b"), (.delimiter, "||", "delimiter=7c7c"), (.delimiter, "tab", "delimiter=09"),
    (.delimiter, "\\t", "delimiter=09"), (.delimiter, ", ", "delimiter=2c20"), (.quote, "'", "quote=27"),
    (.quote, "none", "quote=6e6f6e65"), (.escape, "backslash", "escape=backslash"), (.comment, "//", "comment=2f2f"),
    (.skipRows, "3", "skip_rows=3"), (.skipRows, "0", "skip_rows=0"), (.headerRows, "2", "header_rows=2"),
    (.encoding, "Latin1", "encoding=iso-8859-1"), (.encoding, "CP932", "encoding=shift_jis"),
    (.encoding, "UTF8", "encoding=utf-8"), (.encodingErrors, "replace", "encoding_errors=replace"),
    (.encodingErrors, "refuse", ""),
    (.table, "2", "table=2"), (.table, "100", "table=100"), (.table, "all", "table=all"), (.table, "1", ""),
    (.jsonPointer, "/a;b=/c~1d", "json_pointer=2f613b623d2f637e3164"), (.jsonPointer, "", "json_pointer="),
    (.flattenDepth, "3", "flatten_depth=3"), (.flattenDepth, "8", ""),
  ]

  @Test("What is stated is part of the identity, in one spelling, and travels", arguments: rightTexts)
  func right(key: DialectOptions.Key, text: String, canonical: String) throws {
    var options = ReadOptions()
    try options.dialect.set(key, to: text)
    #expect(options.canonical == canonical)
    var writer = MessageWriter()
    options.dialect.write(to: &writer)
    var reader = MessageReader(writer.bytes)
    #expect(try DialectOptions(from: &reader) == options.dialect)
    try reader.finish()
  }

  static let wrongTexts: [(DialectOptions.Key, String)] = [
    (.delimiter, ""), (.delimiter, ",;,"), (.delimiter, "\""), (.delimiter, "\n"), (.delimiter, "é"), (.quote, "x"),
    (.escape, "twice"), (.comment, ""), (.comment, "#####"), (.skipRows, "-1"), (.skipRows, "4294967296"),
    (.headerRows, "17"), (.headerRows, "one"), (.encoding, "utf-7"), (.encoding, ""), (.encodingErrors, "ignore"),
    (.headerRows, "17"), (.headerRows, "one"), (.table, "0"), (.table, "101"), (.table, "-1"), (.table, "last"),
    (.table, "ALL"),
    (.jsonPointer, "a"), (.jsonPointer, "/a~2"), (.jsonPointer, "/a~"), (.flattenDepth, "0"), (.flattenDepth, "65"),
  ]

  @Test("What an option cannot be is refused, from people and from messages", arguments: wrongTexts)
  func wrong(key: DialectOptions.Key, text: String) {
    #expect(throws: DialectOptions.Fault.self) { try DialectOptions([key: text]) }
    var writer = MessageWriter()
    writer.integer(UInt8(1))
    writer.text(key.rawValue)
    writer.text(text)
    #expect(throws: MalformedMessage.self) {
      var reader = MessageReader(writer.bytes)
      _ = try DialectOptions(from: &reader)
    }
  }
}
