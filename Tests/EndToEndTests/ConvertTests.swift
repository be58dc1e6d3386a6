// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("ingest convert")
struct ConvertTests {
  private static let table = """
    id,name,score,day,seen,ok
    1,Zürich,1.50,2024-02-29,2024-01-01T10:00:00Z,true
    2,"",,,,

    """

  static let forms = [
    (
      "csv",
      "id,name,score,day,seen,ok\r\n1,Zürich,1.5,2024-02-29,2024-01-01T10:00:00Z,true\r\n2,\"\",,,,\r\n"
    ),
    (
      "json",
      """
      [
      {"id":1,"name":"Zürich","score":1.5,"day":"2024-02-29","seen":"2024-01-01T10:00:00Z","ok":true},
      {"id":2,"name":"","score":null,"day":null,"seen":null,"ok":null}
      ]

      """
    ),
    (
      "ndjson",
      """
      {"id":1,"name":"Zürich","score":1.5,"day":"2024-02-29","seen":"2024-01-01T10:00:00Z","ok":true}
      {"id":2,"name":"","score":null,"day":null,"seen":null,"ok":null}

      """
    ),
  ]

  @Test("A table is written in each text form, from a file and from standard input", arguments: forms)
  func text(_ form: String, _ expected: String) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", Self.table)
    let fromFile = try await ingest("convert", file.path, "--to", form)
    #expect(fromFile.status == 0)
    #expect(fromFile.text == expected)
    #expect(fromFile.talk == "")
    let fromInput = try await ingest("convert", "-", "--to", form, input: Data(Self.table.utf8))
    #expect(fromInput.status == 0)
    #expect(fromInput.output == fromFile.output)
  }

  @Test("The Arrow stream is a byte range of the Arrow file, from a file and from standard input")
  func arrow() async throws {
    let sample = Binaries.samples.appending(path: "accept/csv/exibble.csv")
    let file = try await ingest("convert", sample.path, "--to", "arrow").output
    let stream = try await ingest("convert", "-", "--to", "arrows", input: try Data(contentsOf: sample)).output
    #expect(file.prefix(6) == Data("ARROW1".utf8) && file.suffix(6) == Data("ARROW1".utf8))
    #expect(file.dropFirst(8).starts(with: stream))
    #expect(stream.suffix(8) == Data([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]))
  }

  @Test("A pipe that is named like a file is received like standard input")
  func namedPipe() async throws {
    let directory = try TemporaryDirectory()
    let path = directory["table.csv"].path
    // SAFETY: the string outlives the call and ends in a zero.
    #expect(unsafe mkfifo(path, 0o600) == 0)
    // One process starts both ends: a test that waits for its turn to start the other one could wait for ever.
    let both = "printf 'id\\n7\\n' > \"$1\" & exec \"$0\" convert \"$@\""
    let options = try await ConfinementLevel.options(for: "convert")
    let ended = try await run(
      ["/bin/sh", "-c", both, try Binaries.ingest(), path, "--to", "ndjson"] + options, deadline: 60)
    #expect(ended.text == "{\"id\":7}\n", "\(ended.talk)")
  }

  @Test("An output file appears complete or not at all, and a refusal leaves the old one as it is")
  func atomicOutput() async throws {
    let directory = try TemporaryDirectory()
    let good = try directory.write("good.csv", "id\n1\n")
    let bad = try directory.write("bad.csv", "id\n\u{1}\n")
    let output = try directory.write("out.ndjson", "old")
    let refused = try await ingest("convert", bad.path, "--to", "ndjson", "-o", output.path)
    #expect(refused.status == 1)
    #expect(try String(contentsOf: output, encoding: .utf8) == "old")
    let inode = try FileManager.default.attributesOfItem(atPath: output.path)[.systemFileNumber] as? Int
    let done = try await ingest("convert", good.path, "--to", "ndjson", "-o", output.path)
    #expect(done.status == 0)
    #expect(done.output.isEmpty)
    #expect(try String(contentsOf: output, encoding: .utf8) == "{\"id\":1}\n")
    // Replaced by another file, not written over.
    #expect(try FileManager.default.attributesOfItem(atPath: output.path)[.systemFileNumber] as? Int != inode)
    #expect(directory.names == ["bad.csv", "good.csv", "out.ndjson"])
  }

  @Test("An output that cannot be written is a usage error and leaves nothing", arguments: ["missing/out", "folder"])
  func unwritableOutput(_ name: String) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "id\n1\n")
    try directory.write("folder/kept", "x")
    let ended = try await ingest("convert", file.path, "--to", "csv", "-o", directory[name].path)
    #expect(ended.status == 2)
    #expect(directory.names == ["a.csv", "folder"])
  }

  @Test("A file is refused with its code on standard error, nothing on standard output and status 1")
  func refused() async throws {
    let file = Binaries.samples.appending(path: "reject/content_refused/elf_program.csv").path
    let ended = try await ingest("convert", file, "--to", "csv")
    #expect(ended.status == 1)
    #expect(ended.output.isEmpty)
    #expect(ended.talk.contains("content_refused"))
  }

  @Test("A member of an archive is chosen by name; without a choice the names are told")
  func members() async throws {
    let archive = Binaries.samples.appending(path: "accept/zip/two_dialects.zip").path
    let chosen = try await ingest("convert", archive, "--to", "csv", "--member", "b.tsv")
    #expect(chosen.text == "id,score\r\n1,1.5\r\n2,2.5\r\n3,3.5\r\n")
    for options in [[], ["--member", "*.*"]] {
      let ended = try await ingest(["convert", archive, "--to", "csv"] + options)
      #expect(ended.status == 2)
      #expect(ended.output.isEmpty)
      #expect(ended.talk.contains("a.csv, b.tsv, c.txt"))
    }
    let missing = try await ingest("convert", archive, "--to", "csv", "--member", "missing.csv")
    #expect(missing.status == 1 && missing.output.isEmpty && missing.talk.contains("member_missing"))
  }

  @Test("The report is JSON on standard error where it is asked for")
  func report() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/semicolon.csv").path
    let ended = try await ingest("convert", file, "--to", "ndjson", "--json")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(ended.talk.utf8)) as? [String: Any])
    let tables = try #require(report["tables"] as? [[String: Any]])
    #expect((tables.first?["dialect"] as? [String: Any])?["delimiter"] as? String == ";")
  }
}
