// SPDX-License-Identifier: Apache-2.0

import Testing
import WorkerProtocol

@testable import Readers

@Suite("Dialects that are stated")
struct StatedDialectTests {
  /// Texts, what is stated of them, the names, and the rows.
  static let cases: [(String, [DialectOptions.Key: String], [String], Int)] = [
    ("a;b,c\n1;2,3\n", [.delimiter: ";"], ["a", "b,c"], 1), ("a;b,c\n1;2,3\n", [.delimiter: ","], ["a;b", "c"], 1),
    ("a,b\n1,2\n", [.delimiter: "|"], ["a,b"], 1), ("a--b\n1--2\n", [.delimiter: "--"], ["a", "b"], 1),
    ("a,b\n\"x,y\",2\n", [.quote: "none", .delimiter: ","], ["a", "b", "_extra"], 1),
    ("a,b\n'x,y',2\n", [.quote: "'"], ["a", "b"], 1), ("a,b\nx\\,y,2\n", [.escape: "backslash"], ["a", "b"], 1),
    ("a,b\n1,2\n;3,4\n5,6\n", [.comment: ";"], ["a", "b"], 2),
    ("one\ntwo\na,b\n1,2\n", [.skipRows: "2"], ["a", "b"], 1),
    ("x\na,b\n1,2\n", [.skipRows: "0", .delimiter: ","], ["x", "column_2"], 2),
    ("a,b\n1,2\n", [.skipRows: "9"], ["column_1"], 0), ("a,b\n1,2\n", [.headerRows: "0"], ["column_1", "column_2"], 2),
    ("a,b\n1,2\n3,4\n", [.headerRows: "2"], ["a 1", "b 2"], 1), ("1,2\n3,4\n", [.headerRows: "1"], ["1", "2"], 1),
  ]

  @Test("What the sender states is so, and the rest is found out", arguments: cases)
  func stated(text: String, stated: [DialectOptions.Key: String], names: [String], rows: Int) throws {
    var options = ReadOptions()
    options.dialect = try DialectOptions(stated)
    let table = try ReadTable(text, options)
    #expect(table.names == names)
    #expect(table.rowCount == rows)
    #expect(table.findings.records - table.findings.setAside == UInt64(rows))
  }
}
