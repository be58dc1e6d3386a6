// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("ingest sniff")
struct SniffTests {
  static let keys: Set = [
    "delimiter", "quote", "escape", "newline", "encoding", "header_rows", "preamble_rows", "footnote_rows", "comment",
    "columns", "confidence", "reasons", "runner_up", "table", "tables", "json",
  ]

  private func sniff(_ sample: String) async throws -> [String: Any] {
    let ended = try await ingest("sniff", Binaries.samples.appending(path: sample).path, "--json")
    #expect(ended.status == 0 && ended.talk == "")
    return try ended.object()
  }

  static let samples: [(String, [String: String])] = [
    ("accept/csv/comma_blank.csv", ["delimiter": ", ", "quote": "\"", "escape": "doubled", "header_rows": "1"]),
    ("accept/csv/two_pipes.csv", ["delimiter": "||", "newline": "lf", "encoding": "utf-8"]),
    ("accept/csv/apostrophe_quotes.csv", ["quote": "'", "escape": "doubled"]),
    ("accept/csv/backslash_escapes.csv", ["quote": "\"", "escape": "backslash"]),
    ("accept/csv/preamble.csv", ["preamble_rows": "3", "footnote_rows": "0"]),
    ("accept/csv/separator_line.csv", ["delimiter": ";", "preamble_rows": "1", "header_rows": "1"]),
    ("accept/csv/footnotes.csv", ["preamble_rows": "0", "footnote_rows": "2"]),
    ("accept/csv/header_of_two_rows.csv", ["header_rows": "2"]), ("accept/csv/no_header.csv", ["header_rows": "0"]),
    ("accept/csv/comments.csv", ["comment": "#"]), ("accept/csv/crlf.csv", ["newline": "crlf"]),
  ]

  @Test("A sample's dialect and structure are told", arguments: samples)
  func tells(sample: String, expected: [String: String]) async throws {
    let answer = try await sniff(sample)
    #expect(Set(answer.keys) == Self.keys)
    for (key, value) in expected { #expect("\(answer[key] ?? "absent")" == value, "\(key)") }
    let confidence = try #require(answer["confidence"] as? Double)
    #expect((0...1).contains(confidence))
    #expect((answer["reasons"] as? [String])?.isEmpty == false)
  }

  @Test("What is absent is null, columns have names and types, further tables their place")
  func shape() async throws {
    let answer = try await sniff("accept/csv/two_tables.csv")
    for key in ["quote", "escape", "comment", "runner_up"] { #expect(answer[key] is NSNull, "\(key)") }
    let columns = try #require(answer["columns"] as? [[String: String]])
    #expect(
      columns == [
        ["name": "city", "type": "utf8"], ["name": "visits", "type": "int64"], ["name": "rate", "type": "float64"],
      ])
    #expect(
      answer["tables"] as? [[String: Int]] == [
        ["number": 1, "line": 1, "records": 3, "columns": 3], ["number": 2, "line": 6, "records": 4, "columns": 2],
      ])
    #expect(answer["table"] as? Int == 1)
  }

  @Test("People get a summary, several files an array, and a refused one its problem and status 1")
  func others() async throws {
    let good = Binaries.samples.appending(path: "accept/csv/preamble.csv").path
    let bad = Binaries.samples.appending(path: "reject/empty/zero_bytes.csv").path
    let text = try await ingest("sniff", good).text
    for part in ["delimiter: `,`", "preamble: 3 rows", "column: visits int64", "because: "] {
      #expect(text.contains(part), "\(part)")
    }
    let ended = try await ingest("sniff", good, bad, "--json")
    #expect(ended.status == 1)
    let answers = try #require(try JSONSerialization.jsonObject(with: ended.output) as? [[String: Any]])
    #expect(answers.map { $0["delimiter"] as? String } == [",", nil])
    #expect(answers.map { $0["code"] as? String } == [nil, "empty"])
  }

  @Test("What is stated of a dialect is so in every command, and what cannot be is wrong usage")
  func stated() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/two_pipes.csv").path
    let sniffed = try (try await ingest("sniff", file, "--json", "--delimiter", ",", "--header-rows", "0")).object()
    #expect(sniffed["delimiter"] as? String == ",")
    #expect(sniffed["header_rows"] as? Int == 0)
    let converted = try await ingest("convert", file, "--to", "csv", "--skip-rows", "1", "--header-rows", "0")
    #expect(converted.text == "column_1,column_2,column_3\r\nOslo,12,0.5\r\nBern,7,0.25\r\n")
    for wrong in [["--delimiter", ""], ["--header-rows", "x"], ["--quote", "'", "--no-quote"], ["--escape", "x"]] {
      #expect(try await ingest(["check", file] + wrong).status == 2, "\(wrong)")
    }
  }

  @Test("The report of an upload says the same")
  func report() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/two_tables.csv").path
    let checked = try (try await ingest("check", file, "--json")).object()
    let witnesses = try #require(checked["witnesses"] as? [String: Any])
    let table = try #require((witnesses["tables"] as? [[String: Any]])?.first)
    let dialect = try #require(table["dialect"] as? [String: Any])
    let sniffed = try await sniff("accept/csv/two_tables.csv")
    for key in Self.keys.subtracting(["columns", "tables"]) where !(sniffed[key] is NSNull) {
      #expect("\(dialect[key] ?? "absent")" == "\(sniffed[key] ?? "absent")", "\(key)")
    }
    #expect(dialect["tables"] as? [[String: Int]] == sniffed["tables"] as? [[String: Int]])
    #expect((table["set_aside_lines"] as? [[String: Any]])?.count == 4)
  }
}
