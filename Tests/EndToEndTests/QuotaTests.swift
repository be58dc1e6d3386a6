// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("A store whose room is bounded")
struct QuotaTests {
  /// What the quota counts.
  private func tableBytes(_ store: PublishedStore) async throws -> Int {
    let bytes = try await store.run("store", "stats", "--json").object()["bytes"] as? [String: Any]
    return (bytes?["tables"] as? Int ?? 0) + (bytes?["rejects"] as? Int ?? 0)
  }

  private func isThere(_ id: String, _ store: PublishedStore) -> Bool {
    FileManager.default.fileExists(atPath: store.file(of: id).path)
  }

  @Test("An old version makes room for a new table, at once and for good; a pinned one does not: store_full, status 1")
  func batch() async throws {
    let store = try await PublishedStore()
    let old = try await store.id(of: "sales@1")
    let used = try await tableBytes(store)
    let before = store.tableFiles
    let file = try store.directory.write("in/news.csv", "id,name\n7,x\n8,y\n")
    #expect(try await store.run("table", "pin", "sales@1").text.contains("pinned sales@1"))
    let refused = try await store.run("batch", file.path, "--store-bytes", "\(used)", "--json")
    #expect(refused.status == 1)
    #expect(try refused.batch().map(\.code) == ["store_full"])
    #expect(store.tableFiles == before, "the table of what was refused does not stay")
    #expect(try await store.run("table", "show", "sales@1").text.contains("\npinned\n"))

    #expect(try await store.run("table", "unpin", "sales@1").status == 0)
    #expect(try await store.run("batch", file.path, "--store-bytes", "\(used)").status == 0)
    #expect(!isThere(old, store))
    #expect(try await store.run("table", "show", "sales@1").status == 2)
    #expect(try await store.run("audit", "list").text.contains("evict"))
    #expect(try await tableBytes(store) <= used)
    #expect(try await store.run("store", "check").status == 0)
    #expect(try await store.run("table", "pin", "none").status == 2)
    #expect(try await store.run("table", "pin", "sales@1").status == 2)
  }

  @Test("Over HTTP a full store is 507, what is known is still answered, and uses are written down at the end")
  func served() async throws {
    let store = try await PublishedStore()
    let used = try await tableBytes(store)
    #expect(try await store.run("table", "pin", "sales@1").status == 0)
    let server = try await Server.start(
      store: store.directory["store"], ["--store-bytes", "\(used)", "--originals-bytes", "0"])
    let news = try store.directory.write("in/news.csv", "id,name\n7,x\n8,y\n")
    let full = try await server.curl("/v1/uploads/news.csv", "-T", news.path)
    #expect(full.status == 507)
    #expect(try full.code() == "store_full")
    #expect(try full.object()["limit"] as? Int == used)
    let known = try await server.curl("/v1/uploads/costs.csv", "-T", store.directory["in/costs.csv"].path)
    #expect(known.status == 200)
    let start = Int(Date().timeIntervalSince1970 * 1e6)
    #expect(try await server.curl("/v1/tables/sales@1.csv").status == 200)
    server.child.signal(SIGTERM)
    #expect(try await server.child.end().status == 0)
    #expect(try await store.number("SELECT count(*) FROM table_version WHERE used_at >= \(start)") == 1)
    #expect(
      try await store.number("SELECT version FROM table_version WHERE folded = 'sales' ORDER BY use_order DESC") == 1)
  }

  @Test("A version that another process pushes out is read to its end, is gone for the next one, and can come again")
  func twoProcesses() async throws {
    let store = try await PublishedStore()
    // More than what lies between a file and a client that reads nothing.
    let filling = String(repeating: "text ", count: 200)
    let rows = "id,name\n" + (0..<16_000).map { "\($0),\(filling)\n" }.joined()
    let large = try store.directory.write("in/large.csv", rows)
    #expect(try await store.run("batch", large.path).status == 0)
    let id = try await store.id(of: "large")
    let bytes = try Data(contentsOf: store.file(of: id))
    let newer = try store.directory.write("in2/large.csv", "id\n1\n")
    #expect(try await store.run("batch", newer.path).status == 0)

    let server = try await Server.start(store: store.directory["store"])
    let download = store.directory["download"]
    let reader = try Child(
      ["curl", "-sS", "--max-time", "60", "--limit-rate", "4M", "-o", download.path]
        + [server.address + "/v1/tables/large@1.arrow"])
    while (try? Data(contentsOf: download))?.isEmpty != false, !reader.hasEnded {
      try await Task.sleep(for: .milliseconds(5))
    }
    // It waits until its table has gone.
    reader.signal(SIGSTOP)
    let news = try store.directory.write("in/news.csv", "id,name\n7,x\n8,y\n")
    #expect(try await store.run("batch", news.path, "--store-bytes", "1MB").status == 0)
    #expect(!isThere(id, store))
    #expect(try Data(contentsOf: download).count < bytes.count)
    reader.signal(SIGCONT)
    #expect(try await reader.end().status == 0)
    #expect(try Data(contentsOf: download) == bytes)
    #expect(try await server.curl("/v1/tables/large@1.csv").status == 404)
    // The content is not known any more, so it is read once more.
    #expect(try await server.curl("/v1/uploads/large.csv", "-T", large.path).status == 201)
    #expect(try await server.curl("/v1/tables/large.arrow").body == bytes)
    #expect(try await store.run("store", "check").status == 0)
  }

  @Test("A table that nobody uses is hidden by its age with all versions, can be restored, and a pin keeps it")
  func age() async throws {
    let store = try await PublishedStore()
    #expect(try await store.run("table", "pin", "costs").status == 0)
    try await store.sql("UPDATE table_version SET used_at = used_at - 86400000000")
    let young = try await store.run("store", "gc", "--table-age", "2d", "--json").object()
    #expect(young["expired"] as? [String] == [])
    let dry = try await store.run("store", "gc", "--table-age", "12h", "--dry-run")
    #expect(dry.text.contains("would hide sales@1\nwould hide sales@2\n"))
    #expect(try await store.listed() == ["costs@1", "sales@2"])
    let old = try await store.run("store", "gc", "--table-age", "12h", "--json").object()
    #expect(old["expired"] as? [String] == ["sales@1", "sales@2"])
    #expect(try await store.listed() == ["costs@1"])
    #expect(try await store.run("table", "restore", "sales").status == 0)
    #expect(try await store.run("store", "gc", "--table-age", "12h").status == 0)
    #expect(try await store.listed() == ["costs@1", "sales@2"])
    #expect(try await store.run("audit", "verify").status == 0)
  }
}
