// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("ingest store")
struct StoreCommandTests {
  private func codes(_ ended: Ended, _ key: String = "problems") throws -> [String] {
    try #require(try ended.object()[key] as? [[String: Any]]).compactMap { $0["code"] as? String }
  }

  // MARK: check

  @Test("A sound store is verified whole, its rejects too")
  func sound() async throws {
    let store = try await PublishedStore()
    // To read a catalog, SQLite makes files beside it.
    func stored() -> [String] { files(under: store.directory["store"]).filter { !$0.hasPrefix("catalog.sqlite-") } }
    let before = stored()
    let checked = try await store.run("store", "check", "--json")
    #expect(checked.status == 0 && checked.talk == "")
    let report = try checked.object()
    #expect(report["sound"] as? Bool == true && report["files"] as? Int == 4 && report["audit_rows"] as? Int == 6)
    #expect(try codes(checked) == [] && codes(checked, "warnings") == [])
    #expect(try await store.run("store", "check").text.hasPrefix("sound, 4 files verified"))
    #expect(stored() == before, "looking changes nothing")
  }

  @Test("A file that is missing, cut off or longer than it was is found, and named with its table")
  func lengths() async throws {
    let store = try await PublishedStore()
    let id = try await store.id(of: "sales@1")
    let whole = try Data(contentsOf: store.file(of: id))
    for (bytes, code) in [
      (nil, "file_missing"), (whole.dropLast(1), "file_differs"), (whole + [0], "file_differs"),
      (Data(), "file_differs"), (Data(repeating: 0, count: whole.count), "file_damaged"),
    ] as [(Data?, String)] {
      try? FileManager.default.removeItem(at: store.file(of: id))
      try bytes?.write(to: store.file(of: id))
      let checked = try await store.run("store", "check", "--json")
      #expect(checked.status == 70)
      #expect(try codes(checked) == [code])
      let problems = try #require(try checked.object()["problems"] as? [[String: Any]])
      let problem = try #require(problems.first)
      #expect(problem["subject"] as? String == id && problem["tables"] as? [String] == ["sales@1"])
    }
    try FileManager.default.removeItem(at: store.file(of: id))
    try whole.write(to: store.file(of: id))
    #expect(try await store.run("store", "check").status == 0)
  }

  @Test("A table in the place of another is found, and so is a catalog that describes another one")
  func others() async throws {
    let store = try await PublishedStore()
    let ids = try await (store.id(of: "sales@1"), store.id(of: "costs"))
    for (sql, code) in [
      ("UPDATE reading_output SET rows = rows + 1 WHERE table_id = '\(ids.0)'", "file_differs"),
      ("UPDATE reading_output SET rows = rows - 1, columns = 9 WHERE table_id = '\(ids.0)'", "file_differs"),
      ("UPDATE named_table SET latest = 1 WHERE folded = 'sales'", "catalog_damaged"),
      ("PRAGMA foreign_keys = OFF; DELETE FROM upload WHERE rowid = 1", "catalog_damaged"),
    ] {
      let copy = try await PublishedStore()
      try await copy.sql(sql)
      let checked = try await copy.run("store", "check", "--json")
      #expect(checked.status == 70, "\(sql)")
      #expect(try codes(checked).contains(code), "\(sql): \(checked.text)")
    }
    #expect(ids.0 != ids.1)
  }

  @Test("A bit that flips in metadata, offsets, validity or padding of a file is found wherever a check can see it")
  func flips() async throws {
    let store = try await PublishedStore()
    let url = store.file(of: try await store.id(of: "sales@1"))
    let whole = try Data(contentsOf: url)
    // The first column's validity, two bits of it; the text's offsets; padding; the footer; the first message.
    var places = [8, 40, whole.count - 1, whole.count - 20, whole.count - 60]
    places += stride(from: 16, to: whole.count, by: 389)
    var found = 0
    for place in places {
      try store.damage(url) { $0[place] ^= 0x80 }
      let checked = try await store.run("store", "check", "--json")
      #expect([0, 70].contains(checked.status), "\(place): \(checked.talk)")
      if checked.status == 70 { found += 1 }
      try store.damage(url) { $0 = whole }
    }
    #expect(found == places.count, "\(found) of \(places.count)")
  }

