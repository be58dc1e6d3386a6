// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

/// Reads a JSON text, in pieces and blocks so small that records cross all of their borders.
func readJSON(
  _ text: String, _ options: ReadOptions = ReadOptions(), by reader: any TableReader.Type = JSONReader.self,
  limits: Limits = Limits()
) throws -> ReadTable {
  let small = PassSizes(block: { _ in 64 }, sample: 32...32, piece: 16)
  let table = try ReadTable(text, options, by: reader, limits: limits)
  let pieced = try ReadTable(text, options, by: reader, limits: limits, sizes: small)
  #expect(pieced.schema == table.schema && pieced.columns == table.columns && pieced.rejects == table.rejects)
  #expect(pieced.findings.notes == table.findings.notes && pieced.findings.records == table.findings.records)
  return table
}

/// The code with which a JSON text is refused, however it is cut into pieces; nil where it is a table.
func refusal(
  _ text: String, _ options: ReadOptions = ReadOptions(), by reader: any TableReader.Type = JSONReader.self,
  limits: Limits = Limits()
) throws -> Rejection? {
  let small = PassSizes(block: { _ in 64 }, sample: 32...32, piece: 16)
  let whole = try rejection(of: Array(text.utf8), options, by: reader, limits: limits)
  let pieced = try rejection(of: Array(text.utf8), options, by: reader, limits: limits, sizes: small)
  #expect(whole == pieced)
  return whole
}

extension ReadOptions {
  static func dialect(_ key: DialectOptions.Key, _ text: String) throws -> ReadOptions {
    var options = ReadOptions()
    try options.dialect.set(key, to: text)
    return options
  }

  static func rejects(_ count: UInt64) -> ReadOptions {
    var options = ReadOptions()
    options.maxRejects = count
    return options
  }
}

