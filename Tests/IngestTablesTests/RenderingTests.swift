// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTesting
import Testing

@testable import IngestTables

@Suite("Text forms of tables")
struct RenderingTests {
  private func table(_ names: [String], _ columns: [[Value]], _ types: [ColumnType]) throws -> Table {
    let sample = SampleTable(
      schema: Schema(fields: zip(names, types).map { Field(name: $0, type: $1) }), batches: [columns])
    return try Table(contentsOf: TableFile(reading: makeFile(try sample.file())))
  }

  private func render(_ table: Table, as form: TextRepresentation, step: Int = .max) -> String {
    var renderer = TableRenderer(table.schema, as: form)
    var output: [UInt8] = []
    renderer.appendStart(to: &output)
    for batch in table.batches {
      for row in stride(from: 0, to: batch.rowCount, by: max(1, min(step, batch.rowCount))) {
        renderer.append(batch, rows: row..<min(batch.rowCount, row + min(step, batch.rowCount)), to: &output)
      }
    }
    renderer.appendEnd(to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  private func sample() throws -> Table {
    try table(
      ["id", "a \"b\"", "x,y", "f"],
      [
        [.int64(1), .int64(2), .null], [.text(""), .text("say \"hi\"\n"), .null],
        [.text("a,b"), .text(" é "), .text("\u{7}\\")],
        [.float64(.nan), .float64(-0.5), .float64(1e300)],
      ], [.int64, .utf8, .utf8, .float64])
  }

  @Test("CSV: null is bare, the empty text quoted, quotes doubled, lines end with CRLF")
  func csv() throws {
    #expect(
      render(try sample(), as: .csv)
        == "id,\"a \"\"b\"\"\",\"x,y\",f\r\n1,\"\",\"a,b\",NaN\r\n"
        + "2,\"say \"\"hi\"\"\n\", é ,-0.5\r\n,,\u{7}\\,1e+300\r\n")
  }

  @Test("JSON: one array, NaN as null, every control escaped")
  func json() throws {
    let text = render(try sample(), as: .json)
    #expect(
      text == """
        [
        {"id":1,"a \\"b\\"":"","x,y":"a,b","f":null},
        {"id":2,"a \\"b\\"":"say \\"hi\\"\\n","x,y":" é ","f":-0.5},
        {"id":null,"a \\"b\\"":null,"x,y":"\\u0007\\\\","f":1e+300}
        ]

        """)
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(rows.count == 3 && rows[1]["x,y"] as? String == " é ")
  }