  @Test("A value that became another one is found by its checksum, and is not recorded")
  func changed() async throws {
    let store = try await PublishedStore()
    let url = store.file(of: try await store.id(of: "sales@1"))
    let whole = try Data(contentsOf: url)
    let one = try #require(whole.firstRange(of: Data([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])))
    // One that lies between the least and the greatest.
    try store.damage(url) { $0[one.lowerBound] = 2 }
    for options in [[], ["--record"], []] {
      let checked = try await ingest(["store", "check", "--json", "--store", store.path] + options)
      #expect(try checked.status == 70 && codes(checked) == ["file_damaged"])
    }
    try store.damage(url) { $0 = whole }
    #expect(try await store.run("store", "check").status == 0)
  }

  @Test("Of a table without checksums, a value beyond the least and the greatest is found, and is not recorded")
  func counted() async throws {
    let store = try await PublishedStore()
    // As programs published that did not count them.
    try await store.sql("UPDATE reading_output SET checksums = NULL, rejects_checksums = NULL")
    let url = store.file(of: try await store.id(of: "sales@1"))
    let whole = try Data(contentsOf: url)
    let one = try #require(whole.firstRange(of: Data([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])))
    try store.damage(url) { $0[one.lowerBound] = 7 }
    for options in [[], ["--record"], []] {
      let checked = try await ingest(["store", "check", "--json", "--store", store.path] + options)
      #expect(try checked.status == 70 && codes(checked) == ["file_differs"])
    }
    try store.damage(url) { $0 = whole }
    #expect(try await store.run("store", "check").status == 0)
  }

  @Test("Statistics that are damaged in the catalog are a problem of the store, and none of the table's are shown")
  func damagedStatistics() async throws {
    let store = try await PublishedStore()
    try await store.sql("UPDATE reading_output SET statistics = '[{}]' WHERE ordinal = 0")
    let shown = try await store.run("table", "show", "costs")
    #expect(shown.status == 70 && shown.text == "")
    let checked = try await store.run("store", "check", "--json")
    #expect(try checked.status == 70 && codes(checked).contains("catalog_damaged"))
  }

  @Test("Once digests are recorded every bit that flips is found, until the file goes with its digest")
  func digests() async throws {
    let store = try await PublishedStore()
    let id = try await store.id(of: "sales@1")
    let recorded = try await store.run("store", "check", "--record", "--json")
    #expect(recorded.status == 0)
    #expect(try recorded.object()["recorded_digests"] as? Int == 4)
    let again = try await store.run("store", "check", "--record", "--json")
    #expect(try again.object()["recorded_digests"] as? Int == 0 && again.object()["compared_digests"] as? Int == 4)
    let url = store.file(of: id)
    let whole = try Data(contentsOf: url)
    for place in stride(from: 5, to: whole.count, by: 131) {
      try store.damage(url) { $0[place] ^= 1 }
      let checked = try await store.run("store", "check", "--json")
      #expect(checked.status == 70, "\(place)")
      #expect(try codes(checked) == ["file_damaged"], "\(place)")
      try store.damage(url) { $0 = whole }
    }
    // Of a number, which can be any number.
    let one = try #require(whole.firstRange(of: Data([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])))
    try store.damage(url) { $0[one.lowerBound] = 7 }
    #expect(try await codes(store.run("store", "check", "--json")) == ["file_damaged"])
    #expect(try await store.run("table", "delete", "sales@1").status == 0)
    #expect(try await store.run("store", "gc", "--retention", "0", "--grace", "0").status == 0)
    let rest = try await store.run("store", "check", "--json")
    #expect(try rest.status == 0 && rest.object()["compared_digests"] as? Int == 3)
  }

  @Test("A catalog that is damaged is a problem, and not a crash", arguments: [0, 100, 4_096, 8_192])
  func damagedCatalog(_ offset: Int) async throws {
    let store = try await PublishedStore()
    let url = store.directory["store/catalog.sqlite"]
    var bytes = try Data(contentsOf: url)
    bytes.replaceSubrange(offset..<offset + 64, with: Data(repeating: 0xA5, count: 64))
    try bytes.write(to: url)
    let checked = try await store.run("store", "check", "--json")
    #expect(checked.status == 70, "\(checked.status) \(checked.talk)")
    #expect(try codes(checked).contains("catalog_damaged"))
  }

