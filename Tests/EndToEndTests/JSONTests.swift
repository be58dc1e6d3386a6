// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("JSON from the command line and over HTTP")
struct JSONTests {
  private func file(_ name: String, _ text: String, in folder: TemporaryDirectory) throws -> String {
    let url = folder[name]
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test("A list of objects is converted, with its columns' types, and so are the lines of one")
  func convert() async throws {
    let folder = try TemporaryDirectory()
    let list = try file("a.json", #"{"n":2,"rows":[{"id":1,"at":{"x":1.5}},{"id":2,"at":{"x":null}}]}"#, in: folder)
    let converted = try await ingest("convert", list, "--to", "csv")
    #expect(converted.status == 0 && converted.text == "id,at.x\r\n1,1.5\r\n2,\r\n")
    let lines = try file("b.ndjson", "{\"id\":1}\n{\"id\":2,\"t\":\"x\"}\n", in: folder)
    #expect(try await ingest("convert", lines, "--to", "csv").text == "id,t\r\n1,\r\n2,x\r\n")
  }

  @Test("What a text holds is told, and a pointer says which part is the table")
  func sniff() async throws {
    let folder = try TemporaryDirectory()
    let path = try file("a.json", #"{"a":[{"x":1}],"b":[{"y":2},{"y":3}]}"#, in: folder)
    let refused = try await ingest("check", "--json", path)
    #expect(refused.status == 1)
    #expect(try refused.object()["code"] as? String == "not_tabular")
    let told = try (try await ingest("sniff", "--json", "--json-pointer", "/b", path)).object()
    let json = try #require(told["json"] as? [String: Any])
    #expect(json["shape"] as? String == "list" && json["pointer"] as? String == "/b")
    let wrong = try await ingest("check", "--json-pointer", "b", path)
    #expect(wrong.status == 2)
  }

  @Test("C35 A bad line is named by its line, the character and the byte, and can be set apart")
  func badLine() async throws {
    let folder = try TemporaryDirectory()
    let path = try file("a.ndjson", "{\"id\":1}\n{\"id\":}\n{\"id\":3}\n", in: folder)
    let answer = try (try await ingest("check", "--json", path)).object()
    #expect(answer["code"] as? String == "json_malformed")
    #expect(answer["line"] as? Int == 2 && answer["column"] as? Int == 7 && answer["byte_offset"] as? Int == 15)
    let rejects = folder["rejects.csv"].path
    let converted = try await ingest("convert", path, "--to", "csv", "--max-rejects", "1", "--rejects", rejects)
    #expect(converted.text == "id\r\n1\r\n3\r\n")
    let written = try String(contentsOfFile: rejects, encoding: .utf8)
    #expect(written.contains("json_malformed") && written.contains("2,15,,,"))
  }

  @Test("JSON without a name is known by how it starts, however long it is")
  func withoutName() async throws {
    let folder = try TemporaryDirectory()
    let records = (0..<400).map { "  {\"id\": \($0), \"text\": \"some words\"}" }
    let long = "[\n\(records.joined(separator: ",\n"))\n]\n"
    let path = try file("long.json", long, in: folder)
    let converted = try await run(["sh", "-c", "\"$1\" convert - --to csv < \"$2\"", "sh", try Binaries.ingest(), path])
    #expect(converted.lines.count == 401, "\(converted.talk)")
  }
}
