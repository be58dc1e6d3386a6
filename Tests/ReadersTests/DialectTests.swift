// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Dialects and headers")
struct DialectTests {
  static let delimiters: [(String, Character)] = [
    ("a,b\n1,2\n", ","), ("a;b\n1;2\n", ";"), ("a\tb\n1\t2\n", "\t"), ("a|b\n1|2\n", "|"), ("a\n1\n", ","), ("", ","),
    ("\n\n", ","),
    ("a;b\n1,5;2,5\n3,5;4,5\n", ";"), ("a\tb\nx, y\tz, w\n1\t2\n", "\t"), ("a,b\n\"x;y;z\",1\n\"u;v;w\",2\n", ","),
    ("name|note\na,b|c;d\ne,f|g;h\n", "|"), ("a,b,c\n\"1\n2\",3,4\n\"5\n6\",7,8\n", ","),
    ("date;time\n2024-01-01;12:00\n", ";"),
    ("a,b; c\nd,e; f\n", ","), ("1;2;3\n4;5;6\n", ";"), ("x,y\n", ","), ("text without any\nmore text\n", ","),
    ("a;b", ";"), ("\"a;b\";c\n\"d,e\";f\n", ";"),
  ]

  @Test("The delimiter is the one that makes a table", arguments: delimiters)
  func delimiter(text: String, expected: Character) {
    let bytes = MappedBytes(Array(text.utf8))
    #expect(DialectDetector(bytes, range: 0..<bytes.count).detect().format.delimiter.text == String(expected))
  }

  static let headers: [(String, Dialect.HeaderFinding)] = [
    ("id,name\n1,a\n2,b\n", .present), ("1,a\n2,b\n3,a\n", .absent), ("a,b\nc,d\n", .assumed), ("a,b\n", .assumed),
    ("", .assumed),
    ("a,b\na,c\nd,e\n", .absent), ("country,2019,2020,2021\nA,1,2,3\nB,4,5,6\n", .present),
    ("2019,2020\n1.5,2.5\n", .present),
    ("1,2\n3,4\n", .absent), ("x\n1\n2\n", .present), ("1\n2\n3\n", .absent), ("2024-01-01,5\n2024-01-02,6\n", .absent),
    (",1\nx,2\ny,3\n", .absent),
    ("flag\ntrue\nfalse\n", .present), ("true\nfalse\n", .absent), ("\n\nid,n\n1,2\n", .present),
    ("id,id\n1,2\n", .present), ("total,5\nrent,3\nfood,2\n", .absent),
    ("a,b\n,\n,\n", .assumed),
  ]

  @Test("A header is found by what stands below it", arguments: headers)
  func header(text: String, expected: Dialect.HeaderFinding) throws {
    #expect(try ReadTable(text).findings.dialect.header == expected)
  }

  @Test("The sender may say whether there is a header")
  func forced() throws {
    let text = "1,2\n3,4\n"
    #expect(try ReadTable(text, ReadOptions(header: .always)).names == ["1", "2"])
    #expect(try ReadTable(text, ReadOptions(header: .never)).names == ["column_1", "column_2"])
    #expect(try ReadTable("a,b\n1,2\n", ReadOptions(header: .never)).rowCount == 2)
  }

  @Test(
    "Line ends are found and reported",
    arguments: [
      ("a,b\n1,2\n", .lf), ("a,b\r\n1,2\r\n", .crlf), ("a,b\r1,2\r", .cr), ("a,b\r\n1,2\n", .mixed), ("a,b", .none),
      ("a,b\n\"x\r\ny\",2\n", .lf),
      ("a,b\n1,2\r\n3,4\r\n", .mixed), ("a,b\r1,2\n", .mixed),
    ] as [(String, Dialect.Newline)])
  func newlines(text: String, expected: Dialect.Newline) throws {
    #expect(try ReadTable(text).findings.dialect.newline == expected)
  }

  @Test("A CRLF that the sample's end cuts in two is no lone CR", arguments: [-2, -1, 0, 1])
  func cutLineEnd(shift: Int) throws {
    // The header's line ends around the last byte of what the detector looks at.
    let name = String(repeating: "n", count: DialectDetector.sampleBytes - 4 + shift)
    var limits = Limits()
    limits.headerNameBytes = 1 << 20
    let table = try ReadTable("a,\(name)\r\n1,2\r\n3,4\r\n", limits: limits)
    #expect(table.rowCount == 2)
    #expect(table.findings.dialect.newline == .crlf)
  }

  @Test("A byte order mark is no part of the first name")
  func byteOrderMark() throws {
    let table = try ReadTable("\u{FEFF}id,n\n1,2\n")
    #expect(table.names == ["id", "n"])
    #expect(table.findings.dialect.hasByteOrderMark)
    #expect(try ReadTable("\u{FEFF}\"id\",n\n1,2\n").names == ["id", "n"])
  }

  /// Headers and the columns that they name.
  static let namedColumns: [(String, [String])] = [
    ("a,b", ["a", "b"]), (" a ,\tb", ["a", "b"]), ("a,a", ["a", "a_2"]), ("a,a,a_2", ["a", "a_3", "a_2"]),
    ("a,,c", ["a", "column_2", "c"]),
    (",column_1", ["column_1_2", "column_1"]), ("a,a,a,a", ["a", "a_2", "a_3", "a_4"]),
    ("\"a,b\",\"c\"\"d\"", ["a,b", "c\"d"]),
    ("cafe\u{301},caf\u{E9}", ["caf\u{E9}", "caf\u{E9}_2"]), ("\u{A0}a\u{A0},b", ["a", "b"]),
    ("\"\",b", ["column_1", "b"]), ("A,a", ["A", "a"]),
    ("column_2,", ["column_2", "column_2_2"]), ("_extra,b", ["_extra", "b"]), ("a_2,a,a", ["a_2", "a", "a_3"]),
    ("=x,@y", ["=x", "@y"]),
  ]

  @Test("Names are trimmed, in form C, never empty and never twice", arguments: namedColumns)
  func names(header: String, expected: [String]) throws {
    let row = expected.map { _ in "x" }.joined(separator: ",")
    let table = try ReadTable("\(header)\n\(row)\n", ReadOptions(header: .always))
    #expect(table.names == expected)
    #expect(zip(table.names, expected).allSatisfy { $0.utf8.elementsEqual($1.utf8) })
  }

  @Test("C34 A thousand equal names take linear time, and all differ")
  func manyNames() throws {
    let header = [String](repeating: "n", count: 2000).joined(separator: ",")
    let table = try ReadTable("\(header)\n1\n", ReadOptions(header: .always))
    #expect(Set(table.names).count == 2000)
  }

  @Test(
    "C27 A name past its cap is named, also where form C lengthens it",
    arguments: [
      (String(repeating: "n", count: 1024), true), (String(repeating: "n", count: 1025), false),
      (String(repeating: "\u{958}", count: 170), true), (String(repeating: "\u{958}", count: 341), false),
    ])
  func longNames(name: String, passes: Bool) throws {
    let refused = try rejection(of: "id,\(name)\n1,2\n")
    #expect(refused?.code == (passes ? nil : .headerNameTooLong))
    #expect(passes || refused?.column == 2 && refused?.line == 1 && refused?.byteOffset == 3)
  }
}
