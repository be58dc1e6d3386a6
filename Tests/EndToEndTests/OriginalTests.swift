// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Uploads that are kept as they came")
struct OriginalTests {
  private func uploadID(_ answer: Server.Answer) throws -> String {
    if let upload = try answer.object()["upload"] as? [String: Any] { return try #require(upload["id"] as? String) }
    return try #require(try answer.object()["upload"] as? String)
  }

  private func originals(in store: URL) -> [String] { files(under: store.appending(path: "originals")) }

  @Test("What came over HTTP, small or large, accepted or refused, comes back byte for byte, as an attachment only")
  func served() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let small = Data("id,name\r\n1,\u{FEFF}ä\r\n".utf8)
    // Beyond what is spooled in memory.
    let large = Data(("n\n" + String(repeating: "123456789\n", count: 1_700_000)).utf8)
    for (name, bytes) in [("small.csv", small), ("large.csv", large), ("page.csv", Data("<html><b>x</b></html>".utf8))]
    {
      let file = try directory.write(name, bytes)
      let answer = try await server.curl("/v1/uploads/\(name)", "-T", file.path)
      let id = try uploadID(answer)
      let original = try await server.curl("/v1/uploads/\(id)/original", "-D", directory["headers"].path)
      #expect(original.status == 200 && original.body == bytes, "\(name)")
      // A database ends a text at its first zero byte.
      #expect(try await server.curl("/v1/uploads/\(id)%00x/original").status == 404)
      let fields = try String(contentsOf: directory["headers"], encoding: .utf8).lowercased()
      #expect(fields.contains("content-type: application/octet-stream\r\n"))
      #expect(fields.contains("x-content-type-options: nosniff\r\n"))
      #expect(fields.contains("content-disposition: attachment; filename=\"\(name)\""))
    }
    #expect(originals(in: directory["store"]).count == 3)
    #expect(try await server.curl("/v1/uploads/\(String(repeating: "0", count: 32))/original").status == 404)
    let known = try await ingest("table", "original", "small", "--store", directory["store"].path)
    #expect(known.output == small)
  }

  @Test("A service that keeps none answers 404 for all")
  func off() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"], ["--originals-bytes", "0"])
    let file = try directory.write("a.csv", "x\n1\n")
    let id = try uploadID(try await server.curl("/v1/uploads/a.csv", "-T", file.path))
    #expect(try await server.curl("/v1/uploads/\(id)/original").status == 404)
    #expect(originals(in: directory["store"]).isEmpty)
  }

  @Test("Files of a batch are kept where that is asked for; a check verifies them, gc and --delete remove them")
  func batch() async throws {
    let store = try await PublishedStore()
    let missing = try await store.run("table", "original", "sales")
    #expect(missing.status == 2 && missing.talk.contains("not kept"))
    let text = "day,cost\n2024-01-02,7.5\n"
    let file = try store.directory.write("in/kept.csv", text)
    #expect(try await store.run("batch", file.path, "--keep-originals").status == 0)
    try FileManager.default.removeItem(at: file)
    let target = store.directory["out.csv"]
    #expect(try await store.run("table", "original", "kept", "-o", target.path).status == 0)
    #expect(try String(contentsOf: target, encoding: .utf8) == text)
    #expect(try await store.run("store", "stats").text.contains("originals   1, \(text.utf8.count) bytes"))
    #expect(try await store.run("store", "check").status == 0)

    let kept = try #require(originals(in: store.directory["store"]).first)
    let path = store.directory["store/originals/\(kept)"]
    try store.damage(path) { $0[3] ^= 1 }
    let damaged = try await store.run("table", "original", "kept", "-o", target.path)
    #expect(damaged.status == 70 && damaged.talk.contains("damaged"))
    let check = try await store.run("store", "check", "--json")
    #expect(check.status == 70 && check.text.contains("file_damaged") && check.text.contains("originals/"))
    try FileManager.default.removeItem(at: path)
    #expect(try await store.run("store", "check").text.contains("file_missing"))

    #expect(try await store.run("table", "original", "kept", "--delete").status == 0)
    #expect(try await store.run("store", "check").status == 0)
    #expect(try await store.run("table", "original", "kept").status == 2)
    #expect(try await store.run("audit", "list").text.contains("forget"))
  }

  @Test("An original whose time is over is not given any more, and collected")
  func expired() async throws {
    let store = try await PublishedStore()
    let file = try store.directory.write("in/kept.csv", "x\n1\n")
    #expect(try await store.run("batch", file.path, "--keep-originals").status == 0)
    try await store.sql("UPDATE original SET kept_until = 1")
    #expect(try await store.run("table", "original", "kept").status == 2)
    let dry = try await store.run("store", "gc", "--dry-run", "--grace", "0", "--json").object()
    #expect(dry["originals"] as? Int == 1)
    #expect(try await store.run("store", "gc", "--grace", "0").text.contains("1 originals past their time"))
    #expect(originals(in: store.directory["store"]).isEmpty)
  }
}
