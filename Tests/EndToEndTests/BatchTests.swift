// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("ingest batch")
struct BatchTests {
  private func publish(_ directory: TemporaryDirectory, _ paths: [String], _ options: String...) async throws -> Ended {
    try await ingest(["batch", "--json", "--store", directory["store"].path] + paths + options)
  }

  private func listing(_ directory: TemporaryDirectory) async throws -> [TableListing.Table] {
    try (try await ingest("table", "list", "--json", "--store", directory["store"].path)).json(TableListing.self).tables
  }

  @Test("Tables are named by the path relative to the argument; names that collide get six digits of its hash")
  func names() async throws {
    let directory = try TemporaryDirectory()
    for name in [
      "plain.csv", "sub/deep/x.csv", "two words.csv", "Größe.csv", "a.b.csv", "twin.csv", "twin.tsv", "UP/Low.csv",
      "up_low.csv", "__.csv", "-dash.csv",
    ] { try directory.write("in/\(name)", "id,file\n1,\(name)\n") }
    let lines = try (try await publish(directory, [directory["in"].path])).batch()
    var named: [String: String] = [:]
    for line in lines { named[String(line.file.dropFirst(directory["in"].path.count + 1))] = line.tables.first?.name }
    let fixed = [
      "plain.csv": "plain", "sub/deep/x.csv": "sub_deep_x", "two words.csv": "two_words", "Größe.csv": "Größe",
      "a.b.csv": "a_b", "-dash.csv": "-dash",
    ]
    for (file, name) in fixed { #expect(named[file] == name) }
    let renamed = [("twin.csv", "twin"), ("twin.tsv", "twin"), ("UP/Low.csv", "UP_Low"), ("up_low.csv", "up_low")]
    for (file, stem) in renamed {
      let name = try #require(named[file])
      #expect(name.hasPrefix(stem + "-") && name.count == stem.count + 7)
      #expect(name.suffix(6).allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
    let nameless = try #require(named["__.csv"])
    #expect(nameless.hasPrefix("table-") && nameless.count == 14)
    #expect(Set(lines.filter(\.renamed).map(\.file)) == Set(renamed.map { directory["in/\($0.0)"].path }))
    #expect(try await listing(directory).count == lines.count)
  }

  @Test("A folder gives the same names from wherever it is given")
  func namesDoNotDependOnTheCaller() async throws {
    let directory = try TemporaryDirectory()
    for name in ["twin.csv", "twin.tsv", "sub/x.csv"] { try directory.write("in/\(name)", "id,file\n1,\(name)\n") }
    let store = directory["store"].path
    let absolute = try await ingest("batch", directory["in"].path, "--store", store, "--json")
    let relative = try await ingest("batch", ".", "--store", store, "--json", in: directory["in"])
    let names = try [absolute, relative].map { Set(try $0.batch().flatMap { $0.tables.map(\.name) }) }
    #expect(names[0] == names[1])
    #expect(try relative.batch().allSatisfy { $0.status == "known" })
  }

  @Test("A batch never moves or changes its sources, and follows no links")
  func sources() async throws {
    let directory = try TemporaryDirectory()
    let good = try directory.write("in/good.csv", "id\n1\n")
    try directory.write("in/bad.csv", "id\n\u{1}\n")
    try directory.write("outside.csv", "id\n2\n")
    try FileManager.default.createSymbolicLink(
      at: directory["in/link.csv"], withDestinationURL: directory["outside.csv"])
    let before = try FileManager.default.attributesOfItem(atPath: good.path)
    let ended = try await publish(directory, [directory["in"].path])
    #expect(ended.status == 1)
    #expect(ended.talk.contains("link.csv"))
    #expect(try ended.batch().map(\.status).sorted() == ["published", "refused"])
    let after = try FileManager.default.attributesOfItem(atPath: good.path)
    for key in [FileAttributeKey.modificationDate, .systemFileNumber, .size, .posixPermissions] {
      #expect(before[key] as? NSObject == after[key] as? NSObject)
    }
    #expect(files(under: directory["in"]) == ["bad.csv", "good.csv"])
  }

  @Test("The same bytes under a new name are a new table with the same id, and the file is stored once")
  func sameBytes() async throws {
    let directory = try TemporaryDirectory()
    let first = try directory.write("first.csv", "id,name\n1,x\n")
    let second = try directory.write("second.csv", "id,name\n1,x\n")
    let one = try (try await publish(directory, [first.path])).batch()
    let two = try (try await publish(directory, [second.path])).batch()
    #expect(one.map(\.status) == ["published"] && two.map(\.status) == ["published"])
    #expect(one[0].tables.map(\.id) == two[0].tables.map(\.id))
    #expect(try await listing(directory).map(\.name) == ["first", "second"])
    #expect(files(under: directory["store"]).count(where: { $0.hasSuffix(".arrow") }) == 1)
  }

  @Test("A file that is hashed while it is read is known the next time, whatever it is called")
  func largeFile() async throws {
    let directory = try TemporaryDirectory()
    // More than is hashed first, and more than one message of progress.
    let text = "id,name\n" + (0..<600_000).map { "\($0),some text\n" }.joined()
    let first = try directory.write("first.csv", text)
    let one = try (try await publish(directory, [first.path])).batch()
    let again = try (try await publish(directory, [first.path])).batch()
    let second = try directory.write("second.csv", text)
    let two = try (try await publish(directory, [second.path])).batch()
    #expect(one.map(\.status) == ["published"] && again.map(\.status) == ["known"])
    #expect(two.map(\.status) == ["published"] && one[0].tables.map(\.id) == two[0].tables.map(\.id))
    #expect(files(under: directory["store"]).count(where: { $0.hasSuffix(".arrow") }) == 1)
    let refused = try directory.write("third.exe", text)
    #expect(try (try await publish(directory, [refused.path])).batch().map(\.code) == ["extension_refused"])
  }

  @Test("Changed bytes under an old name are a new version; the old one stays, and coming back makes a third")
  func versions() async throws {
    let directory = try TemporaryDirectory()
    let store = directory["store"].path
    for (text, version, status) in [
      ("id\n1\n", 1, "published"), ("id\n1\n", 1, "known"), ("id\n2\n", 2, "published"), ("id\n1\n", 3, "published"),
    ] {
      let file = try directory.write("sales.csv", text)
      let line = try #require(try (try await publish(directory, [file.path])).batch().first)
      #expect(line.status == status)
      #expect(line.tables.map(\.version) == [version])
    }
    for (reference, cell) in [("sales", 1), ("sales@1", 1), ("sales@2", 2), ("SALES@3", 1)] {
      let ended = try await ingest("table", "export", reference, "--to", "ndjson", "--store", store)
      #expect(ended.text == "{\"id\":\(cell)}\n", "\(reference)")
    }
  }

  @Test("Known bytes are judged again: under a refused name or type they are refused")
  func judgedAgain() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "id\n1\n")
    #expect(try await publish(directory, [file.path]).status == 0)
    let bad = try directory.write("a.exe", "id\n1\n")
    #expect(try (try await publish(directory, [bad.path])).batch().map(\.code) == ["extension_refused"])
    let typed = try await publish(directory, [file.path], "--declared-type", "image/png")
    #expect(try typed.batch().map(\.code) == ["declared_type_refused"])
    let small = try await publish(directory, [file.path], "--max-upload", "3")
    #expect(try small.batch().map(\.code) == ["too_large"])
  }