  @Test("Files that nothing refers to, and things of somebody else's, are warnings")
  func warnings() async throws {
    let store = try await PublishedStore()
    let id = String(repeating: "a", count: 64)
    try store.directory.write("store/tables/aa/\(id).arrow", "left over")
    try store.directory.write("store/tables/aa/notes.txt", "mine")
    try store.directory.write("store/tables/README", "mine")
    let checked = try await store.run("store", "check", "--json")
    #expect(checked.status == 0)
    #expect(try codes(checked, "warnings").sorted() == ["orphan", "stranger", "stranger"])
    #expect(try await store.run("store", "check").lines.count == 4)
  }

  @Test(
    "No store is wrong usage, and is not made by looking or changing",
    arguments: [
      ["store", "check"], ["store", "check", "--record"], ["store", "gc"], ["store", "stats"], ["audit", "verify"],
      ["table", "delete", "sales"], ["table", "tag", "sales", "good"],
    ])
  func missing(_ command: [String]) async throws {
    let directory = try TemporaryDirectory()
    try directory.write("other/file", "x")
    for name in ["other", "none"] {
      #expect(try await ingest(command + ["--store", directory[name].path]).status == 2, "\(name)")
    }
    #expect(directory.names == ["other"] && files(under: directory["other"]) == ["file"])
  }

  // MARK: gc and stats

  @Test("gc removes deleted versions and orphans in time, a dry run tells them, and check is content after both")
  func collect() async throws {
    let store = try await PublishedStore()
    let id = String(repeating: "a", count: 64)
    try store.directory.write("store/tables/aa/\(id).arrow", "left over")
    let files = store.tableFiles
    _ = try await store.run("table", "delete", "sales@2")
    let kept = try await store.run("store", "gc", "--json")
    #expect(kept.status == 0)
    #expect(try kept.object()["files"] as? Int == 0 && kept.object()["young_files"] as? Int == 1)
    #expect(store.tableFiles == files)
    let dry = try await store.run("store", "gc", "--dry-run", "--retention", "0", "--grace", "0s", "--json")
    #expect(try dry.object()["versions"] as? [String] == ["sales@2"] && dry.object()["dry_run"] as? Bool == true)
    // The table, its rejects, and the one that nothing refers to.
    #expect(try dry.object()["files"] as? Int == 3)
    #expect(store.tableFiles == files)
    let collected = try await store.run("store", "gc", "--retention", "0", "--grace", "0")
    #expect(collected.status == 0 && collected.lines.first == "removed sales@2")
    #expect(store.tableFiles.count == files.count - 3)
    #expect(try await store.run("table", "restore", "sales@2").status == 2)
    let checked = try await store.run("store", "check", "--json")
    #expect(checked.status == 0)
    #expect(try codes(checked, "warnings") == [])
    #expect(try await store.run("store", "gc", "--retention", "soon").status == 2)
  }

  @Test("stats tells tables, uploads, bytes by kind and the audit log")
  func statistics() async throws {
    let store = try await PublishedStore()
    try store.directory.write("store/tables/aa/\(String(repeating: "a", count: 64)).arrow", "left over")
    _ = try await store.run("table", "delete", "sales@1")
    let found = try await store.run("store", "stats", "--json")
    #expect(found.status == 0)
    let numbers = try found.object()
    #expect(numbers["tables"] as? Int == 2 && numbers["versions"] as? Int == 2)
    #expect(numbers["deleted_versions"] as? Int == 1 && numbers["uploads_accepted"] as? Int == 3)
    #expect(numbers["rejected_records"] as? Int == 1 && numbers["audit_rows"] as? Int == 7)
    #expect(numbers["orphans"] as? Int == 1 && numbers["files"] as? Int == 4)
    let bytes = try #require(numbers["bytes"] as? [String: Int])
    #expect(bytes["orphans"] == 9 && bytes["tables", default: 0] > 0 && bytes["rejects", default: 0] > 0)
    #expect(bytes["catalog", default: 0] > 0)
    #expect(try await store.run("store", "stats").lines.count == 8)
  }
}
