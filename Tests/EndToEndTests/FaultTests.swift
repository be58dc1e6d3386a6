// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What `docs/faults.md` promises, in its short form; `tools/soak` runs the same scripts for longer.
@Suite("Faults")
struct FaultTests {
  /// Runs a script of Python's standard library on the built programs, not in turn: it waits for the disk mostly.
  private func script(_ name: String, _ arguments: String...) async throws -> Ended {
    let options = try await ConfinementLevel.options(for: "batch")
    return try await Child(
      [Binaries.plainPython, "-B", Binaries.script(name), try Binaries.ingest()] + arguments + options, deadline: 240
    ).end()
  }

  private func tally(_ ended: Ended) throws -> [String: Any] {
    #expect(ended.status == 0, "\(ended.talk)")
    return try ended.object()
  }

  @Test("Killed 20 times, at each step of publishing and under uploads, a store loses nothing and keeps no orphan")
  func kills() async throws {
    let faulty = try Binaries.program("faulty-ingest")
    let tally = try tally(try await script("kills.py", faulty, "--kills", "20", "--require-all-steps"))
    #expect(tally["kills"] as? Int == 20)
    #expect(try #require(tally["acknowledged"] as? Int) > 20)
    #expect(try #require(tally["evicted"] as? Int) > 0)
  }

  @Test("Whatever the disk shows after a power cut, everything acknowledged is there, and nothing is half there")
  func powerCuts() async throws {
    let tally = try tally(try await script("power_cuts.py", try await Binaries.faultShim, "--cuts", "6"))
    #expect(tally["cuts"] as? Int == 6)
    #expect(try #require(tally["acknowledged"] as? Int) > 6)
    #expect(try #require(tally["evicted"] as? Int) > 0)
  }

  @Test(
    "A disk whose syncs do nothing loses what was acknowledged, and that is found",
    arguments: ["files", "folders", "catalog"])
  func deaf(_ kind: String) async throws {
    let ended = try await script(
      "power_cuts.py", try await Binaries.faultShim, "--cuts", "12", "--files", "3", "--deaf", kind)
    #expect(ended.status == 1)
    #expect(ended.talk.contains("power_cuts: cut before event"), "\(ended.talk)")
  }

  @Test("A call that fails is told by its code, harms nothing that was there, and the next run completes")
  func failingCalls() async throws {
    let tally = try tally(try await script("faults.py", try await Binaries.faultShim, "--cases", "6"))
    #expect(tally["cases"] as? Int == 6)
    #expect(try #require(tally["fired"] as? Int) >= 5)
  }

  @Test("A service below which calls fail says over HTTP what the disk did, and goes on")
  func service() async throws {
    let directory = try TemporaryDirectory()
    let failures = [
      ("linkat:1:EIO@tables/", 500, "storage_failed"), ("linkat:2:EROFS@tables/", 503, "store_read_only"),
      ("linkat:3:EDQUOT@tables/", 507, "disk_full"),
    ]
    let environment = [
      "LD_PRELOAD": try await Binaries.faultShim, "SHIM_ROOT": directory.url.path,
      "SHIM_FAIL": failures.map(\.0).joined(separator: ","),
    ]
    let server = try await Server.start(store: directory["store"], environment: environment)
    let body = Data("id\n1\n".utf8)
    for (_, status, code) in failures {
      let answer = try await server.curl("/v1/uploads/a.csv", "-T", "-", input: body)
      #expect(answer.status == status)
      #expect(try answer.code() == code)
      #expect(!String(decoding: answer.body, as: UTF8.self).contains(directory.url.path), "C44")
      #expect(try await server.curl("/v1/tables/a").status == 404, "nothing is published")
    }
    #expect(try await server.curl("/v1/uploads/a.csv", "-T", "-", input: body).status == 201)
  }
}
