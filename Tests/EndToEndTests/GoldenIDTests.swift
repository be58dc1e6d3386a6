// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `golden_ids.json` holds, for each accepted sample (and each member of an archive), the id of its table and the
/// SHA-256 of its Arrow file, as the recipe of `recipe` makes them.
///
/// An id or a digest that moves means that stores out there hold other tables for the same bytes, so `Recipe.version`
/// must be raised in the same change. Then `Tests/python/golden_ids.py` writes the file anew.
@Suite("Golden table ids")
struct GoldenIDTests {
  struct Golden: Decodable {
    struct Table: Decodable, Equatable {
      let id: String
      let sha256: String
    }

    let recipe: Int
    let tables: [String: Table]
  }

  static func golden() throws -> Golden {
    let file = Binaries.root.appending(path: "Tests/EndToEndTests/golden_ids.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  /// A sample's tables by `path` or `path#member`.
  static func ids(_ lines: [BatchAnswer], under folder: String) -> [String: String] {
    var ids: [String: String] = [:]
    for line in lines {
      let path = line.file.replacingOccurrences(of: folder + "/", with: "")
      for table in line.tables { ids[path + (table.member.map { "#\($0)" } ?? "")] = table.id }
    }
    return ids
  }

  @Test("The committed ids are those of the recipe in the source")
  func recipe() throws {
    let source = try String(
      contentsOf: Binaries.root.appending(path: "Sources/WorkerProtocol/Recipe.swift"), encoding: .utf8)
    let line = try #require(source.split(separator: "\n").first { $0.contains("static let version = ") })
    let version = line.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    #expect(try Self.golden().recipe == version, "write golden_ids.json anew for the new recipe")
  }

  @Test("No accepted sample's id or table moved, and a second run knows them all and makes no new version")
  func allSamples() async throws {
    let folder = Binaries.samples.path
    let published = try await PublishedSamples.value
    let first = published.ended
    #expect(first.status == 0)
    let golden = try Self.golden().tables
    let ids = Self.ids(try first.batch(), under: folder)
    #expect(Set(ids.keys) == Set(golden.keys), "a sample came or went: run Tests/python/golden_ids.py")
    for (path, id) in ids { #expect(id == golden[path]?.id, "\(path) moved: raise Recipe.version") }
    try await expectDigests(golden, ids, in: published.store)

    let second = try await ingest(PublishedSamples.command + [published.store.path], deadline: 240)
    #expect(second.status == 0)
    let lines = try second.batch()
    #expect(lines.allSatisfy { $0.status == "known" })
    #expect(lines.flatMap(\.tables).allSatisfy { $0.version == 1 })
    #expect(Self.ids(lines, under: folder) == ids)
  }

  private func expectDigests(_ golden: [String: Golden.Table], _ ids: [String: String], in store: URL) async throws {
    let stored = files(under: store).filter { $0.hasSuffix(".arrow") }
    let sums = try await run(["sha256sum"] + stored, in: store)
    var digests: [String: String] = [:]
    for line in sums.lines {
      let fields = line.split(separator: " ")
      let id = URL(filePath: String(fields[1])).deletingPathExtension().lastPathComponent
      digests[id] = String(fields[0])
    }
    for (path, id) in ids {
      #expect(digests[id] == golden[path]?.sha256, "the table of \(path) moved: raise Recipe.version")
    }
  }

  @Test(
    "An id depends on the bytes and the options, and on nothing else",
    arguments: ["accept/csv/airports.csv", "accept/gzip/tabs.tsv.gz", "accept/zip/two_dialects.zip"])
  func independence(_ path: String) async throws {
    let directory = try TemporaryDirectory()
    let original = Binaries.samples.appending(path: path)
    let suffix = original.lastPathComponent.drop { $0 != "." }
    let copy = try directory.write("deep/er/Ünrelated name\(suffix)", Data(contentsOf: original))
    var ids: [[String]] = []
    for (store, file, options) in [
      ("a", original, []), ("b", copy, []), ("c", copy, ["--declared-type", "application/octet-stream"]),
      ("d", copy, ["--worker-seconds", "77"]), ("e", copy, ["--header", "never"]),
    ] as [(String, URL, [String])] {
      let ended = try await ingest(["batch", file.path, "--store", directory[store].path, "--json"] + options)
      ids.append(try ended.batch().flatMap { $0.tables.map(\.id) })
    }
    #expect(!ids[0].isEmpty)
    #expect(ids[1] == ids[0] && ids[2] == ids[0] && ids[3] == ids[0])
    #expect(Set(ids[4]).isDisjoint(with: ids[0]), "options are part of the identity")
  }
}
