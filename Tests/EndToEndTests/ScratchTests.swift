// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What an upload leaves in the scratch, and in the service's own hands, however it ends.
@Suite("Scratch")
struct ScratchTests {
  /// Spools of files above 16 MiB lie on disk.
  private static let large =
    "id,name\n" + String(repeating: "1,\(String(repeating: "text that takes room ", count: 50))\n", count: 17_000)

  /// Files without a name that the process holds: spools, scratch, outputs.
  private static func held(by process: pid_t) throws -> [String] {
    let folder = "/proc/\(process)/fd"
    return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { number in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(number)")
      return target.flatMap { $0.hasSuffix(" (deleted)") && !$0.contains("/anon_hugepage") ? $0 : nil }
    }
  }

  private static func expectNothing(in directory: TemporaryDirectory, _ server: Server) async throws {
    #expect(files(under: directory["store/scratch"]).isEmpty)
    let folders = try FileManager.default.contentsOfDirectory(atPath: directory["store/scratch"].path)
    #expect(folders.count == 1, "one for each running service")
    // An answer is sent before the last descriptor of its upload is closed.
    let end = ContinuousClock.now + .seconds(60)
    while try !held(by: server.child.process).isEmpty, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(5))
    }
    let left = try held(by: server.child.process)
    #expect(left == [], "\(left)")
  }

  @Test(
    "C38 C14 nothing is left of an upload that is published, refused, given up by its client or read by a crashing worker"
  )
  func everyEnd() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"], ["--worker", try Binaries.misbehavingWorker()])
    let file = try directory.write("large.csv", Self.large)
    #expect(try await server.curl("/v1/uploads", "-F", "file=@\(file.path)").status == 201)
    try await Self.expectNothing(in: directory, server)

    let refused = try directory.write("refused.csv", Self.large + "\u{0}\n")
    #expect(try await server.curl("/v1/uploads", "-F", "file=@\(refused.path)").status == 422)
    try await Self.expectNothing(in: directory, server)

    let crashing = try directory.write("crashing.csv", "attack:crash,b\n" + Self.large)
    #expect(try await server.curl("/v1/uploads", "-F", "file=@\(crashing.path)").status == 422)
    try await Self.expectNothing(in: directory, server)

    let slow = try Child(
      ["curl", "-sS", "--limit-rate", "8M", "-T", file.path, server.address + "/v1/uploads/slow.csv"])
    while try Self.held(by: server.child.process).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    slow.killGroup()
    _ = try await slow.end()
    try await Self.expectNothing(in: directory, server)
  }

  @Test("C38 a service that was killed in the middle of an upload leaves what the next start removes")
  func killed() async throws {
    let directory = try TemporaryDirectory()
    let options = ["--worker", try Binaries.misbehavingWorker()]
    let server = try await Server.start(store: directory["store"], options)
    let file = try directory.write("a.csv", "attack:wait,b\n" + Self.large)
    let upload = try Child(["curl", "-sS", "-F", "file=@\(file.path)", server.address + "/v1/uploads"])
    let worker = try await server.child.firstWorker()
    let before = try FileManager.default.contentsOfDirectory(atPath: directory["store/scratch"].path)
    server.child.signal(SIGKILL)
    _ = try await (server.child.end(), upload.end())
    while kill(worker, 0) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    let next = try await Server.start(store: directory["store"], options)
    let after = try FileManager.default.contentsOfDirectory(atPath: directory["store/scratch"].path)
    #expect(before.count == 1 && after.count == 1 && before != after)
    try await Self.expectNothing(in: directory, next)
    #expect(files(under: directory["store"]).allSatisfy { !$0.hasSuffix(".arrow") })
  }
}
