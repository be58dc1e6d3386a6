// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("The command line")
struct CommandLineTests {
  private static let sample = Binaries.samples.appending(path: "accept/csv/countrypops.csv").path

  @Test(
    "Wrong usage is status 2, said on standard error, with nothing on standard output",
    arguments: [
      ["bogus"], ["--bogus"], ["check"], ["check", "--bogus", "a.csv"], ["check", "a.csv", "--format", "xlsx"],
      ["check", "a.csv", "--header", "maybe"], ["check", "a.csv", "--max-upload", "ten"],
      ["check", "a.csv", "--max-upload", "-1"], ["check", "a.csv", "--max-upload", "99999999999999999999"],
      ["check", "a.csv", "--max-upload", "20000000TB"], ["check", "a.csv", "--sandbox-require", "none"],
      ["check", "a.csv", "--sandbox-require", "best"], ["check", "missing.csv"], ["doctor", "a.csv"],
      ["convert", "a.csv"],
      ["convert", "--to", "csv"], ["convert", "a.csv", "b.csv", "--to", "csv"], ["convert", "a.csv", "--to", "xlsx"],
      ["convert", "missing.csv", "--to", "csv"], ["batch", "a.csv"], ["batch", "--store", "s"],
      ["batch", "missing.csv", "--store", "s"], ["table", "list"], ["table", "bogus", "--store", "s"],
      ["table", "head", "x", "--store", "missing"], ["table", "head", "x", "--rows", "-1", "--store", "missing"],
      ["table", "export", "x", "--store", "missing"], ["limits", "extra"], ["limits", "--max-upload", "x"],
    ])
  func usage(_ arguments: [String]) async throws {
    let directory = try TemporaryDirectory()
    let ended = try await ingest(arguments, in: directory.url)
    #expect(ended.status == 2, "\(ended.talk)")
    #expect(ended.output.isEmpty)
    #expect(!ended.talk.isEmpty)
    #expect(directory.names.isEmpty, "a mistake leaves nothing behind")
  }

  @Test(
    "Help and version are data, with status 0 and every exit status explained",
    arguments: [
      ["--help"], ["-h"], ["help"], ["--version"], ["check", "--help"], ["batch", "--help"], ["convert", "--help"],
      ["table", "--help"], ["table", "head", "--help"], ["limits", "--help"],
      ["doctor", "--help"],
    ])
  func help(_ arguments: [String]) async throws {
    let ended = try await ingest(arguments)
    #expect(ended.status == 0)
    #expect(!ended.output.isEmpty && ended.talk == "")
    if arguments == ["--help"] {
      let words = ended.text.split { $0.isWhitespace }.joined(separator: " ")
      for status in ["0 done", "1 at least one file refused", "2 wrong usage", "70 a failure", "78 the required"] {
        #expect(words.contains(status), "\(status)")
      }
    }
    // Hidden options are for tests only.
    #expect(!ended.text.contains("--worker"))
  }

  @Test("The directory itself and a folder that is named like a table are wrong usage or refused, and no crash")
  func folders() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("folder.csv/a.csv", "id\n1\n")
    for path in [".", "folder.csv"] {
      let ended = try await ingest("check", path, in: directory.url)
      #expect([1, 2].contains(ended.status), "\(path): \(ended.talk)")
    }
  }

  @Test("A missing file among others is wrong usage, and what was found about the others is still told")
  func missingAmongOthers() async throws {
    let ended = try await ingest("check", Self.sample, "missing.csv", "--json")
    #expect(ended.status == 2)
    #expect(ended.text.contains("countrypops.csv"))
  }

  @Test("limits shows every cap with its value, and options change it (C45)")
  func limits() async throws {
    let json = try await ingest("limits", "--json")
    #expect(json.status == 0 && json.talk == "")
    let values = try json.json([String: UInt64].self)
    let expected: [String: UInt64] = [
      "upload-bytes": 1 << 30, "memory-spool-bytes": 16 << 20, "expanded-bytes": 8 << 30, "compression-ratio": 200,
      "columns": 16_384, "rows": 1_000_000_000, "record-bytes": 16 << 20, "cell-bytes": 8 << 20,
      "header-name-bytes": 1024, "file-name-bytes": 255, "archive-entries": 1000, "worker-seconds": 120,
      "output-base-bytes": 256 << 20, "output-factor": 10, "waiting-uploads": 64,
    ]
    for (name, value) in expected { #expect(values[name] == value, "\(name)") }
    let text = try await ingest("limits")
    #expect(text.lines.count == values.count)
    for name in values.keys { #expect(text.lines.contains { $0.hasPrefix(name + " ") }) }
    for (size, bytes) in [("10MB", 10_000_000), ("1GiB", 1 << 30), ("7", 7), ("2 KiB", 2048)] as [(String, UInt64)] {
      let changed = try await ingest("limits", "--json", "--max-upload", size)
      #expect(try changed.json([String: UInt64].self)["upload-bytes"] == bytes)
    }
  }

  @Test(
    "A reader that goes away is an ordinary end: nothing is said, and it is no failure of ours",
    arguments: [
      ["limits"], ["check", "--json", sample], ["convert", sample, "--to", "csv"],
      ["convert", sample, "--to", "arrow"],
      ["--help"],
    ])
  func brokenPipe(_ arguments: [String]) async throws {
    // The reader has ended before a byte is written.
    let command =
      ["-c", "\"$@\" | true; echo ${PIPESTATUS[0]}", "bash", try Binaries.ingest()] + arguments
      + (try await ConfinementLevel.options(for: arguments.first))
    let ended = try await run(["/bin/bash"] + command, deadline: 60)
    #expect(ended.talk == "")
    #expect(["0\n", "141\n"].contains(ended.text), "\(ended.text)")
  }

  @Test("A closed or full standard output is our own failure and no crash", arguments: ["/dev/full"])
  func fullDisk(_ output: String) async throws {
    let ended = try await ingest("convert", Self.sample, "--to", "csv", output: output)
    #expect(ended.status == 70)
    #expect(ended.talk.contains("ENOSPC"))
  }

  @Test("Progress and colours are for terminals: no escape sequence is written to a pipe or a file")
  func noEscapes() async throws {
    let directory = try TemporaryDirectory()
    let check = try await ingest("check", Self.sample)
    let batch = try await ingest("batch", Self.sample, "--store", directory["store"].path)
    let head = try await ingest("table", "head", "countrypops", "--store", directory["store"].path)
    for ended in [check, batch, head] {
      #expect(ended.status == 0)
      #expect(!ended.output.contains(0x1B) && !ended.talk.contains("\u{1B}") && !ended.talk.contains("\r"))
    }
  }

  @Test("Nothing is left in the temporary directory, and $TMPDIR is where spools go (C38)")
  func temporaryFiles() async throws {
    let directory = try TemporaryDirectory()
    for arguments in [["check", "-"], ["convert", "-", "--to", "arrow"], ["convert", Self.sample, "--to", "json"]] {
      let options = try await ConfinementLevel.options(for: arguments.first)
      let command = [try Binaries.ingest()] + arguments + options
      let ended = try await run(
        command, input: Data("id\n1\n".utf8), environment: ["TMPDIR": directory.url.path])
      #expect(ended.status == 0)
    }
    #expect(directory.names.isEmpty)
  }
}