  @Test(
    "The exit status tells what happened",
    arguments: [(["good.csv"], 0), (["good.csv", "bad.csv"], 1), (["missing.csv"], 2), ([], 2)] as [([String], Int32)])
  func statuses(_ names: [String], _ status: Int32) async throws {
    let directory = try TemporaryDirectory()
    try directory.write("good.csv", "id\n1\n")
    try directory.write("bad.csv", "")
    let ended = try await publish(directory, names.map { directory[$0].path })
    #expect(ended.status == status)
    if status == 2 { #expect(ended.output.isEmpty && !ended.talk.isEmpty) }
  }

  @Test("An empty folder is a batch of nothing")
  func emptyFolder() async throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(at: directory["in"], withIntermediateDirectories: true)
    let ended = try await publish(directory, [directory["in"].path])
    #expect(ended.status == 0)
    #expect(ended.output.isEmpty)
  }

  @Test("A directory that is no store is not made one, and nothing in it is touched")
  func foreignDirectory() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "id\n1\n")
    try directory.write("store/diary.txt", "mine")
    let ended = try await publish(directory, [file.path])
    #expect(ended.status == 2)
    #expect(files(under: directory["store"]) == ["diary.txt"])
  }

  @Test("Two batches into one store at the same time publish everything once")
  func atTheSameTime() async throws {
    let directory = try TemporaryDirectory()
    for index in 0..<20 { try directory.write("in/\(index).csv", "id\n\(index)\n") }
    async let left = publish(directory, [directory["in"].path])
    async let right = publish(directory, [directory["in"].path])
    let ended = try await [left, right]
    #expect(ended.map(\.status) == [0, 0], "\(ended.map(\.talk))")
    let tables = try await listing(directory)
    #expect(tables.count == 20 && tables.allSatisfy { $0.version == 1 && $0.rows == 1 })
  }
}
