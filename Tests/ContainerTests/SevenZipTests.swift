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

  /// The same by bsdtar.
  private static func archive(byBsdtar files: [(String, [UInt8])], _ compression: String) throws -> [UInt8] {
    let directory = FileManager.default.temporaryDirectory.appending(path: "ingest-7z-\(UUID())")
    defer { try? FileManager.default.removeItem(at: directory) }
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (name, content) in files { try Data(content).write(to: directory.appending(path: name)) }
    // A pipe would be filled up with zeros.
    let out = directory.appending(path: "out.7z")
    try Fixtures.run(
      ["bsdtar", "-cf", out.path, "-C", directory.path, "--format", "7zip"]
        + ["--options", "7zip:compression=\(compression)"] + files.map { $0.0 })
    return Array(try Data(contentsOf: out))
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

  /// Files of different lengths, of which most share a stream.
  private static let many = (0..<25).map { number in
    (number % 7 == 3 ? "e\(number).csv" : "f\(number).csv", number % 7 == 3 ? [] : Array(rows.prefix(number * 331 + 1)))
  }

  @Test(
    "C18 contents that share streams come one by one, whatever packs them",
    arguments: ["-m0=copy", "-m0=lzma", "-m0=lzma2", "-m0=bzip2", "-m0=ppmd", "-m0=deflate"].flatMap { method in
      ["-ms=on", "-ms=4f", "-ms=off"].map { [method, $0] }
    })
  func shared(options: [String]) throws {
    let outcome = try unpackSevenZip(try Self.archive(Self.many, options))
    let isSame = outcome == .contents(Dictionary(uniqueKeysWithValues: Self.many))
    #expect(isSame, "\(outcome.code?.rawValue ?? "other contents")")
  }

  @Test("C18 so do those of bsdtar", arguments: ["store", "lzma1", "lzma2", "bzip2", "ppmd", "deflate"])
  func sharedByBsdtar(compression: String) throws {
    let outcome = try unpackSevenZip(try Self.archive(byBsdtar: Self.many, compression))
    let isSame = outcome == .contents(Dictionary(uniqueKeysWithValues: Self.many))
    #expect(isSame, "\(outcome.code?.rawValue ?? "other contents")")
  }

  @Test(
    "C18 samples are refused with their folder's code",
    arguments: [
      "archive_encrypted", "archive_entry_refused", "archive_malformed", "trailing_data",
    ].flatMap { Fixtures.names("reject/\($0)") }.filter { $0.hasSuffix(".7z") && !$0.contains("only_member_damaged") })
  func refusedSamples(path: String) throws {
    #expect(Fixtures.names("reject/archive_malformed").count(where: { $0.hasSuffix(".7z") }) >= 3)
    let damaged = try unpackSevenZip(try Fixtures.bytes("reject/archive_malformed/only_member_damaged.7z"))
    #expect(damaged.code == .compressedCorrupt)
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

  @Test(
    "C18 a changed byte never changes a content silently",
    arguments: Fixtures.names("accept/7z").filter { !$0.contains("damaged_") })
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
