// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("ingest audit")
struct AuditCommandTests {
  @Test("Every decision and every verb has its row, listed as text and as JSON, and exported whole")
  func list() async throws {
    let store = try await PublishedStore()
    _ = try await store.run("table", "tag", "sales", "good")
    _ = try await store.run("table", "delete", "sales@1")
    let text = try await store.run("audit", "list", "--after", "4")
    #expect(text.lines.first?.contains("\tlocal\tpublish\t") == true)
    #expect(text.lines.last?.hasSuffix("local\tdelete\tsales@1\tdone") == true)
    let page = try await store.run("audit", "list", "--json", "--limit", "3").lines
    #expect(page.count == 3)
    let file = store.directory["audit.jsonl"]
    #expect(try await store.run("audit", "export", "--to", "jsonl", "--output", file.path).status == 0)
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(rows.compactMap { $0["sequence"] as? Int } == Array(1...8))
    #expect(rows.allSatisfy { ($0["hash"] as? String)?.count == 64 })
    #expect(rows.compactMap { $0["action"] as? String }.suffix(2) == ["tag", "delete"])
    #expect(try await store.run("audit", "list", "--after", "-1").status == 2)
  }

  @Test("verify prints the head, and says whether one of before is in the chain")
  func verify() async throws {
    let store = try await PublishedStore()
    let first = try await store.run("audit", "verify", "--json")
    #expect(first.status == 0)
    let head = try #require(try first.object()["head"] as? String)
    #expect(try head.hasPrefix("6:") && first.object()["sound"] as? Bool == true)
    #expect(try await store.run("audit", "verify").text.contains("head \(head)"))
    _ = try await store.run("table", "tag", "sales", "good")
    let second = try await store.run("audit", "verify", "--json", "--head", head)
    #expect(try second.status == 0 && second.object()["holds_head"] as? Bool == true)
    let other = String(head.dropLast()) + (head.hasSuffix("0") ? "1" : "0")
    let wrong = try await store.run("audit", "verify", "--json", "--head", other)
    #expect(try wrong.status == 70 && wrong.object()["holds_head"] as? Bool == false)
    #expect(try await store.run("audit", "verify", "--head", "x").status == 2)
  }

  @Test(
    "A row that somebody changed in the file is found: 70",
    arguments: [
      ("UPDATE audit SET actor = 'eve' WHERE seq = 3", "altered", 3),
      ("DELETE FROM audit WHERE seq = 3", "missing", 2), ("DELETE FROM audit WHERE seq = 6", "cut_off", 5),
    ])
  func tampered(_ sql: String, _ kind: String, _ row: Int) async throws {
    let store = try await PublishedStore()
    try await store.sql(sql)
    let found = try await store.run("audit", "verify", "--json")
    #expect(found.status == 70)
    let fault = try #require(try found.object()["fault"] as? [String: Any])
    #expect(fault["kind"] as? String == kind && fault["row"] as? Int == row)
    let check = try await store.run("store", "check", "--json")
    #expect(check.status == 70)
    let problems = try #require(try check.object()["problems"] as? [[String: Any]])
    #expect(problems.compactMap { $0["code"] as? String } == ["audit_unsound"])
  }

  @Test("A head in a file is found to be cut off, and sealed by a key it cannot be forged")
  func headFile() async throws {
    let directory = try TemporaryDirectory()
    let (store, head) = (directory["store"].path, directory["head"])
    let key = try directory.write("key", "a secret of more than 16 bytes")
    for text in ["a", "b"] {
      let file = try directory.write("in/\(text).csv", "id,name\n1,\(text)\n")
      let ended = try await ingest(
        "batch", file.path, "--store", store, "--audit-head", head.path, "--key-file", key.path)
      #expect(ended.status == 0 && ended.talk.contains("audit log at start") && ended.talk.contains("at end"))
    }
    let kept = try String(contentsOf: head, encoding: .utf8)
    #expect(kept.hasPrefix("4:") && kept.split(separator: " ").count == 2 && ended(kept))
    func verify(_ options: String...) async throws -> Ended {
      try await ingest(["audit", "verify", "--store", store, "--head-file", head.path] + options)
    }
    #expect(try await verify("--key-file", key.path).status == 0)
    #expect(try await verify().status == 0, "the chain itself needs no key")
    let other = try directory.write("other", "another secret of 16 bytes or more")
    #expect(try await verify("--key-file", other.path).status == 70)
    let short = try directory.write("short", "short")
    #expect(try await verify("--key-file", short.path).status == 2)
    // Somebody who can write both files cuts the log off, mends the counter and writes the head that it has now.
    let script = """
      import sqlite3,sys
      c=sqlite3.connect(sys.argv[1])
      c.executescript("DELETE FROM audit WHERE seq > 3; UPDATE sqlite_sequence SET seq = 3 WHERE name = 'audit'")
      print("3:" + c.execute("SELECT hash FROM audit WHERE seq = 3").fetchone()[0])
      """
    let forged = try await run([Binaries.plainPython, "-c", script, store + "/catalog.sqlite"])
    #expect(try await verify("--key-file", key.path).status == 70, "the head is not in the chain any more")
    try Data(forged.output).write(to: head)
    #expect(try await verify().status == 0, "without a key this cannot be told")
    #expect(try await verify("--key-file", key.path).status == 70)
  }

  /// Whether a text ends in a newline.
  private func ended(_ text: String) -> Bool { text.hasSuffix("\n") }

  @Test("serve writes the head after each upload")
  func served() async throws {
    let directory = try TemporaryDirectory()
    let head = directory["head"]
    let server = try await Server.start(store: directory["store"], ["--audit-head", head.path])
    #expect(try String(contentsOf: head, encoding: .utf8).hasPrefix("0:"))
    let file = try directory.write("a.csv", "id,name\n1,x\n")
    #expect(try await server.curl("/v1/uploads", "-F", "file=@\(file.path)").status == 201)
    #expect(try String(contentsOf: head, encoding: .utf8).hasPrefix("2:"))
    let refused = try directory.write("b.csv", "<html></html>")
    #expect(try await server.curl("/v1/uploads", "-F", "file=@\(refused.path)").status >= 400)
    #expect(try String(contentsOf: head, encoding: .utf8).hasPrefix("3:"))
    server.child.signal(SIGTERM)
    let ended = try await server.child.end()
    #expect(ended.status == 0 && ended.talk.contains("audit log at end"))
  }
}
