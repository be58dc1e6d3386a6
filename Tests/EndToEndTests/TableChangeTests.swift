// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Renaming, tagging, deleting and restoring tables")
struct TableChangeTests {
  /// The keys that every answer of a change has, and the versions in it.
  private func changed(_ ended: Ended) throws -> [String] {
    #expect(ended.status == 0, "\(ended.talk)")
    let answer = try ended.object()
    #expect(Set(answer.keys) == ["action", "tables"])
    return try #require(answer["tables"] as? [[String: Any]]).map { "\($0["name"] ?? "")@\($0["version"] ?? "")" }
  }

  @Test("A table is renamed with its versions, and the old name is free")
  func rename() async throws {
    let store = try await PublishedStore()
    #expect(try changed(try await store.run("table", "rename", "sales", "Revenue", "--json")) == ["Revenue@2"])
    #expect(try await store.listed() == ["costs@1", "Revenue@2"])
    #expect(try await store.run("table", "show", "revenue@1").status == 0)
    #expect(try await store.run("table", "show", "sales").status == 2)
    for (old, new) in [("revenue", "COSTS"), ("none", "free"), ("revenue", "a b"), ("revenue", "")] {
      let refused = try await store.run("table", "rename", old, new)
      #expect(refused.status == 2 && refused.output.isEmpty && !refused.talk.isEmpty, "\(old) \(new)")
    }
    #expect(try await store.run("store", "check").status == 0)
  }

  @Test("A tag is a reference like a version, moves by compare-and-set, and can be taken away")
  func tag() async throws {
    let store = try await PublishedStore()
    #expect(try changed(try await store.run("table", "tag", "sales@1", "latest-good", "--json")) == ["sales@1"])
    #expect(try await store.id(of: "sales@latest-good") == store.id(of: "sales@1"))
    #expect(try await store.run("table", "head", "sales@latest-good").lines.count > 1)
    #expect(try await store.run("table", "tag", "sales", "latest-good", "--if-version", "2").status == 2)
    #expect(try await store.run("table", "tag", "sales", "latest-good", "--if-version", "1").status == 0)
    #expect(try await store.id(of: "sales@latest-good") == store.id(of: "sales@2"))
    #expect(try await store.run("table", "show", "sales@latest-good").text.contains("tag latest-good"))
    #expect(try await store.run("table", "tag", "sales", "latest-good", "--remove").status == 0)
    #expect(try await store.run("table", "show", "sales@latest-good").status == 2)
    let refusals = [
      ["sales", "3"], ["sales", "a.csv"], ["none", "x"], ["sales@9", "x"], ["sales@1", "x", "--remove"],
    ]
    for arguments in refusals {
      let refused = try await ingest(["table", "tag"] + arguments + ["--store", store.path])
      #expect(refused.status == 2 && refused.output.isEmpty, "\(arguments)")
    }
  }

  @Test("What is deleted is in no list, lookup, health or HTTP answer, until it is restored")
  func delete() async throws {
    let store = try await PublishedStore()
    let id = try await store.id(of: "sales@2")
    let server = try await Server.start(store: store.directory["store"])
    #expect(try await server.curl("/v1/tables/sales@2").status == 200)
    #expect(try await store.run("table", "delete", "sales@2", "--if-version", "1").status == 2)
    let deleted = try await store.run("table", "delete", "sales@2", "--if-version", "2", "--json")
    #expect(try changed(deleted) == ["sales@2"])
    #expect(try await store.listed() == ["costs@1", "sales@1"])
    for path in ["sales@2", id, "sales@2.csv", "sales@2/rejects", "\(id).arrow"] {
      let answer = try await server.curl("/v1/tables/\(path)")
      #expect(answer.status == 404, "\(path)")
      #expect(try answer.code() == "not_found")
    }
    #expect(try await server.curl("/v1/tables/sales").object()["version"] as? Int == 1)
    #expect(try changed(try await store.run("table", "delete", "sales", "--json")) == ["sales@1"])
    #expect(try await server.curl("/v1/tables/sales").status == 404)
    let list = try await server.curl("/v1/tables").object()
    #expect((list["tables"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["costs"])
    let health = try await ingest(["doctor", "--json", "--sandbox-require", "basic", "--store", store.path])
    let seen = try #require(try health.object()["store"] as? [String: Any])
    #expect(seen["tables"] as? Int == 1)
    #expect(try await store.run("table", "delete", "sales").status == 2)
    #expect(try changed(try await store.run("table", "restore", "sales", "--json")) == ["sales@2", "sales@1"])
    #expect(try await server.curl("/v1/tables/sales").object()["version"] as? Int == 2)
    #expect(try await store.run("table", "restore", "sales").status == 2)
    #expect(try await store.run("table", "delete", "sales@9").status == 2)
    #expect(try await store.run("store", "check").status == 0)
  }

  @Test("A deleted table can be uploaded again, with a version that was never given before")
  func again() async throws {
    let store = try await PublishedStore()
    #expect(try await store.run("table", "delete", "sales").status == 0)
    let file = try store.directory.write("in/sales.csv", "id,name\n1,x\n2,y\n")
    #expect(try await ingest("batch", file.path, "--store", store.path).status == 0)
    #expect(try await store.listed() == ["costs@1", "sales@3"])
  }
}
