// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// JSON that is uploaded to the built service, as curl sees it.
@Suite("JSON over HTTP")
struct JSONUploadTests {
  /// An upload, and the rows that its table must have.
  struct Upload: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    /// Of the form; `key=value`.
    var fields: [String] = []
    /// Of the address, where the body is the file; none stands for a form.
    var query: String?
    let rows: String

    var testDescription: String { "\(name) \(fields) \(query ?? "by form")" }
  }

  private static let lists = #"{"a":[{"x":1}],"b":[{"y":2},{"y":3}]}"#
  private static let deep = #"[{"id":1,"at":{"x":1.5,"y":{"z":true}}}]"#

  static let uploads = [
    Upload(
      name: "list.json", text: #"[{"id":1,"name":"Ann","at":"2024-01-02"},{"id":2,"name":null}]"#,
      rows: #"[{"id":1,"name":"Ann","at":"2024-01-02"},{"id":2,"name":null,"at":null}]"#),
    Upload(name: "list.json", text: #"[{"s":"a\"b\u00e9"}]"#, query: "", rows: #"[{"s":"a\"bé"}]"#),
    Upload(
      name: "lines.ndjson", text: "{\"id\":1}\n{\"id\":2,\"t\":\"x\"}\n",
      rows: #"[{"id":1,"t":null},{"id":2,"t":"x"}]"#),
    Upload(
      name: "lines.ndjson", text: "{\"id\":1}\n{\"id\":2,\"t\":\"x\"}\n", query: "",
      rows: #"[{"id":1,"t":null},{"id":2,"t":"x"}]"#),
    Upload(name: "lists.json", text: lists, fields: ["json_pointer=/b"], rows: #"[{"y":2},{"y":3}]"#),
    Upload(name: "lists.json", text: lists, query: "?json_pointer=%2Fa", rows: #"[{"x":1}]"#),
    Upload(
      name: "deep.json", text: deep, fields: ["flatten_depth=2"],
      rows: #"[{"id":1,"at.x":1.5,"at.y":"{\"z\":true}"}]"#),
    Upload(
      name: "deep.json", text: deep, query: "?flatten_depth=1",
      rows: #"[{"id":1,"at":"{\"x\":1.5,\"y\":{\"z\":true}}"}]"#),
    // Lists of numbers, which have as many commas on each line as a CSV has.
    Upload(
      name: "numbers.ndjson", text: "[1,2]\n[3,4]\n[5,6]\n",
      rows: #"[{"column_1":1,"column_2":2},{"column_1":3,"column_2":4},{"column_1":5,"column_2":6}]"#),
  ]

  /// A JSON text with its keys in order and without blanks.
  private static func canonical(_ text: Data) throws -> String {
    let value = try JSONSerialization.jsonObject(with: text)
    return String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
  }

  private func send(
    _ text: String, as name: String, _ fields: [String], _ query: String?, to server: Server,
    in folder: TemporaryDirectory
  ) async throws -> Server.Answer {
    let path = try folder.write(name, Data(text.utf8)).path
    guard let query else {
      return try await server.curl("/v1/uploads", fields.flatMap { ["-F", $0] } + ["-F", "file=@\(path)"])
    }
    return try await server.curl("/v1/uploads/\(name)\(query)", "-T", path)
  }

  @Test("The rows of an upload are those of its table", arguments: uploads)
  func rows(_ upload: Upload) async throws {
    let folder = try TemporaryDirectory()
    let server = try await Server.start(store: folder["store"])
    let answer = try await send(upload.text, as: upload.name, upload.fields, upload.query, to: server, in: folder)
    #expect(answer.status == 201, "\(String(decoding: answer.body, as: UTF8.self))")
    let table = try #require((try answer.object()["tables"] as? [[String: Any]])?.first)
    let links = try #require(table["links"] as? [String: String])
    let served = try await server.curl(try #require(links["json"]))
    #expect(try Self.canonical(served.body) == Self.canonical(Data(upload.rows.utf8)))
  }

  @Test(
    "What is no JSON is a problem that says where",
    arguments: [
      ("a.json", "[{\"id\":1},\n {\"id\":}]", "", 2, 8, 18), ("a.ndjson", "{\"id\":1}\n{\"id\":01}\n", "", 2, 8, 16),
      ("a.json", #"{"rows":[{"id":1}],"other":tru}"#, "?json_pointer=%2Frows", 1, 28, 27),
    ], [true, false])
  func malformed(
    _ upload: (name: String, text: String, query: String, line: Int, column: Int, offset: Int), _ isForm: Bool
  ) async throws {
    let folder = try TemporaryDirectory()
    let server = try await Server.start(store: folder["store"])
    let fields = upload.query.isEmpty ? [] : ["json_pointer=/rows"]
    let answer = try await send(
      upload.text, as: upload.name, fields, isForm ? nil : upload.query, to: server, in: folder)
    #expect(answer.status == 422 && answer.type.hasPrefix("application/problem+json"))
    let problem = try answer.object()
    #expect(problem["code"] as? String == "json_malformed")
    let place = ["line", "column", "byte_offset"].map { problem[$0] as? Int }
    #expect(place == [upload.line, upload.column, upload.offset], "\(problem)")
  }

  @Test("A pointer that is none is a wrong request, one that leads nowhere a text without a table")
  func pointers() async throws {
    let folder = try TemporaryDirectory()
    let server = try await Server.start(store: folder["store"])
    let wrong = try await send(Self.lists, as: "a.json", [], "?json_pointer=b", to: server, in: folder)
    #expect(wrong.status == 400)
    #expect(try wrong.code() == "invalid_request")
    let nowhere = try await send(Self.lists, as: "a.json", ["json_pointer=/c"], nil, to: server, in: folder)
    #expect(nowhere.status == 422)
    #expect(try nowhere.code() == "not_tabular")
  }
}