@Suite("JSON values")
struct JSONValueTests {
  @Test("Values become columns of their types, null and missing keys become null")
  func types() throws {
    let table = try readJSON(
      """
      {"id":1,"name":"Ann","share":0.5,"ok":true,"day":"2024-01-02","at":"2024-01-02T03:04:05Z","none":null}
      { "id" : 2 , "ok" : false , "name" : "B\\u00f6b \\"x\\"" , "share" : 1e-3 }
      {"day":"2024-01-03","id":-3,"at":"2024-01-02T03:04:06Z","name":""}

      """)
    #expect(table.names == ["id", "name", "share", "ok", "day", "at", "none"])
    #expect(table.types == [.int64, .utf8, .float64, .bool, .date, .timestamp(isUTC: true), .null])
    #expect(
      table.texts == [
        ["1", "Ann", "0.5", "true", "2024-01-02", "2024-01-02T03:04:05Z", nil],
        ["2", "Böb \"x\"", "0.001", "false", nil, nil, nil],
        ["-3", "", nil, nil, "2024-01-03", "2024-01-02T03:04:06Z", nil],
      ])
    #expect(table.findings.records == 3 && table.findings.setAside == 0)
    #expect(table.findings.dialect.json == Dialect.JSONFinding(shape: .lines, pointer: ""))
  }

  @Test(
    "A column's type follows from all of its values, and a string is a date or text",
    arguments: [
      (["1", "2"], .int64), (["1", "18446744073709551615"], .uint64), (["1", "2.5"], .float64),
      (["1E10", "2"], .float64), (["9223372036854775808", "-1"], .decimal(precision: 19, scale: 0)),
      (["123456789012345678901234567890", "0.5"], .decimal(precision: 31, scale: 1)),
      (["1e400", "1"], .utf8), ([#""12""#, #""13""#], .utf8), ([#""12""#, "13"], .utf8), (["true", "1"], .utf8),
      ([#""true""#, #""false""#], .utf8), ([#""NA""#, "1"], .utf8), ([#""2024-01-02""#, "null"], .date),
      ([#""2024-01-02 10:00:00""#], .timestamp(isUTC: false)), ([#""10:20""#], .time), ([#""01:02""#, "3"], .utf8),
      (["[1, 2]", "null"], .utf8), (["{}", "1"], .utf8), (["null", "null"], .null), (["-0", "1"], .float64),
      ([#""a""#, #""b""#, "null"], .utf8), ([#""$5""#], .utf8), (["true", "null", "false"], .bool),
    ] as [([String], ColumnType)])
  func columnTypes(values: [String], type: ColumnType) throws {
    let lines = values.map { "{\"v\":\($0)}\n" }.joined()
    #expect(try readJSON(lines).types == [type])
    // The same where most of them are far behind a sample.
    let many = (0..<40).map { _ in "{\"v\":null}\n" }.joined() + lines
    #expect(try readJSON(many).types == [type])
    #expect(try readJSON("[\(values.map { "{\"v\":\($0)}" }.joined(separator: ",\n"))]").types == [type])
  }

  @Test("Numbers keep all of their digits, lists stand as they were written, escapes become characters")
  func texts() throws {
    let table = try readJSON(
      #"{"a":123456789012345678901234567890123456789,"b":[1, {"x":"é"}],"c":"\ud83d\ude00\/\n\u0000","d":"x"}"#,
      by: JSONLinesReader.self)
    #expect(table.texts == [["123456789012345678901234567890123456789", #"[1, {"x":"é"}]"#, "😀/\n\u{0}", "x"]])
  }

  @Test("A type that is asked for is read from strings too")
  func rules() throws {
    var options = ReadOptions()
    options.cells.rules = [CellOptions.Rule(name: "n", type: .int64)]
    let table = try readJSON(#"{"n":"12"}"# + "\n" + #"{"n":13}"# + "\n", options)
    #expect(table.types == [.int64] && table.texts == [["12"], ["13"]])
    let refused = try refusal(#"{"n":"12"}"# + "\n" + #"{"n":"x"}"# + "\n", options)
    #expect(refused?.code == .contractViolated && refused?.line == 2)
  }

  @Test("A rule's column may have its first value behind the sample; one that no record has is missing")
  func lateRule() throws {
    var options = ReadOptions()
    options.cells.rules = [CellOptions.Rule(name: "late", type: .int64)]
    let first = (1...20).map { "{\"n\":\($0)}\n" }.joined()
    let table = try readJSON(first + "{\"n\":21,\"late\":\"7\"}\n", options)
    #expect(table.names == ["n", "late"] && table.texts.last == ["21", "7"])
    #expect(try refusal(first, options)?.code == .columnMissing)
  }

  @Test("What nearly was a number is told, with its place")
  func nearMiss() throws {
    let lines = (0..<30).map { "{\"v\":\($0)}\n" }.joined() + "{\"v\":\"x\"}\n"
    let note = try readJSON(lines).note(.nearMiss)
    #expect(note?.type == .int64 && note?.example == "x" && note?.line == 31)
  }
}

@Suite("JSON keys")
struct JSONKeyTests {
  @Test("Columns are the union of all keys, in the order of the text")
  func union() throws {
    let lines = (0..<50).map { "{\"k\($0 / 10)\":\($0)}\n" }.joined()
    let table = try readJSON(lines)
    #expect(table.names == ["k0", "k1", "k2", "k3", "k4"])
    #expect(table.types == [ColumnType](repeating: .int64, count: 5))
    #expect((0..<50).allSatisfy { row in table.texts[row][row / 10] == "\(row)" })
  }

  @Test("Objects within a record become columns down to a depth, with a point between the keys")
  func nested() throws {
    let text = #"{"a":{"b":{"c":1}},"d":2}"# + "\n" + #"{"a":{"b":{"c":3,"e":{}}},"d":null}"# + "\n"
    let table = try readJSON(text)
    #expect(table.names == ["a.b.c", "d", "a.b.e"] && table.texts == [["1", "2", nil], ["3", nil, "{}"]])
    let shallow = try readJSON(text, try .dialect(.flattenDepth, "2"))
    #expect(shallow.names == ["a.b", "d"] && shallow.texts[0] == [#"{"c":1}"#, "2"])
    #expect(try readJSON(text, try .dialect(.flattenDepth, "1")).names == ["a", "d"])
  }

  @Test("A key with an object here and null there has no column of its own, one with a value there has")
  func mixed() throws {
    let open = #"{"a":null}"# + "\n" + #"{"a":{"b":1}}"# + "\n"
    #expect(try readJSON(open).names == ["a.b"])
    let both = try readJSON(open + #"{"a":7}"# + "\n")
    #expect(both.names == ["a", "a.b"] && both.texts == [[nil, nil], [nil, "1"], ["7", nil]])
  }

  @Test("C34 A key that stands twice in an object is two columns, as a name in a header is")
  func duplicates() throws {
    let table = try readJSON(#"{"a":1,"a":2,"b":{"c":3,"c":4}}"# + "\n" + #"{"a":5,"a":"x"}"# + "\n")
    #expect(table.names == ["a", "a_2", "b.c", "b.c_2"])
    #expect(table.texts == [["1", "2", "3", "4"], ["5", "x", nil, nil]])
    #expect(table.note(.renamedColumns)?.count == 2)
  }

  @Test("Keys are what they say, however they are written")
  func escapedKeys() throws {
    let table = try readJSON(#"{"a b":1,"é\n":2,"":3}"# + "\n" + #"{"\u0061\u0020b" : 4, "\u00e9\n":5 , "":6}"# + "\n")
    #expect(table.texts == [["1", "2", "3"], ["4", "5", "6"]])
    #expect(table.names.count == 3 && table.names[0] == "a b" && table.names[2] == "column_3")
  }

  @Test("C33 A union of more keys than columns is refused, whichever block has one too many")
  func tooMany() throws {
    var limits = Limits()
    limits.columns = 20
    let lines = (0..<21).map { "{\"key number \($0)\":1}\n" }.joined()
    #expect(try refusal(lines, limits: limits)?.code == .tooManyColumns)
    let fewer = (0..<20).map { "{\"key number \($0)\":1}\n" }.joined()
    #expect(try readJSON(fewer, limits: limits).names.count == 20)
    #expect(try refusal("[\(String(repeating: "0,", count: 20))0]\n[1]\n", limits: limits)?.code == .tooManyColumns)
  }

  @Test("C33 Twenty thousand keys are refused in little time")
  func explosion() throws {
    let record = "{" + (0..<20_000).map { "\"\($0 &* 0x9E3779B9)\":\($0)" }.joined(separator: ",") + "}\n"
    let clock = ContinuousClock()
    var code: Rejection.Code?
    let time = try clock.measure { code = try rejection(of: Array(record.utf8), by: JSONReader.self)?.code }
    #expect(code == .tooManyColumns && time < .seconds(20))
  }
}

@Suite("Lines of JSON")
struct JSONLineTests {
  @Test(
    "C35 A bad line refuses the text with its line, the character in it and the byte",
    arguments: [
      ("{\"a\":1}\n{\"a\":}\n", 2, 6, 13), ("{\"a\":1}\n{\"é\":1,}\n{\"a\":2}\n", 2, 8, 16),
      ("{\"a\":1}\r\n{\"a\":01}\r\n", 2, 7, 15), ("{\"a\":1}\n{\"a\":\"x\n", 2, 8, 15),
      ("{\"a\":1}\n{\"a\":1} x\n", 2, 9, 16), ("{\"a\":1}\n{\"a\":\"\\ud800\"}\n", 2, 7, 14),
      ("{\"a\":1}\n{\"a\":nul}\n", 2, 6, 13), ("{\"a\":1}\n{\"a\":1\n", 2, 7, 14), ("{\"a\":1}\n{a:1}\n", 2, 2, 9),
      ("{\"a\":1}\n{\"a\" 1}\n", 2, 6, 13), ("{\"a\":1}\n{\"a\":\"\\x\"}\n", 2, 7, 14),
    ])
  func place(text: String, line: UInt64, column: UInt64, offset: UInt64) throws {
    let refused = try refusal(text, by: JSONLinesReader.self)
    #expect(refused?.code == .jsonMalformed, "\(refused?.detail ?? "")")
    #expect(refused?.line == line && refused?.column == column && refused?.byteOffset == offset)
    #expect(refused?.detail.hasPrefix("The text is no JSON: ") == true && refused?.jsonProblem != nil)
  }

  @Test("Where rejects are allowed, bad lines are set apart by their number, and the rest is the table")
  func rejects() throws {
    let text = "{\"a\":1}\nnonsense\n{\"a\":2}\n[3]\n\n{\"a\":4,\"new\":}\n{\"a\":5}\n"
    let table = try readJSON(text, .rejects(3))
    #expect(table.names == ["a"] && table.texts == [["1"], ["2"], ["5"]])
    let codes = table.rejects.map { $0[RejectsTable.Column.code.rawValue].text }
    #expect(codes == ["json_malformed", "not_a_record", "json_malformed"])
    #expect(table.rejects.map { $0[RejectsTable.Column.line.rawValue].text } == ["2", "4", "6"])
    let records = table.rejects.map { $0[RejectsTable.Column.record.rawValue].text }
    #expect(records == ["nonsense", "[3]", #"{"a":4,"new":}"#])
    #expect(table.findings.records == 6 && table.findings.rejects == 3)
    #expect(table.note(.blankLines)?.count == 1)
    #expect(try refusal(text, .rejects(2))?.code == .tooManyRejects)
  }

  @Test("Of rejected cells and bad lines the first one refuses")
  func order() throws {
    var options = ReadOptions()
    options.cells.rules = [CellOptions.Rule(name: "a", type: .int64)]
    let lines = ["{\"a\":1}", "{\"a\":\"x\"}", "{\"a\":}"]
    let first = try refusal(lines.joined(separator: "\n"), options)
    #expect(first?.code == .contractViolated && first?.line == 2)
    options.maxRejects = 2
    let table = try readJSON(lines.joined(separator: "\n"), options)
    #expect(table.texts == [["1"]] && table.rejects.count == 2)
  }

  @Test(
    "A column without a value but in rejected records is one of nulls",
    arguments: [
      "{\"a\":1,\"b\":null}\n{\"a\":2,\"b\":true} junk\n", "{\"a\":1,\"b\":null}\n{\"a\":2,\"b\":\"x\",\"c",
      "{\"a\":1,\"b\":null}\n{\"a\":\"x\",\"b\":5}\n", "[{\"a\":1,\"b\":null},{\"a\":\"x\",\"b\":5}]",
    ])
  func takenBack(text: String) throws {
    var options = ReadOptions.rejects(1)
    options.cells.rules = [CellOptions.Rule(name: "a", type: .int64)]
    let table = try readJSON(text, options)
    #expect(table.schema.fields.map(\.type) == [.int64, .null] && table.texts == [["1", nil]])
    #expect(table.rejects.count == 1)
  }

  @Test("A line that is a value but no record is not tabular")
  func noRecord() throws {
    let refused = try refusal("{\"a\":1}\n5\n")
    #expect(refused?.code == .notTabular && refused?.line == 2)
    #expect(try refusal("[1]\n{}\n")?.code == .notTabular)
    #expect(try refusal("1\n2\n", by: JSONLinesReader.self)?.code == .notTabular)
  }

  @Test("Lines of lists are rows, whose first one may name the columns")
  func lists() throws {
    let table = try readJSON("[\"id\",\"name\"]\n[1,\"a\"]\n[2]\n[3,null,\"more\"]\n")
    #expect(table.names == ["id", "name", "column_3"] && table.findings.dialect.header == .present)
    #expect(table.texts == [["1", "a", nil], ["2", nil, nil], ["3", nil, "more"]])
    #expect(table.findings.records == 4 && table.findings.setAside == 1)
    let bare = try readJSON("[1,\"a\"]\n[2,\"b\"]\n")
    #expect(bare.names == ["column_1", "column_2"] && bare.rowCount == 2)
    #expect(try readJSON("[\"a\"]\n[\"b\"]\n").findings.dialect.header == .assumed)
    #expect(try readJSON("[\"a\"]\n[\"b\"]\n", ReadOptions(header: .never)).rowCount == 2)
  }

  @Test("In verbatim reading a record is one text")
  func verbatim() throws {
    let table = try ReadTable("{\"a\": 1}\n\n{ }\n", ReadOptions(isVerbatim: true), by: JSONReader.self)
    #expect(table.columns == [[.list([#"{"a": 1}"#]), .list(["{ }"])]])
    var options = ReadOptions.rejects(1)
    options.isVerbatim = true
    let bad = try readJSON("{\"a\":1}\n{\n", options)
    #expect(bad.rowCount == 1 && bad.rejects.count == 1 && bad.findings.records == 2)
    options.maxRejects = 0
    #expect(try refusal("{\"a\":1}\n{\n", options)?.code == .jsonMalformed)
  }

  @Test("The ends of lines, a mark and blanks around values change nothing")
  func blanks() throws {
    let table = try readJSON("\u{FEFF}{\"a\":1}\r\n\t{\"a\" : 2 } \r\n \r\n{\"a\":3}")
    #expect(table.texts == [["1"], ["2"], ["3"]] && table.findings.dialect.hasByteOrderMark)
    #expect(table.findings.dialect.newline == .crlf)
  }
}
