// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import Validation

@Suite("Table names")
struct TableNameTests {
  private static let tableID = "0123456789abcdef0123456789abcdef"

  private func name(_ file: String) -> String { TableName(forFile: file, tableID: Self.tableID).text }

  @Test(
    "A table is called by the stem of its file",
    arguments: [
      ("sales.csv", "sales"), ("sales.csv.gz", "sales"), ("sales.ndjson", "sales"), ("sales.json.zst", "sales"),
      ("SALES.CSV.GZ", "SALES"), ("sales.tsv.gzip", "sales"),
      ("sales.gz", "sales"), ("sales.zip", "sales"), ("sales.v2.csv", "sales_v2"), ("sales 2024.csv", "sales_2024"),
      ("a/b.csv", "a_b"), ("日本.csv", "日本"), ("naïve.csv", "naïve"), ("a-b_c.csv", "a-b_c"),
      ("sales.csv.php", "sales_csv_php"),
      ("sales", "sales"), ("a.tar.gz", "a"), ("a.tgz", "a"), ("a.csv.zst", "a"), ("a.tsv.XZ", "a"),
      ("a.csv.bz2", "a"), ("a.7z", "a"), ("a.tar", "a"), ("data/b.csv.lz4", "data_b"), ("archive.zip.gz", "archive"),
      ("\u{646}\u{64E}\u{645}.csv", "\u{646}\u{64E}\u{645}"),
      ("x\u{0}y.csv", "x_y"), ("<script>.csv", "_script_"), ("a'; DROP TABLE x;--.csv", "a___DROP_TABLE_x_--"),
      ("١٢٣.csv", "١٢٣"), ("½.csv", "table-01234567"), ("sales.csv.csv", "sales_csv"), ("sales.gz.csv", "sales_gz"),
    ])
  func stems(file: String, expected: String) {
    #expect(name(file) == expected)
  }

  @Test(
    "A file without a name gives the id's first digits",
    arguments: ["", "...", "___", "??.csv", "  ", "/", "🌡.csv"])
  func nameless(file: String) {
    #expect(name(file) == "table-01234567")
  }

  @Test("A name is in form C, byte for byte", arguments: ["cafe\u{301}", "\u{1100}\u{1161}", "A\u{30A}ngstrom"])
  func normalized(text: String) throws {
    let name = name(text + ".csv")
    #expect(Array(name.unicodeScalars) != Array(text.unicodeScalars))
    #expect(name == text)
    let exact = try #require(TableName(exactly: text))
    #expect(Array(exact.text.unicodeScalars) == Array(name.unicodeScalars))
    #expect(Array(exact.folded.utf8) == Array(try #require(TableName(exactly: name)).folded.utf8))
  }

  @Test(
    "Names that differ in case only are one table",
    arguments: [
      ("Sales", "sALES"), ("ÄRGER", "ärger"), ("ΣΊΣΥΦΟΣ", "Σίσυφοσ"), ("J\u{30C}", "\u{1F0}"), ("H\u{331}", "\u{1E96}"),
      ("ǅ", "ǆ"),
    ])
  func folded(left: String, right: String) throws {
    let left = try #require(TableName(exactly: left))
    let right = try #require(TableName(exactly: right))
    #expect(Array(left.folded.utf8) == Array(right.folded.utf8))
  }

  @Test("A name has at most 100 characters, not bytes", arguments: ["a", "é", "日", "🅰︎", "e\u{323}"])
  func longest(letter: String) {
    let long = String(repeating: letter, count: 120)
    let name = TableName(forFile: long, tableID: Self.tableID)
    #expect(name.text.count <= TableName.maximumLength)
    #expect(TableName(exactly: String(repeating: "x", count: 100)) != nil)
    #expect(TableName(exactly: String(repeating: "x", count: 101)) == nil)
  }

  @Test(
    "A name that breaks a rule is not taken",
    arguments: [
      "", "a b", "a.b", "a/b", "a\0", "../a", "a@2", "a%20",
      "a\u{202E}",
    ])
  func refused(text: String) {
    #expect(TableName(exactly: text) == nil)
  }

  @Test("A suffix makes a name differ within the longest length")
  func suffixes() {
    let name = TableName(forFile: String(repeating: "é", count: 100), tableID: Self.tableID).appending("a1b2c3")
    #expect(name.text.count == 100)
    #expect(name.text.hasSuffix("é-a1b2c3"))
    #expect(TableName(exactly: name.text) == name)
  }

  @Test("Whatever a file is called, its table's name keeps the rules")
  func fuzzed() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      var file = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...8, using: &generator) {
        let value = UInt32.random(in: 0...(Bool.random(using: &generator) ? 0x7F : 0x3FFF), using: &generator)
        Unicode.Scalar(value).map { file.append($0) }
      }
      let name = TableName(forFile: String(file), tableID: Self.tableID)
      #expect(!name.text.isEmpty)
      #expect(
        TableName(exactly: name.text)?.text.utf8.elementsEqual(name.text.utf8) == true,
        "\(name.text.escapedForDisplay)")
    }
  }
}
