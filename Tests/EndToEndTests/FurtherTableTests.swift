// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Tables below the first one of a text, from outside")
struct FurtherTableTests {
  private static let sample = Binaries.samples.appending(path: "accept/csv/three_tables.csv").path

  @Test("sniff and check list all tables and say how to get them, and each is read by its number")
  func commandLine() async throws {
    let text = try await ingest("sniff", Self.sample).text
    for line in [
      "table 1: line 1, 3 records, 3 columns; this one", "table 2: line 7, 3 records, 2 columns; read it with table 2",
      "table 3: line 12, 3 records, 4 columns; read it with table 3",
    ] { #expect(text.contains(line), "\(text)") }
    let sniffed = try (try await ingest("sniff", Self.sample, "--table", "2", "--json")).object()
    #expect(sniffed["delimiter"] as? String == ";" && sniffed["table"] as? Int == 2)
    #expect(sniffed["preamble_rows"] as? Int == 2)
    #expect((sniffed["tables"] as? [[String: Int]])?.map { $0["line"] } == [1, 7, 12])
    let checked = try await ingest("check", Self.sample)
    #expect(checked.text.contains("note: 2 more tables stand in the text and were set aside"))
    #expect(checked.text.contains("read it with table 3"))
    let converted = try await ingest("convert", Self.sample, "--to", "csv", "--table", "2")
    #expect(converted.text == "name,weight\r\nAnn,61.5\r\nBob,70.25\r\n")
    let verbatim = try await ingest("convert", Self.sample, "--to", "csv", "--text", "--table", "3")
    #expect(verbatim.text == "a,b,c,d\r\n1,2,3,x\r\n4,5,6,y\r\n")
  }

  @Test("A number that a text does not have is refused with the places of its tables, and none is wrong usage")
  func missing() async throws {
    let refused = try await ingest("check", Self.sample, "--json", "--table", "4")
    #expect(refused.status == 1)
    let answer = try refused.object()
    #expect(answer["code"] as? String == "table_missing")
    #expect(answer["table_lines"] as? [Int] == [1, 7, 12])
    #expect((answer["detail"] as? String)?.contains("(4; it has 3, which start on lines 1, 7, 12)") == true)
    for wrong in ["0", "101", "x", ""] { #expect(try await ingest("check", Self.sample, "--table", wrong).status == 2) }
  }

  @Test("A batch publishes a further table under the file's name and its number, with an identity of its own")
  func batch() async throws {
    let directory = try TemporaryDirectory()
    var tables: [BatchAnswer.Answer.Table] = []
    for options in [[], ["--table", "1"], ["--table", "2"], ["--table", "3"]] {
      let ended = try await ingest(["batch", Self.sample, "--json", "--store", directory["store"].path] + options)
      tables += try ended.batch().flatMap(\.tables)
    }
    #expect(tables.map(\.name) == ["three_tables", "three_tables", "three_tables_2", "three_tables_3"])
    #expect(tables.map(\.columns) == [3, 3, 2, 4])
    #expect(Set(tables.map(\.id)).count == 3 && tables[0].id == tables[1].id)
  }

  @Test("A form and a query ask for a table, and a refusal names the tables that there are")
  func http() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let form = try await server.curl("/v1/uploads", "-F", "table=2", "-F", "file=@\(Self.sample)")
    #expect(form.status == 201, "\(String(decoding: form.body, as: UTF8.self))")
    let table = try await server.curl("/v1/tables/three_tables_2.csv")
    #expect(String(decoding: table.body, as: UTF8.self) == "name,weight\r\nAnn,61.5\r\nBob,70.25\r\n")
    let query = try await server.curl("/v1/uploads/other.csv?table=3&name=wished", "-T", Self.sample)
    #expect(query.status == 201)
    #expect(try await server.curl("/v1/tables/wished.csv").status == 200)
    let missing = try await server.curl("/v1/uploads/other.csv?table=4", "-T", Self.sample)
    #expect(missing.status == 422)
    #expect(try missing.code() == "table_missing")
    #expect(try missing.object()["table_lines"] as? [Int] == [1, 7, 12])
    #expect(try (try await server.curl("/v1/uploads/other.csv?table=0", "-T", Self.sample)).code() == "invalid_request")
  }

  @Test("All tables of a text are published by one upload, and known the next time")
  func all() async throws {
    let directory = try TemporaryDirectory()
    for status in ["published", "known"] {
      let ended = try await ingest("batch", Self.sample, "--json", "--store", directory["store"].path, "--table", "all")
      let line = try #require(try ended.batch().first)
      #expect(line.status == status)
      #expect(line.tables.map(\.name) == ["three_tables", "three_tables_2", "three_tables_3"])
      #expect(line.tables.map(\.rows) == [2, 2, 2] && line.tables.map(\.columns) == [3, 2, 4])
      #expect(Set(line.tables.map(\.id)).count == 3)
    }
    let second = try await ingest(
      "table", "export", "three_tables_2", "--to", "csv", "--store", directory["store"].path)
    let alone = try await ingest("convert", Self.sample, "--to", "csv", "--table", "2")
    #expect(second.text == alone.text && !alone.text.isEmpty)
    #expect(try await ingest("convert", Self.sample, "--to", "csv", "--table", "all").status == 2)
    let server = try await Server.start(store: directory["served"])
    let form = try await server.curl(
      "/v1/uploads", "-F", "table=all", "-F", "name=wished", "-F", "file=@\(Self.sample)")
    let tables = try #require(try form.object()["tables"] as? [[String: Any]])
    #expect(tables.compactMap { $0["name"] as? String } == ["wished", "wished_2", "wished_3"])
  }

  @Test("In an archive each member gives all of its tables")
  func allOfMembers() async throws {
    let directory = try TemporaryDirectory()
    let folder = directory["in"]
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["a.csv", "b.csv"] {
      try FileManager.default.copyItem(at: URL(filePath: Self.sample), to: folder.appending(path: name))
    }
    _ = try await run(["tar", "-cf", directory["both.tar"].path, "a.csv", "b.csv"], in: folder)
    let ended = try await ingest(
      "batch", directory["both.tar"].path, "--json", "--store", directory["store"].path, "--table", "all")
    let tables = try #require(try ended.batch().first).tables
    #expect(
      Set(tables.map(\.name)) == ["both_a", "both_a_2", "both_a_3", "both_b", "both_b_2", "both_b_3"], "\(ended.text)")
    #expect(Set(tables.map(\.id)).count == 6)
  }
}
