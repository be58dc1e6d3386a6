// SPDX-License-Identifier: Apache-2.0

import Foundation
import Readers
import Testing
import Validation

@Suite("7z archives")
struct SevenZipTests {
  /// An archive of files in a folder of its own, by 7-Zip.
  static func archive(_ files: [(String, [UInt8])], _ options: [String] = []) throws -> [UInt8] {
    let directory = FileManager.default.temporaryDirectory.appending(path: "ingest-7z-\(UUID())")
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, content) in files {
      let file = directory.appending(path: "in/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content).write(to: file)
    }
    let script = "cd \"$0/in\" && exec 7z a -bd -y \"$@\" ../out.7z . >/dev/null"
    try Fixtures.run(["sh", "-c", script, directory.path] + options)
    return Array(try Data(contentsOf: directory.appending(path: "out.7z")))
  }

  private static let rows = Array("id,name\n".utf8) + (0..<20_000).flatMap { Array("\($0),x\($0 * $0)\n".utf8) }

  @Test(
    "C18 archives of 7-Zip hold what was put in",
    arguments: [
      [], ["-mx=0"], ["-mx=1"], ["-mx=9"], ["-m0=lzma"], ["-m0=lzma2"], ["-m0=bzip2"], ["-m0=ppmd"], ["-m0=deflate"],
      ["-ms=off"], ["-mhc=off"],
    ])
  func honest(options: [String]) throws {
    let files = [("a.csv", Self.rows), ("Größe/表.csv", Self.rows), ("empty.csv", [])]
    let outcome = try unpackSevenZip(try Self.archive(files, options))
    #expect(outcome == .contents(Dictionary(uniqueKeysWithValues: files)))
  }

  @Test(
    "C18 samples are refused with their folder's code",
    arguments: [
      "archive_encrypted", "archive_entry_refused", "archive_malformed", "trailing_data",
    ].flatMap { Fixtures.names("reject/\($0)") }.filter { $0.hasSuffix(".7z") })
  func refusedSamples(path: String) throws {
    #expect(Fixtures.names("reject/archive_malformed").count(where: { $0.hasSuffix(".7z") }) >= 3)
    let code = try unpackSevenZip(try Fixtures.bytes(path)).code
    #expect(path.contains("/\(code?.rawValue ?? "accepted")/"))
  }

  @Test("C18 an archive cut off at any byte is refused", arguments: Fixtures.names("accept/7z"))
  func truncation(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    for length in 1..<bytes.count {
      #expect(try unpackSevenZip(Array(bytes.prefix(length))).code == .archiveMalformed, "\(length)")
    }
  }

  @Test("C18 a changed byte never changes a content silently", arguments: Fixtures.names("accept/7z"))
  func mutation(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    let sound = try unpackSevenZip(bytes)
    guard case .contents(let contents) = sound, !contents.isEmpty else {
      Issue.record("the sample is refused")
      return
    }
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x20
      let outcome = try unpackSevenZip(changed)
      #expect(outcome == sound || outcome.code != nil, "byte \(index)")
    }
  }

  @Test("C16 a bomb is refused for what it declares, before a byte of it is expanded")
  func bomb() throws {
    let bytes = try Self.archive([("zeros.csv", [UInt8](repeating: 0x30, count: 64 << 20))])
    #expect(bytes.count < 64 << 10)
    #expect(try unpackSevenZip(bytes).code == .compressionRatio)
    var caps = defaultCaps
    caps.compressionRatio = .max
    caps.expandedBytes = (64 << 20) - 1
    #expect(try unpackSevenZip(bytes, caps: caps).code == .expandedTooLarge)
  }

  @Test("C16 the number of entries is capped")
  func entries() throws {
    let bytes = try Self.archive((0..<11).map { ("f\($0).csv", [0x30]) })
    #expect(try unpackSevenZip(bytes, maximumEntries: 11).code == nil)
    #expect(try unpackSevenZip(bytes, maximumEntries: 10).code == .archiveTooManyEntries)
  }
}
