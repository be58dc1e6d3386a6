// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Records that are in no row, from outside.
@Suite("Rejects, from outside")
struct RejectTests {
  private static let text = "id,name,price\n1,a,1.5\nx,b,2.5\n3,\"c\nd\",zwei\n4,é,4.5\n"
  private static let types = ["--type", "id=int64", "--type", "price=float64"]
  private static let rejects =
    "line,byte_offset,column,column_name,code,text,violations,record\r\n"
    + "3,22,1,id,wrong_type,x,1,\"x,b,2.5\"\r\n" + "5,38,3,price,wrong_type,zwei,1,\"3,\"\"c\nd\"\",zwei\"\r\n"

  private struct ReadRejects: Decodable {
    struct Row: Decodable {
      let line: Int
      let column_name: String?
      let code: String
      let text: String?
      let record: String?
    }
    let columns: [String: String]
    let rows: [Row]
  }

  @Test("The command line converts what is well, and writes the rest to a file")
  func convert() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("data.csv", Self.text)
    let ended = try await ingest(
      ["convert", file.path, "--to", "csv", "--max-rejects", "2", "--rejects", directory["rejects.csv"].path]
        + Self.types)
    #expect(ended.status == 0, "\(ended.talk)")
    #expect(ended.text == "id,name,price\r\n1,a,1.5\r\n4,é,4.5\r\n")
    #expect(ended.talk.contains("2 records were rejected"))
    #expect(try String(contentsOf: directory["rejects.csv"], encoding: .utf8) == Self.rejects)
    // Without any reject the file has a header and nothing else.
    let none = try await ingest(
      "convert", file.path, "--to", "csv", "--max-rejects", "2", "--rejects", directory["none.csv"].path)
    #expect(none.status == 0)
    #expect(try String(contentsOf: directory["none.csv"], encoding: .utf8).split(separator: "\r\n").count == 1)
    #expect(try await ingest("convert", file.path, "--to", "csv", "--text", "--strict").status == 2)
    #expect(try await ingest("convert", file.path, "--to", "csv", "--max-rejects", "1000001").status == 2)
  }

  @Test("One more than may be refuses the file, with limit and place")
  func tooMany() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("data.csv", Self.text)
    let ended = try await ingest(["check", "--json", "--max-rejects", "1", file.path] + Self.types)
    let answer = try ended.object()
    #expect(ended.status == 1 && answer["code"] as? String == "too_many_rejects")
    #expect(answer["line"] as? Int == 5 && answer["column"] as? Int == 3 && answer["byte_offset"] as? Int == 38)
    #expect(answer["violation"] as? String == "wrong_type")
    #expect((answer["detail"] as? String)?.contains("at most 1 allowed") == true)
    let strict = try directory.write("strict.csv", "a,b\n1,2\n3\n")
    let refused = try (try await ingest("check", "--json", "--strict", strict.path)).object()
    #expect(refused["code"] as? String == "record_malformed" && refused["violation"] as? String == "too_few_cells")
    #expect(refused["line"] as? Int == 3 && refused["column"] as? Int == 2 && refused["byte_offset"] as? Int == 9)
    let checked = try await ingest("check", "--strict", "--max-rejects", "5", strict.path)
    #expect(checked.status == 0 && checked.text.contains("1 rows, 1 rejected"))
  }

  @Test("A store keeps the rejects beside their table, by name, version and id, in every form")
  func store() async throws {
    let directory = try TemporaryDirectory()
    let store = directory["store"].path
    let file = try directory.write("data.csv", Self.text)
    let options = ["--store", store, "--max-rejects", "9"] + Self.types
    let batch = try await ingest(["batch", file.path] + options)
    #expect(batch.status == 0 && batch.text.contains("2 rows × 3 columns, 2 rejected"), "\(batch.talk)")
    // Known, and answered with the same.
    let again = try #require(
      try (try await ingest(["batch", "--json", file.path] + options)).object()["answer"] as? [String: Any])
    let table = try #require((again["tables"] as? [[String: Any]])?.first)
    #expect(table["rejected"] as? Int == 2)
    #expect((table["links"] as? [String: String])?["rejects"] == "/v1/tables/data@1/rejects")
    let report = try #require((again["report"] as? [String: Any])?["tables"] as? [[String: Any]])
    #expect(report.isEmpty || report[0]["rejected"] as? Int == 2)
    #expect(try await ingest("table", "list", "--store", store).text.contains(", 2 rejected"))
    #expect(try await ingest("table", "show", "data", "--store", store).text.contains("2 records rejected"))
    for reference in ["data", "data@1", try #require(table["id"] as? String)] {
      let ended = try await ingest("table", "rejects", reference, "--store", store)
      #expect(ended.text == Self.rejects, "\(ended.talk)")
    }
    let plain = try directory.write("plain.csv", "a,b\n1,2\n")
    #expect(try await ingest(["batch", plain.path, "--store", store]).status == 0)
    for reference in ["plain", "none", "data@2"] {
      #expect(try await ingest("table", "rejects", reference, "--store", store).status == 2)
    }
    let python = try Binaries.python()
    for (form, kind) in [("arrow", "file"), ("arrows", "stream")] {
      let written = try await ingest("table", "rejects", "data", "--to", form, "--store", store)
      let read = try
        (try await run(
          [python, "-B", Binaries.script("read_rejects.py"), kind], input: written.output, deadline: 60)).json(
          ReadRejects.self)
      #expect(read.columns["line"] == "uint64" && read.columns["violations"] == "uint64")
      #expect(read.columns["column_name"] == "string" && read.columns["record"] == "string")
      #expect(read.rows.map(\.record) == ["x,b,2.5", "3,\"c\nd\",zwei"])
      #expect(read.rows.map(\.code) == ["wrong_type", "wrong_type"] && read.rows.map(\.line) == [3, 5])
    }
  }

  @Test("HTTP takes the options, answers with counts and a link, and serves the rejects")
  func http() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let file = try directory.write("data.csv", Self.text).path
    let form = try await server.curl(
      "/v1/uploads", "-F", "types=id=int64\nprice=float64", "-F", "max_rejects=2", "-F", "file=@\(file)")
    #expect(form.status == 201, "\(String(decoding: form.body, as: UTF8.self))")
    let table = try #require((try form.object()["tables"] as? [[String: Any]])?.first)
    #expect(table["rejected"] as? Int == 2 && table["rows"] as? Int == 2)
    let link = try #require((table["links"] as? [String: String])?["rejects"])
    let rejects = try await server.curl(link + ".csv")
    #expect(rejects.status == 200 && String(decoding: rejects.body, as: UTF8.self) == Self.rejects)
    let rows = try await server.curl("/v1/tables/data/rejects")
    let array = try #require(try JSONSerialization.jsonObject(with: rows.body) as? [[String: Any]])
    #expect(array.map { $0["code"] as? String } == ["wrong_type", "wrong_type"])
    for suffix in [".json", ".ndjson", ".arrow", ".arrows"] {
      #expect(try await server.curl("/v1/tables/data@1/rejects\(suffix)").status == 200)
    }
    let python = try Binaries.python()
    let arrow = try await server.curl("/v1/tables/data/rejects.arrows")
    let read = try
      (try await run(
        [python, "-B", Binaries.script("read_rejects.py"), "stream"], input: arrow.body, deadline: 60)).json(
        ReadRejects.self)
    #expect(read.rows.map(\.text) == ["x", "zwei"] && read.rows.map(\.column_name) == ["id", "price"])
    let listed = try await server.curl("/v1/tables/data")
    #expect(try await server.curl("/v1/tables/none/rejects").code() == "not_found")
    #expect(listed.status == 200)

    let query = try await server.curl("/v1/uploads/data.csv?types=id%3Dint64&max_rejects=0", "-T", file)
    #expect(try query.status == 422 && query.code() == "contract_violated")
    #expect(try query.object()["violation"] as? String == "wrong_type")
    let one = try await server.curl("/v1/uploads/data.csv?types=id%3Dint64%0Aprice%3Dfloat64&max_rejects=1", "-T", file)
    #expect(try one.status == 422 && one.code() == "too_many_rejects" && one.object()["limit"] as? Int == 1)
    let plain = try directory.write("plain.csv", "a,b\n1,2\n3\n").path
    #expect(try await server.curl("/v1/uploads/plain.csv?strict=true", "-T", plain).code() == "record_malformed")
    #expect(try await server.curl("/v1/uploads/plain.csv", "-T", plain).status == 201)
    #expect(try await server.curl("/v1/tables/plain/rejects").code() == "not_found")
    for wrong in ["strict=yes", "max_rejects=-1", "max_rejects=1000001"] {
      #expect(try await server.curl("/v1/uploads/plain.csv?\(wrong)", "-T", plain).code() == "invalid_request")
    }
  }

  @Test("A Table Schema's constraints are kept, and what cannot be kept is named")
  func constraints() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("data.csv", "id,code\n1,ab\n20,abc\n,ab\n3,zz\n")
    let schema = try directory.write(
      "schema.json",
      #"""
      {"fields": [{"name": "id", "type": "integer", "constraints": {"required": true, "maximum": 10}},
        {"name": "code", "type": "string", "constraints": {"minLength": 2, "maxLength": 3, "enum": ["ab", "abc"]}}]}
      """#)
    let ended = try await ingest(
      "convert", file.path, "--to", "csv", "--schema", schema.path, "--max-rejects", "3", "--rejects",
      directory["rejects.csv"].path)
    #expect(ended.text == "id,code\r\n1,ab\r\n", "\(ended.talk)")
    let codes = try String(contentsOf: directory["rejects.csv"], encoding: .utf8).split(separator: "\r\n").dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false)[4] }
    #expect(codes == ["out_of_range", "value_required", "not_in_enumeration"])
    let pattern = try directory.write(
      "pattern.json", #"{"fields": [{"name": "id", "type": "string", "constraints": {"pattern": "^(a+)+$"}}]}"#)
    let refused = try await ingest("check", file.path, "--schema", pattern.path)
    #expect(refused.status == 2 && refused.talk.contains("pattern"))
  }
}
