// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Compressed tables")
struct CompressionTests {
  /// The fields of an answer, in lower case, and its bytes as they came.
  private func raw(
    _ server: Server, _ path: String, _ directory: TemporaryDirectory, _ options: String...
  ) async throws -> (status: Int, fields: [String: String], body: Data) {
    let headers = directory["headers"]
    let answer = try await server.curl(path, options + ["-D", headers.path])
    let lines = try String(contentsOf: headers, encoding: .utf8).components(separatedBy: "\r\n").dropFirst()
    let fields = lines.compactMap { line -> (String, String)? in
      let parts = line.split(separator: ":", maxSplits: 1)
      return parts.count == 2 ? (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)) : nil
    }
    return (answer.status, Dictionary(fields) { first, _ in first }, answer.body)
  }

  @Test("A text is compressed for who asks for that, once, under a tag of its own, and expands to the plain one")
  func course() async throws {
    let directory = try TemporaryDirectory()
    let rows = "id,name\n" + (0..<5_000).map { "\($0),row \($0 % 7)\n" }.joined()
    let file = try directory.write("rows.csv", rows)
    #expect(try await ingest("batch", file.path, "--store", directory["store"].path).status == 0)
    let server = try await Server.start(store: directory["store"])
    for path in ["/v1/tables/rows.csv", "/v1/tables/rows.json", "/v1/tables/rows.ndjson"] {
      let plain = try await raw(server, path, directory)
      let packed = try await raw(server, path, directory, "-H", "Accept-Encoding: gzip")
      #expect(plain.status == 200 && packed.status == 200)
      #expect(plain.fields["content-encoding"] == nil && packed.fields["content-encoding"] == "gzip")
      for answer in [plain, packed] {
        #expect(answer.fields["vary"] == "Accept, Accept-Encoding")
        #expect(answer.fields["content-length"] == "\(answer.body.count)")
      }
      #expect(packed.body.count * 4 < plain.body.count)
      #expect(try await server.curl(path, "--compressed").body == plain.body)
      let tags = try (#require(plain.fields["etag"]), #require(packed.fields["etag"]))
      #expect(tags.0 != tags.1)

      let head = try await raw(server, path, directory, "-I", "-H", "Accept-Encoding: gzip")
      #expect(head.fields["content-length"] == packed.fields["content-length"] && head.fields["etag"] == tags.1)
      // No part is sent of a text, in any coding.
      let part = try await raw(server, path, directory, "-H", "Accept-Encoding: gzip", "-H", "Range: bytes=0-9")
      #expect(part.status == 200 && part.body == packed.body)
      for tag in [tags.0, tags.1] {
        let known = try await raw(
          server, path, directory, "-H", "Accept-Encoding: gzip", "-H", "If-None-Match: \(tag)")
        #expect(known.status == 304 && known.body.isEmpty && known.fields["etag"] == tag)
        #expect(known.fields["vary"] == "Accept, Accept-Encoding" && known.fields["content-encoding"] == nil)
      }
      #expect(try await raw(server, path, directory, "-H", "If-None-Match: \(tags.1)").status == 200)
    }
    let listing = try await server.curl("/v1/caches").object()["caches"] as? [String: [String: Int]]
    // Three forms in two codings, and the compressed ones take their own room.
    #expect(listing?["encodings"]?["entries"] == 6)
  }

  @Test("What is short, what lies in the store as it is, and what is streamed is not compressed")
  func plain() async throws {
    let store = try await PublishedStore()
    let server = try await Server.start(store: store.directory["store"])
    for (suffix, vary) in [("csv", "Accept, Accept-Encoding"), ("arrow", "Accept"), ("arrows", "Accept")] {
      let answer = try await raw(server, "/v1/tables/costs.\(suffix)", store.directory, "-H", "Accept-Encoding: gzip")
      #expect(answer.status == 200 && answer.fields["content-encoding"] == nil, "\(suffix)")
      #expect(answer.fields["vary"] == vary)
    }
    let part = try await raw(
      server, "/v1/tables/costs.arrow", store.directory, "-H", "Accept-Encoding: gzip", "-H", "Range: bytes=0-5")
    #expect(part.status == 206 && part.body == Data("ARROW1".utf8))
  }
}
