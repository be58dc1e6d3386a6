// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("JSON documents")
struct JSONDocumentTests {
  @Test(
    "The table of a document is found, and where it is",
    arguments: [
      (#"[{"a":1},{"a":2}]"#, .list, ""), ("[\n  {\n    \"a\": 1\n  },\n  {\n    \"a\": 2\n  }\n]\n", .list, ""),
      (#"{"n":2,"data":[{"a":1},{"a":2}],"x":{"y":[1]}}"#, .list, "/data"),
      (#"{"r":{"d/e":[{"a":1},{"a":2}]}}"#, .list, "/r/d~1e"), (#"{"a":[1,2]}"#, .columns, ""),
      ("{\"a\":1}\n{\"a\":2}", .lines, ""),
    ] as [(String, Dialect.JSONShape, String)])
  func found(text: String, shape: Dialect.JSONShape, pointer: String) throws {
    let table = try readJSON(text)
    #expect(table.names == ["a"] && table.texts == [["1"], ["2"]] && table.types == [.int64])
    #expect(table.findings.dialect.json == Dialect.JSONFinding(shape: shape, pointer: pointer))
  }

  @Test("One object is one record, lists of lists are rows")
  func others() throws {
    let one = try readJSON(#"{"a":1,"b":{"c":"x"},"d":[1,2]}"#)
    #expect(one.names == ["a", "b.c", "d"] && one.texts == [["1", "x", "[1,2]"]])
    #expect(one.findings.dialect.json?.shape == .record)
    let rows = try readJSON(#"[["id","v"],[1,2.5],[2,null]]"#)
    #expect(rows.names == ["id", "v"] && rows.texts == [["1", "2.5"], ["2", nil]])
    let columns = try readJSON(#"{"a" : [1, 2 ,3], "b":["x","y",[1 , 2]] }"#)
    #expect(columns.names == ["a", "b"] && columns.texts == [["1", "x"], ["2", "y"], ["3", "[1 , 2]"]])
  }

  @Test("A pointer says which value is the table")
  func pointer() throws {
    let text = #"{"a":[{"x":1}],"b":[{"y":2}],"c":{"~k":[[3]]},"d":{"e":4}}"#
    #expect(try refusal(text)?.code == .notTabular)
    #expect(try readJSON(text, try .dialect(.jsonPointer, "/b")).names == ["y"])
    #expect(try readJSON(text, try .dialect(.jsonPointer, "/c/~0k")).texts == [["3"]])
    #expect(try readJSON(text, try .dialect(.jsonPointer, "/a/0")).texts == [["1"]])
    #expect(try readJSON(text, try .dialect(.jsonPointer, "/d")).names == ["e"])
    for pointer in ["/q", "/a/1", "/a/00", "/d/e"] {
      #expect(try refusal(text, try .dialect(.jsonPointer, pointer))?.code == .notTabular, "\(pointer)")
    }
    #expect(throws: DialectOptions.Fault.self) { try ReadOptions.dialect(.jsonPointer, "a") }
    #expect(throws: DialectOptions.Fault.self) { try ReadOptions.dialect(.jsonPointer, "/~2") }
  }

  @Test(
    "JSON that is no table is not tabular",
    arguments: [
      "5", "\"text\"", "null", "[]", "[1,2]", "{}", "[{}]", "[{\"a\":1},2]", "[null]", #"{"a":[1,2],"b":[1]}"#, "[[]]",
      "[\"a\",\"b\"]",
    ])
  func notTabular(text: String) throws {
    let refused = try refusal(text)
    #expect(refused?.code == .notTabular, "\(refused?.detail ?? "a table")")
  }

  @Test(
    "What is no JSON is malformed, wherever the fault lies",
    arguments: [
      "[{\"a\":1},]", "[{\"a\":1}", "[{\"a\":1}]]", "[{\"a\":1} {\"a\":2}]", "{\"a\":1", "[1,2", "[{\"a\":1}] x", "[,]",
      "{\"a\":[{\"b\":1}],}", "[{\"a\":1},{\"a\":2]", "nul", "[{\"a\":'x'}]", "[{\"a\":.5}]", "[{\"a\":NaN}]", "",
      "{\"data\":[{\"a\":1}],\"z\":tru}", "[{\"a\":\"\u{1}\"}]", "{\"a\":1}}", "[{\"a\":1}],[{\"a\":2}]", "+1", "\"x",
      "[{\"a\":1},{\"a\":-}]", "[{\"abc\":1},{Xabc\":1},{\"abc\":2}]",
      "{\"abc\":{\"d\":1}}\n{\"abc\":{.d\":22222222}}\n", "[[\"a\",\"b\"],]", "[[\"a\"],\n ]",
      "[{\"a\":1},5,{\"b\":x}]",
    ])
  func malformed(text: String) throws {
    let refused = try refusal(text)
    #expect(refused?.code == .jsonMalformed, "\(refused?.detail ?? "a table")")
    #expect(refused?.line != nil && refused?.column != nil)
  }

  @Test("What is no UTF-8 is refused in any place, and never taken for another encoding", arguments: [2, 6, 13, 20])
  func encoding(place: Int) throws {
    var bytes = Array(#"[{"a":"xyz"},{"a":"abc"}]"#.utf8)
    bytes[place] = 0xE9
    let refused = #expect(throws: Rejection.self) {
      try ReadTable(encoded: bytes, ReadOptions(), by: JSONReader.self)
    }
    #expect(refused?.code == .invalidEncoding)
    let wide = Array("[{\"é\":1}]".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try ReadTable(encoded: [0xFF, 0xFE] + wide, ReadOptions(), by: JSONReader.self).names == ["é"])
  }

  @Test("C31 A hundred thousand brackets are refused, and what is as deep as the cap is not")
  func depth() throws {
    for text in [String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000)] {
      let code = try rejection(of: Array(text.utf8), by: JSONReader.self)?.code
      #expect(code == .jsonTooDeep)
      let inside = "[{\"x\":\(text)}]"
      #expect(try rejection(of: Array(inside.utf8), by: JSONReader.self)?.code == .jsonTooDeep)
    }
    func nested(_ depth: Int) -> String {
      "[{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}]"
    }
    #expect(try refusal(nested(63)) == nil)
    #expect(try refusal(nested(64))?.code == .jsonTooDeep)
  }

  @Test("C34 A name that is far too long is not copied for each name within it")
  func longNames() throws {
    let long = String(repeating: "k", count: 100_000)
    let members = (0..<3000).map { "\"c\($0)\":{}" }.joined(separator: ",")
    let columns = try rejection(of: Array("[{\"\(long)\":{\(members)}}]".utf8), by: JSONReader.self)
    #expect(columns?.code == .headerNameTooLong)
    let table = try ReadTable(
      "{\"\(long)\":{\(members)},\"z\":{\"rows\":[{\"a\":1}]}}", ReadOptions(), by: JSONReader.self)
    #expect(table.texts == [["1"]] && table.findings.dialect.json?.pointer == "/z/rows")
  }

  @Test("A pointer names a key by its characters, not by what looks the same")
  func exactPointer() throws {
    let text = "{\"e\u{301}\":[{\"x\":1}],\"\u{e9}\":[{\"y\":2}]}"
    #expect(try readJSON(text, .dialect(.jsonPointer, "/\u{e9}")).names == ["y"])
    #expect(try readJSON(text, .dialect(.jsonPointer, "/e\u{301}")).names == ["x"])
  }

  @Test("A mark before the text is no character of its first line")
  func marked() throws {
    let refused = try rejection(of: [0xEF, 0xBB, 0xBF] + Array("[{\"a\":1},x]".utf8), by: JSONReader.self)
    #expect(refused?.column == 10 && refused?.byteOffset == 12)
  }

  @Test("C32 A number of a million digits is text, in linear time")
  func longNumber() throws {
    let digits = String(repeating: "7", count: 1_000_000)
    let table = try ReadTable("[{\"a\":\(digits)},{\"a\":1e\(digits)}]", by: JSONReader.self)
    #expect(table.types == [.utf8] && table.texts[0][0]?.count == 1_000_000)
  }

  @Test("C27 Cells and records keep their caps")
  func caps() throws {
    var limits = Limits()
    limits.cellBytes = .kibibytes(1)
    limits.recordBytes = .kibibytes(4)
    let long = String(repeating: "x", count: 1100)
    #expect(try refusal("[{\"a\":\"\(long)\"}]", limits: limits)?.code == .cellTooLarge)
    #expect(try refusal("{\"a\":1}\n{\"a\":[\"\(long)\"]}\n", limits: limits)?.code == .cellTooLarge)
    let cells = (0..<60).map { "\"k\($0)\":\"\(long.prefix(100))\"" }.joined(separator: ",")
    #expect(try refusal("{\"a\":1}\n{\(cells)}\n", limits: limits)?.code == .recordTooLarge)
    limits.rows = 2
    #expect(try refusal("{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n", limits: limits)?.code == .tooManyRows)
  }
}