  @Test("NDJSON: each line is an object")
  func ndjson() throws {
    let lines = render(try sample(), as: .ndjson).split(separator: "\n")
    #expect(lines.count == 3)
    for line in lines { #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any]) }
  }

  @Test("A form does not depend on how many rows are rendered at a time", arguments: TextRepresentation.allCases)
  func pieces(form: TextRepresentation) throws {
    let table = try Table(contentsOf: TableFile(reading: makeFile(try SampleTable.everyType(rows: 9).file())))
    for step in [1, 2, 5] { #expect(render(table, as: form, step: step) == render(table, as: form)) }
    var renderer = TableRenderer(table.schema, as: form)
    var output: [UInt8] = []
    renderer.append(table.batches[0], rows: -5 ..< -1, to: &output)
    renderer.append(table.batches[0], rows: 9..<100, to: &output)
    #expect(output.isEmpty)
  }

  @Test("A table without rows has a header in CSV, and an empty array in JSON")
  func empty() throws {
    let table = try table(["a", "b"], [[], []], [.utf8, .int64])
    #expect(render(table, as: .csv) == "a,b\r\n")
    #expect(render(table, as: .json) == "[\n]\n")
    #expect(render(table, as: .ndjson) == "")
  }

  @Test(
    "C44 Every string that JSON can hold is one that others read back",
    arguments: [
      "", "\"", "\\", "/", "\u{0}", "\u{1F}", "\u{7F}", "\r\n\t", "\u{2028}", "🌡", "</script>", "\u{FFFF}", "é\u{301}",
    ])
  func strings(text: String) throws {
    var output: [UInt8] = []
    JSONText.append(text.utf8, to: &output)
    #expect(!output.contains { $0 < 0x20 || $0 == 0x7F })
    let value = try JSONSerialization.jsonObject(with: Data(output), options: .fragmentsAllowed)
    #expect((value as? String)?.utf8.elementsEqual(text.utf8) == true)
  }

  @Test("Verbatim records are written with as many cells as they had")
  func verbatim() throws {
    let cells: [Value] = [.list(["a", "b,c"]), .list([""]), .list(["", ""]), .list(["say \"hi\""])]
    let table = try table(["cells"], [cells], [.listOfUTF8])
    let expected: [(TextRepresentation, String)] = [
      (.csv, "a,\"b,c\"\r\n\"\"\r\n,\r\n\"say \"\"hi\"\"\"\r\n"),
      (.ndjson, "[\"a\",\"b,c\"]\n[\"\"]\n[\"\",\"\"]\n[\"say \\\"hi\\\"\"]\n"),
      (.json, "[\n[\"a\",\"b,c\"],\n[\"\"],\n[\"\",\"\"],\n[\"say \\\"hi\\\"\"]\n]\n"),
    ]
    for (form, text) in expected {
      var renderer = VerbatimRenderer(as: form)
      var output: [UInt8] = []
      renderer.appendStart(to: &output)
      renderer.append(table.batches[0], to: &output)
      renderer.appendEnd(to: &output)
      #expect(String(decoding: output, as: UTF8.self) == text)
    }
  }

  // MARK: The grid

  @Test("A grid shows names, types and rows, numbers on the right")
  func grid() throws {
    let table = try table(["id", "name"], [[.int64(1), .int64(-20)], [.text("Ada"), .null]], [.int64, .utf8])
    #expect(
      table.grid(rows: 10, width: 80) == """
        ┌───────┬──────┐
        │ id    │ name │
        │ int64 │ utf8 │
        ├───────┼──────┤
        │     1 │ Ada  │
        │   -20 │ ∅    │
        └───────┴──────┘
        2 rows × 2 columns
        """)
  }

  @Test(
    "C6 A cell or a name cannot move the cursor, break a line or hide what follows",
    arguments: [
      "\u{1B}[2J", "a\r\nb", "a\tb", "\0", "\u{202E}abc", "\u{200B}", "\u{2028}", "\u{9B}31m", "\u{E000}", "\u{85}",
      "\u{E0041}",
    ])
  func harmless(text: String) throws {
    let grid = try table([text], [[.text(text)]], [.utf8]).grid(rows: 5, width: 80)
    #expect(grid.split(separator: "\n", omittingEmptySubsequences: false).count == 7)
    #expect(grid.contains("␣"))
    for scalar in grid.unicodeScalars where scalar != "\n" {
      #expect(
        ![
          .control, .format, .lineSeparator, .paragraphSeparator,
          .privateUse,
        ].contains(scalar.properties.generalCategory))
    }
  }

  @Test(
    "Long cells are cut, wide characters count twice, and all lines are equally wide",
    arguments: [
      String(repeating: "x", count: 32), String(repeating: "x", count: 33), String(repeating: "日", count: 16),
      String(repeating: "日", count: 17), "e\u{301}", "한글", "Ａ",
      String(repeating: "x", count: 100_000),
    ])
  func widths(text: String) throws {
    let grid = try table(["c"], [[.text(text), .text("y")]], [.utf8]).grid(rows: 5, width: 80)
    func width(_ line: Substring) -> Int {
      line.reduce(0) { sum, character in
        let value = character.unicodeScalars.first?.value ?? 0
        let wide = [0x1100...0x115F, 0x2E80...0xD7A3, 0xFF00...0xFF60] as [ClosedRange<UInt32>]
        return sum + (wide.contains { $0.contains(value) } ? 2 : 1)
      }
    }
    let lines = grid.split(separator: "\n").dropLast()
    #expect(Set(lines.map(width)).count == 1)
    #expect(lines.allSatisfy { width($0) <= 37 })
    #expect(grid.contains("…") == (width(text[...]) > 32))
  }

  @Test(
    "Columns that do not fit are left out, and the footer says so; the first one always fits",
    arguments: [-1, 0, 5, 20, 60, 300])
  func columns(width: Int) throws {
    let names = (0..<20).map { "column_\($0)" }
    let table = try table(names, names.map { _ in [.int64(1), .int64(2), .int64(3)] }, names.map { _ in .int64 })
    let grid = table.grid(rows: 2, width: width)
    let lines = grid.split(separator: "\n")
    #expect(lines[0].count <= max(width, 12))
    #expect(grid.contains("column_0"))
    #expect(grid.contains("columns shown") == (width < 300))
    #expect(grid.contains("3 rows × 20 columns, 2 rows shown"))
  }

  @Test("Any number of rows may be asked for", arguments: [Int.min, -1, 0, 1, .max])
  func rows(count: Int) throws {
    let grid = try table(["a"], [[.int64(1)]], [.int64]).grid(rows: count, width: 80)
    #expect(grid.contains("1 rows × 1 columns"))
  }
}
