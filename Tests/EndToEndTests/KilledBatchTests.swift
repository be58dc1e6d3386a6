// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("A batch that is killed")
struct KilledBatchTests {
  private static let fileCount = 24

  /// Files of which each has its own bytes and takes a moment to read.
  private func makeFiles(in directory: TemporaryDirectory) throws {
    let lines = (0..<1000).map { "\($0),text \($0),\($0).5" }.joined(separator: "\n")
    for index in 0..<Self.fileCount {
      try directory.write("in/\(index).csv", "id,name,v\n\(lines)\n\(index),end,1.5\n")
    }
    // The last one keeps the worker that misbehaves busy, so that the batch does not end before it is killed.
    try directory.write("in/~last.csv", "attack:spin,name,v\n\(lines)\n0,end,1.5\n")
  }

  @Test(
    "Nothing acknowledged is lost and nothing half published is seen, whenever the kill comes",
    arguments: [1, 3, fileCount])
  func killed(_ after: Int) async throws {
    let directory = try TemporaryDirectory()
    try makeFiles(in: directory)
    let store = directory["store"].path
    let command = ["batch", directory["in"].path, "--store", store, "--json"]
    let child = try await startIngest(command + ["--worker", try Binaries.misbehavingWorker()])
    let newline = UInt8(ascii: "\n")
    // Nothing but its output tells how far it is; the deadline bounds the wait.
    while child.outputSoFar.count(where: { $0 == newline }) < after, !child.hasEnded {
      try await Task.sleep(for: .milliseconds(1))
    }
    child.signal(SIGKILL)
    let killed = try await child.end()
    #expect(killed.status == 128 + SIGKILL)

    // What was acknowledged is there, and everything that is there is whole.
    let complete = killed.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let acknowledged = try complete.map { try JSONDecoder().decode(BatchAnswer.self, from: Data($0.utf8)) }
    let seen = try await tables(in: store)
    let ids = Set(seen.map(\.id))
    for line in acknowledged { #expect(line.tables.allSatisfy { ids.contains($0.id) }, "\(line.file) was lost") }
    for table in seen.prefix(3) + seen.suffix(3) { try await expectWhole(table, in: store) }

    let again = try await ingest(command, deadline: 240)
    #expect(again.status == 0, "\(again.talk)")
    #expect(Set(try again.batch().map(\.status)).isSubset(of: ["known", "published"]))
    let all = try await tables(in: store)
    #expect(all.count == Self.fileCount + 1)
    #expect(all.allSatisfy { $0.version == 1 && $0.rows == 1001 })
    #expect(files(under: directory["store/scratch"]).isEmpty, "C38")
    #expect(files(under: directory["store"]).count(where: { $0.hasSuffix(".arrow") }) == Self.fileCount + 1)
  }

  private func tables(in store: String) async throws -> [TableListing.Table] {
    guard FileManager.default.fileExists(atPath: store + "/ingest-store") else { return [] }
    let ended = try await ingest("table", "list", "--json", "--store", store)
    #expect(ended.status == 0, "\(ended.talk)")
    return try ended.json(TableListing.self).tables
  }

  private func expectWhole(_ table: TableListing.Table, in store: String) async throws {
    let ended = try await ingest("table", "export", table.name, "--to", "csv", "--store", store)
    #expect(ended.status == 0)
    #expect(ended.lines.count == table.rows + 1)
  }

  @Test("Its workers die with it (C39)")
  func workersDie() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "attack:spin,b\n1,2\n")
    let child = try await startIngest([
      "batch", file.path, "--store", directory["store"].path, "--worker", try Binaries.misbehavingWorker(),
    ])
    let worker = try await child.firstWorker()
    child.signal(SIGKILL)
    let ended = try await child.end()
    #expect(ended.status == 128 + SIGKILL)
    let end = ContinuousClock.now + .seconds(10)
    while kill(worker, 0) == 0, !isZombie(worker), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(kill(worker, 0) != 0 || isZombie(worker))
  }

  /// Dead, but not reaped by whoever inherited it.
  private func isZombie(_ process: pid_t) -> Bool {
    (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8))?.contains("State:\tZ") == true
  }
}
