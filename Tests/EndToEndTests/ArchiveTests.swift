// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Archives and compressed files, through the programs that ship.
@Suite("Archives and compressed files")
struct ArchiveTests {
  /// A debug build expands many times slower than what ships; the bound of two seconds is for the latter.
  #if DEBUG
    private static let bombSeconds = 20.0
  #else
    private static let bombSeconds = 2.0
  #endif
  /// What a worker may take: a decoder's window of 128 MiB, and a little.
  private static let workerBytes = 160 << 20
  /// Runs a program, and says in kibibytes how much memory the largest process had, of it and of its workers.
  ///
  /// A small one starts it: what the tests have themselves would count too.
  private static let measuring = """
    import os, sys
    child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
    _, status, usage = os.wait4(child, 0)
    print(f"peak {usage.ru_maxrss}", file=sys.stderr)
    sys.exit(os.waitstatus_to_exitcode(status))
    """

  private static func sample(_ path: String) -> String { Binaries.samples.appending(path: path).path }

  @Test("Each member is a table of the file's and the member's name; folders and by-products are counted")
  func members() async throws {
    let directory = try TemporaryDirectory()
    let ended = try await ingest(
      "batch", Self.sample("accept/tar/desktop_by_products.tar"), Self.sample("accept/tar/pax.tar"), "--store",
      directory["store"].path, "--json")
    let lines = try ended.batch()
    // Files end in whatever order they are read.
    #expect(
      Set(lines.flatMap { $0.tables.map(\.name) }).isSuperset(of: [
        "desktop_by_products_first", "pax_data_first", "pax_data_second",
      ]))
    let checked = try await ingest("check", "--json", Self.sample("accept/tar/desktop_by_products.tar"))
    let witnesses = try #require(try checked.object()["witnesses"] as? [String: Any])
    #expect(witnesses["passed_over"] as? Int == 3)
    #expect((witnesses["members"] as? [[String: Any]])?.count == 1)
    let explained = try await ingest("check", "--explain", Self.sample("accept/tar/desktop_by_products.tar"))
    #expect(explained.text.contains("entries that were passed over: 3"))
  }

  @Test("What is no table is listed with its verdict beside the tables")
  func verdicts() async throws {
    let ended = try await ingest("check", "--json", Self.sample("accept/zip/compressed_member.zip"))
    let witnesses = try #require(try ended.object()["witnesses"] as? [String: Any])
    let members = try #require(witnesses["members"] as? [[String: Any]])
    #expect(members.map { $0["name"] as? String } == ["first.csv.gz", "first.csv.gz", "readme.pdf"])
    #expect(members.map { $0["code"] as? String } == [nil, nil, "extension_refused"])
  }

  @Test(
    "A member that is damaged, or no text, is listed with its verdict, and the others are tables",
    arguments: [
      ("zip/damaged_member.zip", ["a.csv compressed_corrupt", "b.csv"], ["b.csv"]),
      (
        "zip/undecodable_member.zip", ["first.csv", "second.csv compressed_corrupt", "third.csv"],
        ["first.csv", "third.csv"]
      ),
      (
        "zip/unreadable_members.zip",
        ["table.csv", "damaged.json json_malformed", "packed.csv.gz compressed_corrupt"], ["table.csv"]
      ),
      ("7z/damaged_member.7z", ["Größe.csv compressed_corrupt", "data/first.csv"], ["data/first.csv"]),
    ] as [(String, [String], [String])])
  func damaged(sample: String, verdicts: [String], tables: [String]) async throws {
    let answer = try await ingest("check", "--json", Self.sample("accept/\(sample)")).object()
    let witnesses = try #require(answer["witnesses"] as? [String: Any])
    let members = try #require(witnesses["members"] as? [[String: Any]])
    #expect(
      members.map { [$0["name"] as? String, $0["code"] as? String].compactMap(\.self).joined(separator: " ") }
        == verdicts)
    #expect((witnesses["tables"] as? [[String: Any]])?.map { $0["member"] as? String } == tables)
  }

  @Test("A batch says which members gave no table")
  func refusedMembers() async throws {
    let directory = try TemporaryDirectory()
    let ended = try await ingest(
      "batch", Self.sample("accept/zip/damaged_member.zip"), "--store", directory["store"].path)
    #expect(
      ended.status == 0 && ended.text.contains("\n  note: a.csv was refused: compressed_corrupt"), "\(ended.text)")
  }

  @Test("A pattern of members for what is no archive is refused", arguments: ["csv/pipe.psv", "gzip/tabs.tsv.gz"])
  func noArchive(sample: String) async throws {
    let ended = try await ingest("check", "--json", "--member", "*", Self.sample("accept/\(sample)"))
    #expect(try ended.object()["code"] as? String == "member_missing" && ended.status == 1)
  }

  @Test(
    "Members are chosen by a pattern of their names",
    arguments: [
      ("first.csv", ["data/first.csv"]), ("*.csv", ["data/first.csv", "data/second.csv"]),
      ("data/s*", ["data/second.csv"]),
      ("?????.csv", ["data/first.csv"]), ("none*", []),
    ] as [(String, [String])])
  func chosen(pattern: String, names: [String]) async throws {
    for file in ["accept/tar/ustar.tar", "accept/xz/archive.tar.xz"] {
      let ended = try await ingest("check", "--json", "--member", pattern, Self.sample(file))
      let answer = try ended.object()
      #expect(answer["code"] as? String == (names.isEmpty ? "member_missing" : nil))
      let tables = (answer["witnesses"] as? [String: Any])?["tables"] as? [[String: Any]]
      #expect(tables?.map { $0["member"] as? String } == names)
    }
  }

  @Test("HTTP takes the pattern as a field and as a parameter")
  func http() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let file = Self.sample("accept/7z/lzma2.7z")
    let form = try await server.curl("/v1/uploads", "-F", "member=Gr*", "-F", "file=@\(file)")
    #expect(form.status == 201, "\(String(decoding: form.body, as: UTF8.self))")
    #expect((try form.object()["tables"] as? [[String: Any]])?.map { $0["member"] as? String } == ["Größe.csv"])
    let query = try await server.curl("/v1/uploads/other.7z?member=first.csv", "-T", file)
    #expect((try query.object()["tables"] as? [[String: Any]])?.map { $0["name"] as? String } == ["other_data_first"])
    #expect(try await server.curl("/v1/uploads/other.7z?member=none", "-T", file).code() == "member_missing")
    #expect(try await server.curl("/v1/uploads/other.7z?member=", "-T", file).code() == "invalid_request")
  }

  @Test(
    "C19 names in other scripts stay what they are under any locale", arguments: ["C", "POSIX", "de_DE.ISO-8859-1"])
  func locale(name: String) async throws {
    for file in [
      "accept/7z/lzma2.7z", "accept/tar/pax.tar", "accept/tar/gnu_long_name.tar",
      "accept/zip/non_ascii_member_name.zip",
    ] {
      let ended = try await run(
        [try Binaries.ingest(), "check", "--json", Self.sample(file)] + ConfinementLevel.options(for: "check"),
        environment: ["LC_ALL": name])
      let witnesses = try #require(try ended.object()["witnesses"] as? [String: Any])
      let tables = try #require(witnesses["tables"] as? [[String: Any]])
      #expect(tables.contains { ($0["member"] as? String)?.lowercased().contains("größe.csv") == true }, "\(file)")
    }
  }

  @Test("A table within a container is that of the bare file, byte for byte")
  func sameTables() async throws {
    let script = Binaries.script("honest_archives.py")
    let ended = try await run(
      [Binaries.plainPython, "-B", script, "--ingest", try Binaries.ingest(), "24", "7"], deadline: 240)
    #expect(ended.status == 0, "\(ended.text)\(ended.talk)")
    #expect(ended.text.contains("24 archives") && ended.text.contains(" 0 failures"))
  }

  /// Written once, for all cases.
  private static let bombs = Task<TemporaryDirectory, any Error> {
    let directory = try TemporaryDirectory()
    let ended = try await run([Binaries.plainPython, Binaries.script("archive_bombs.py"), directory.url.path])
    guard ended.status == 0 else { throw Binaries.Missing(description: "archive_bombs.py failed: \(ended.talk)") }
    return directory
  }

  @Test("C16 C17 C19 C20 every bomb ends at its cap in time, under its code, and takes its worker no memory")
  func attacks() async throws {
    let folder = try await Self.bombs.value.url
    let bombs = files(under: folder)
    #expect(bombs.count >= 50)
    for bomb in bombs {
      let file = folder.appending(path: bomb).path
      let ended = try await run(
        [Binaries.plainPython, "-c", Self.measuring, try Binaries.ingest(), "convert", file, "--to", "csv", "--json"]
          + ConfinementLevel.options(for: "convert"))
      #expect(ended.status == 1 && ended.output.isEmpty)
      let code = bomb.split(separator: "/").first.map(String.init) ?? ""
      #expect(ended.talk.contains("refused: \(code)\n"), "\(bomb): \(ended.talk)")
      #expect(ended.seconds < Self.bombSeconds, "\(bomb) took \(ended.seconds) s")
      let peak = try #require(ended.talk.split(separator: "\n").last?.split(separator: " ").last.flatMap { Int($0) })
      #expect((1 << 10..<Self.workerBytes >> 10).contains(peak), "\(bomb) took \(peak) KiB")
    }
  }

  @Test("C16 the service's memory does not grow with bombs")
  func service() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    func peak() throws -> Int {
      let status = try String(contentsOfFile: "/proc/\(server.child.process)/status", encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      return try #require(line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }
    let folder = try await Self.bombs.value.url
    let small = Self.sample("accept/tar/pax.tar")
    #expect(try await server.curl("/v1/uploads/small.tar", "-T", small).status == 201)
    let before = try peak()
    let bombs = files(under: folder).filter { $0.hasPrefix("compression_ratio/") || $0.hasPrefix("archive_malformed/") }
    #expect(bombs.count >= 12)
    for bomb in bombs {
      let path = bomb.split(separator: "/").map(String.init)
      let answer = try await server.curl("/v1/uploads/\(path.last ?? "")", "-T", folder.appending(path: bomb).path)
      #expect(try answer.status == 422 && answer.code() == path.first, "\(bomb)")
    }
    // The uploads themselves are kept in memory while they are judged.
    #expect(try peak() - before < 32 << 20)
  }
}
