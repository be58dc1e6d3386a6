// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Two hundred people at once; `Tests/python/overload.py` is all of them.
@Suite("Overload")
struct OverloadTests {
  private struct Tally: Decodable {
    let statuses: [String: Int]
    let busy: Int
    let slowest: Double
  }

  private static func send(_ count: Int, _ prefix: String, to server: Server) async throws -> Tally {
    let port = try #require(server.address.split(separator: ":").last)
    let ended = try await run(
      [try Binaries.python(), "-B", Binaries.script("overload.py"), String(port), String(count), prefix])
    #expect(ended.status == 0, "\(ended.talk)")
    return try JSONDecoder().decode(Tally.self, from: ended.output)
  }

  @Test(
    "Of 200 uploads at once, each is published or told to come back, and the service stays small (DESIGN section 1)")
  func honest() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let tally = try await Self.send(200, "id", to: server)
    #expect(tally.statuses.values.reduce(0, +) == 200)
    #expect(Set(tally.statuses.keys).isSubset(of: ["201", "503"]), "\(tally.statuses)")
    #expect(tally.statuses["503", default: 0] == tally.busy, "a refusal names its code and a time to come back")
    #expect(tally.statuses["201", default: 0] >= 64, "the queue is used before anybody is refused")
    #expect(try server.peakMemory() < 256 << 20)
    #expect(try await server.curl("/livez").status == 200)
  }

  @Test("Where nothing comes to an end, all but those that may wait are refused at once, and the rest in time")
  func stuck() async throws {
    let directory = try TemporaryDirectory()
    let options = ["--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "6", "--waiting-uploads", "4"]
    let server = try await Server.start(store: directory["store"], options)
    let tally = try await Self.send(200, "attack:wait", to: server)
    let held = ProcessInfo.processInfo.activeProcessorCount + 4
    #expect(tally.statuses == ["422": held, "503": 200 - held], "\(tally.statuses)")
    #expect(tally.busy == 200 - held)
    #expect(tally.slowest < 45)
  }
}
