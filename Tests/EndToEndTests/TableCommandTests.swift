// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("ingest table")
struct TableCommandTests {
  /// A store with one table of 12 rows and one of a zip archive's member.
  private static let store = Task<TemporaryDirectory, any Error> {
    let directory = try TemporaryDirectory()
    let rows = (1...12).map { "\($0),=cell \($0),\($0).25,2024-01-\($0 < 10 ? "0" : "")\($0)" }
    try directory.write("Sales.csv", "id,\u{1F321},score,day\n" + rows.joined(separator: "\n") + "\n")
    let archive = Binaries.samples.appending(path: "accept/zip/non_ascii_member_name.zip")
    let ended = try await ingest(
      "batch", directory["Sales.csv"].path, archive.path, "--store", directory["store"].path)
    guard ended.status == 0 else { throw Binaries.Missing(description: "no store: \(ended.talk)") }
    return directory
  }

  private func table(_ arguments: String...) async throws -> Ended {
    try await ingest(["table"] + arguments + ["--store", Self.store.value["store"].path])
  }

  @Test("list prints each table, and an object with the key tables as JSON")
  func list() async throws {
    let text = try await table("list")
    #expect(text.lines.contains("Sales@1\t12 rows × 4 columns"))
    #expect(text.lines.count == 2 && text.talk == "")
    let json = try await table("list", "--json")
    #expect(try Set(json.object().keys) == ["tables"])
    let tables = try json.json(TableListing.self).tables
    let sales = try #require(tables.first { $0.name == "Sales" })
    #expect(sales.columns.map(\.type) == ["int64", "utf8", "float64", "date"])
    #expect(tables.map(\.name) == ["non_ascii_member_name_Städte_größe", "Sales"], "ordered as they are compared")
  }

  @Test(
    "show tells the columns, by name, by version, by id and ignoring case", arguments: ["Sales", "Sales@1", "sales"])
  func show(_ reference: String) async throws {
    let json = try await table("show", reference, "--json")
    #expect(json.status == 0)
    let shown = try json.json(TableListing.Table.self)
    #expect(shown.name == "Sales" && shown.version == 1 && shown.rows == 12)
    #expect(shown.columns.map(\.name) == ["id", "\u{1F321}", "score", "day"])
    let byID = try await table("show", shown.id, "--json")
    #expect(try byID.json(TableListing.Table.self).id == shown.id)
    let text = try await table("show", reference)
    #expect(text.text.contains("id \(shown.id)"))
    #expect(text.text.contains("  score: float64  (1.25 to 12.25, 12 different)"))
    let columns = try #require(try json.object()["columns"] as? [[String: Any]])
    let statistics = try #require(columns[3]["statistics"] as? [String: Any])
    #expect(statistics["min"] as? String == "2024-01-01" && statistics["max"] as? String == "2024-01-12")
    #expect(statistics["nulls"] as? Int == 0)
  }

  @Test("head prints the first rows, as a grid or as JSON", arguments: [0, 1, 10, 12, 1000])
  func head(_ rows: Int) async throws {
    let json = try await table("head", "Sales", "--rows", "\(rows)", "--json")
    let objects = try #require(try JSONSerialization.jsonObject(with: json.output) as? [[String: Any]])
    #expect(objects.map { $0["id"] as? Int } == Array(1...12).prefix(rows).map { $0 })
    let grid = try await table("head", "Sales", "--rows", "\(rows)")
    #expect(grid.status == 0)
    #expect(grid.lines.count(where: { $0.contains("=cell") }) == min(rows, 12))
  }

  @Test("export writes each form, verbatim where cells look like formulas (C30)")
  func export() async throws {
    let csv = try await table("export", "Sales", "--to", "csv")
    #expect(csv.text.hasPrefix("id,\u{1F321},score,day\r\n1,=cell 1,1.25,2024-01-01\r\n2,=cell 2,"))
    let ndjson = try await table("export", "Sales", "--to", "ndjson")
    #expect(ndjson.lines.last == #"{"id":12,"🌡":"=cell 12","score":12.25,"day":"2024-01-12"}"#)
    let json = try await table("export", "Sales", "--to", "json")
    #expect((try JSONSerialization.jsonObject(with: json.output) as? [Any])?.count == 12)
    let arrow = try await table("export", "Sales", "--to", "arrow")
    let arrows = try await table("export", "Sales", "--to", "arrows")
    #expect(arrow.output.dropFirst(8).starts(with: arrows.output) && !arrows.output.isEmpty)
  }

  @Test("A table that does not exist is wrong usage", arguments: ["nothing", "Sales@2", "Sales@0", "@1", "../x", ""])
  func missing(_ reference: String) async throws {
    for command in [["show"], ["head"], ["export", "--to", "csv"]] {
      let ended = try await ingest(
        ["table"] + command + [reference, "--store", try await Self.store.value["store"].path])
      #expect(ended.status == 2, "\(command)")
      #expect(ended.output.isEmpty && !ended.talk.isEmpty)
    }
  }

  @Test("A store that does not exist is wrong usage, and is not made by looking")
  func missingStore() async throws {
    let directory = try TemporaryDirectory()
    let ended = try await ingest("table", "list", "--store", directory["none"].path)
    #expect(ended.status == 2)
    #expect(directory.names.isEmpty)
  }

  @Test("A damaged or shortened table is an error and no crash (C50)", arguments: [0, 8, 100, 700, -1])
  func damaged(_ size: Int) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "id,name\n1,x\n2,y\n")
    _ = try await ingest("batch", file.path, "--store", directory["store"].path)
    let name = try #require(files(under: directory["store"]).first { $0.hasSuffix(".arrow") })
    var bytes = try Data(contentsOf: directory["store/\(name)"])
    if size < 0 { bytes.replaceSubrange(8..<bytes.count, with: Data(repeating: 0xFF, count: bytes.count - 8)) }
    try FileManager.default.removeItem(at: directory["store/\(name)"])
    try directory.write("store/\(name)", size < 0 ? bytes : bytes.prefix(size))
    for command in [["head", "a"], ["show", "a"], ["export", "a", "--to", "csv"], ["list"]] {
      let ended = try await ingest(["table"] + command + ["--store", directory["store"].path])
      #expect(ended.status == 70, "\(command): \(ended.talk)")
      #expect(!ended.talk.isEmpty)
    }
  }
}
