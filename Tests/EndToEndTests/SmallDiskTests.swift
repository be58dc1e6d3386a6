// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A file system of its own in memory, which is unmounted with its owner.
private final class SmallDisk: Sendable {
  private let directory: TemporaryDirectory

  var url: URL { directory["disk"] }
  var store: URL { url.appending(path: "store") }

  private init(_ directory: TemporaryDirectory) { self.directory = directory }

  /// Mounts one; cancels the test where this user may not.
  static func mount(megabytes: Int) async throws -> SmallDisk {
    let disk = SmallDisk(try TemporaryDirectory())
    try FileManager.default.createDirectory(at: disk.url, withIntermediateDirectories: false)
    let ended = try await run(["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "ingest-test", disk.url.path])
    guard ended.status != 0 else { return disk }
    FileHandle.standardError.write(Data("skipped: a small disk cannot be mounted\n".utf8))
    try Test.cancel("a small disk cannot be mounted")
  }

  /// Makes it read-only, or writable again.
  func remount(_ mode: String) async throws {
    let ended = try await run(["mount", "-o", "remount,\(mode)", url.path])
    try #require(ended.status == 0, "\(ended.talk)")
  }

  /// Files of somebody else's that fill it up; nothing is left.
  func fill() throws -> URL {
    let file = url.appending(path: "somebody-elses")
    FileManager.default.createFile(atPath: file.path, contents: nil)
    let handle = try FileHandle(forWritingTo: file)
    for piece in [1 << 16, 1 << 12, 1] {
      while (try? handle.write(contentsOf: Data(repeating: 1, count: piece))) != nil {}
    }
    return file
  }

  deinit {
    let unmount = try? Process.run(URL(filePath: "/usr/bin/umount"), arguments: ["--lazy", url.path])
    unmount?.waitUntilExit()
  }
}

@Suite("A small disk")
struct SmallDiskTests {
  private static let small = Data("id\n1\n".utf8)

  /// Rows that take about as many bytes in their table.
  private static func rows(_ count: Int, _ seed: Int) -> Data {
    Data(("id,v\n" + (0..<count).map { "\($0 &+ seed),\($0 % 7)\n" }.joined()).utf8)
  }

  private func put(_ name: String, _ body: Data, _ server: Server) async throws -> Server.Answer {
    try await server.curl("/v1/uploads/\(name).csv", "-T", "-", input: body)
  }

  @Test("What does not fit is answered with disk_full; what is there stays, and freed space is used without a restart")
  func full() async throws {
    let disk = try await SmallDisk.mount(megabytes: 8)
    let server = try await Server.start(store: disk.store)
    #expect(try await put("before", Self.small, server).status == 201)
    let large = try await put("large", Self.rows(900_000, 1), server)
    #expect(large.status == 507)
    #expect(try large.code() == "disk_full")
    let unspooled = try await put("unspooled", Data(repeating: UInt8(ascii: "1"), count: 24 << 20), server)
    #expect(unspooled.status == 507, "it is larger than what is kept in memory")
    #expect(try unspooled.code() == "disk_full")
    #expect(try await put("between", Data("id\n2\n".utf8), server).status == 201, "a smaller one fits")

    let filler = try disk.fill()
    for turn in 0..<3 {
      let answer = try await put("small-\(turn)", Self.rows(2000, turn), server)
      #expect(answer.status == 507)
      #expect(try answer.code() == "disk_full")
    }
    for name in ["before", "between"] {
      #expect(try await server.curl("/v1/tables/\(name).csv").status == 200)
    }
    try FileManager.default.removeItem(at: filler)
    #expect(try await put("after", Data("id\n3\n".utf8), server).status == 201)
    let checked = try await ingest("store", "check", "--store", disk.store.path, "--json")
    #expect(checked.status == 0, "\(checked.text)")
    #expect(try checked.object()["files"] as? Int == 3)
    let originals = files(under: disk.store.appending(path: "originals"))
    #expect(originals.isEmpty, "what is kept beside tables leaves them the disk")
  }

  @Test("A batch says for each file that the disk is full, with exit status 70, and completes once there is space")
  func batch() async throws {
    let disk = try await SmallDisk.mount(megabytes: 8)
    let directory = try TemporaryDirectory()
    try directory.write("in/small.csv", Self.small)
    let command = ["batch", directory["in"].path, "--store", disk.store.path, "--json"]
    #expect(try await ingest(command).status == 0)
    let filler = try disk.fill()
    try directory.write("in/more.csv", Self.rows(2000, 0))
    let ended = try await ingest(command)
    #expect(ended.status == 70)
    // Not even the folder of its passing files can be made where nothing at all is left.
    #expect(ended.talk.contains("the disk is full"), "\(ended.talk)")
    for line in try ended.batch() where line.status == "failed" { #expect(line.code == "disk_full") }
    try FileManager.default.removeItem(at: filler)
    let again = try await ingest(command)
    #expect(again.status == 0, "\(again.talk)")
    #expect(Set(try again.batch().map(\.status)) == ["known", "published"])
  }

  @Test("A store on a file system that became read-only is called so, and its tables can be read")
  func readOnly() async throws {
    let disk = try await SmallDisk.mount(megabytes: 8)
    let directory = try TemporaryDirectory()
    let file = try directory.write("more.csv", Self.rows(10, 1))
    #expect(try await ingest("batch", file.path, "--store", disk.store.path).status == 0)
    try await disk.remount("ro")
    let refused = try await ingest("batch", file.path, "--store", disk.store.path, "--json")
    #expect(refused.status == 70)
    #expect(refused.talk.contains("cannot be written to"), "\(refused.talk)")
    #expect(try await ingest("table", "list", "--store", disk.store.path).status == 0)
    try await disk.remount("rw")
    #expect(try await ingest("batch", file.path, "--store", disk.store.path).status == 0)
  }
}
