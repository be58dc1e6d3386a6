// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Workers that tamper with their own honest results; `Tests/MisbehavingWorker/Tampering.swift` is what they do.
@Suite("Tampered results")
struct TamperingTests {
  @Test("Of 100 results that were corrupted at random, none is published that is no table (C40)")
  func random() async throws {
    let ended = try await run(
      [try Binaries.python(), "-B", Binaries.script("tampered_results.py"), try Binaries.ingest()]
        + [try Binaries.misbehavingWorker(), "100", "1"] + ConfinementLevel.options(for: "batch"))
    #expect(ended.status == 0, "\(ended.talk)")
    let outcomes = try JSONDecoder().decode([String: Int].self, from: ended.output)
    #expect(outcomes.values.reduce(0, +) == 100)
    #expect(outcomes["worker_lied", default: 0] > 50, "\(outcomes)")
  }

  @Test(
    "A message that comes twice, too late or never ends in its code (C40)",
    arguments: [
      // The numbers choose a message: that of the columns, of the sizes, of the end.
      ("twice", 3...8, ["worker_lied"]), ("late", 1...1, ["worker_lied"]),
      ("swap", 3...8, ["worker_lied", "worker_timeout"]),
      ("drop", 1...4, ["worker_lied", "worker_timeout"]), ("resize", 1...4, ["worker_lied"]),
    ] as [(String, ClosedRange<Int>, [String])])
  func named(_ deed: String, _ numbers: ClosedRange<Int>, _ codes: [String]) async throws {
    let directory = try TemporaryDirectory()
    for number in numbers {
      try directory.write("in/\(number).csv", "tamper:\(deed),\(number),c\n1,x,2.5\n2,y,3.5\n")
    }
    let options = ["--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "3"]
    let ended = try await ingest(
      ["batch", directory["in"].path, "--store", directory["store"].path, "--json"] + options)
    #expect([0, 1].contains(ended.status), "\(ended.talk)")
    for line in try ended.batch() where line.status != "published" {
      #expect(line.code.map { codes.contains($0) } == true, "\(line)")
    }
    #expect(try ended.batch().contains { $0.status == "refused" })
  }
}
