// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Bits that flip in the files of a store, as disks and memory lose them.
@Suite("Damaged stores")
struct StoredDamageTests {
  private static let page = 4_096

  /// A store with the table `t`, of several batches, and the path of its file.
  private func makeStore(rows: Int) async throws -> (TemporaryDirectory, file: URL) {
    let directory = try TemporaryDirectory()
    var text = "id,name,score\n"
    for row in 0..<rows { text += "\(row),name \(row % 977),\(Double(row) / 8)\n" }
    try directory.write("t.csv", text)
    let ended = try await ingest("batch", directory["t.csv"].path, "--store", directory["store"].path)
    try #require(ended.status == 0, "\(ended.talk)")
    let name = try #require(files(under: directory["store/tables"]).first { $0.hasSuffix(".arrow") })
    let file = directory["store/tables/\(name)"]
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    return (directory, file)
  }

  private func flip(_ file: URL, at offset: Int, bit: Int) throws {
    let handle = try FileHandle(forUpdating: file)
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(offset))
    let byte = try #require(try handle.read(upToCount: 1)?.first)
    try handle.seek(toOffset: UInt64(offset))
    try handle.write(contentsOf: Data([byte ^ 1 << UInt8(bit)]))
  }

  @Test("A bit that flips, at every page of a stored file, is found by check, and never read as a value (C50)")
  func everyPage() async throws {
    let (directory, file) = try await makeStore(rows: 2_500)
    let store = ["--store", directory["store"].path]
    let whole = try await ingest(["table", "export", "t", "--to", "csv"] + store).output
    let size = try #require(try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int)
    try #require(size > 10 * Self.page)
    for page in 0..<(size + Self.page - 1) / Self.page {
      let offset = min(size - 1, page * Self.page + (page * 1_237 + 411) % Self.page)
      try flip(file, at: offset, bit: page % 8)
      let exported = try await ingest(["table", "export", "t", "--to", "csv"] + store)
      // Padding is no value.
      #expect(exported.status == 70 || exported.output == whole, "byte \(offset): \(exported.status)")
      #expect(try await ingest(["store", "check"] + store).status == 70, "byte \(offset)")
      try flip(file, at: offset, bit: page % 8)
    }
    #expect(try await ingest(["store", "check"] + store).status == 0)
  }

  @Test("A file that is cut off at a page is an error (C50)")
  func truncated() async throws {
    let (directory, file) = try await makeStore(rows: 2_500)
    let store = ["--store", directory["store"].path]
    let bytes = try Data(contentsOf: file)
    for length in stride(from: 0, to: bytes.count, by: Self.page * 4) {
      try bytes.prefix(length).write(to: file)
      #expect(try await ingest(["table", "export", "t", "--to", "csv"] + store).status == 70, "\(length) bytes")
      #expect(try await ingest(["store", "check"] + store).status == 70, "\(length) bytes")
    }
  }

  @Test("The service answers a damaged table with an error in every form, and goes on (C50)")
  func served() async throws {
    let (directory, file) = try await makeStore(rows: 60_000)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int)
    // A value of the first batch: nothing but its checksum tells.
    try flip(file, at: 8_000, bit: 0)
    let server = try await Server.start(store: directory["store"])
    for form in ["t.csv", "t.json", "t.json?limit=3", "t.ndjson"] {
      #expect(try await server.curl("/v1/tables/\(form)").status == 500, "\(form)")
    }
    // What is streamed has begun when the damage is found: the connection ends, and curl says so.
    for (form, options) in [("arrow", []), ("arrows", []), ("arrow", ["-H", "Range: bytes=8000-8010"])] {
      let ended = try await run(
        ["curl", "-s", "-o", "/dev/null", "-w", "%{size_download}", "\(server.address)/v1/tables/t.\(form)"] + options)
      #expect(ended.status != 0 && Int(ended.text).map { $0 < size / 100 } == true, "\(form): \(ended.text)")
    }
    #expect(try await server.curl("/v1/tables/t").status == 200, "its description is in the catalog")
    #expect(try await server.curl("/readyz").status == 200)
  }

  @Test("What each record batch holds is told by the command and by the service alike, and adds up")
  func batches() async throws {
    let rows = 300_000
    let (directory, _) = try await makeStore(rows: rows)
    let shown = try await ingest("table", "batches", "t", "--json", "--store", directory["store"].path)
    let server = try await Server.start(store: directory["store"])
    let answer = try await server.curl("/v1/tables/t/batches")
    #expect(answer.status == 200 && answer.body == shown.output)
    struct Batches: Decodable {
      struct Column: Decodable {
        let nulls: Int
        let min: String
        let max: String
      }
      struct Batch: Decodable {
        let rows: Int
        let columns: [Column]
      }
      let columns: [String]
      let batches: [Batch]
    }
    let found = try JSONDecoder().decode(Batches.self, from: answer.body)
    #expect(found.columns == ["id", "name", "score"] && found.batches.count > 1)
    var next = 0
    for batch in found.batches {
      #expect(batch.columns[0].min == "\(next)" && batch.columns[0].max == "\(next + batch.rows - 1)")
      #expect(batch.columns.allSatisfy { $0.nulls == 0 })
      next += batch.rows
    }
    #expect(next == rows)
    #expect(try await server.curl("/v1/tables/none/batches").status == 404)
    #expect(try await server.curl("/v1/tables/t/batches?x=1").status == 400)
    let lines = try await ingest("table", "batches", "t", "--store", directory["store"].path).lines
    #expect(lines.first == "batch 0: \(found.batches[0].rows) rows" && lines.contains("  name: name 0 to name 99"))
    #expect(try await ingest("table", "batches", "none", "--store", directory["store"].path).status == 2)
  }
}
