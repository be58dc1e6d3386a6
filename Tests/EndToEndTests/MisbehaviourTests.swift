// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Workers that misbehave inside of the confinement that ships; `Tests/MisbehavingWorker` is the program.
@Suite("Misbehaving workers")
struct MisbehaviourTests {
  static let attacks = [
    ("crash", "worker_crashed"), ("abort", "worker_crashed"), ("trap", "worker_crashed"), ("spin", "worker_timeout"),
    ("wait", "worker_timeout"), ("allocate", "worker_memory"), ("recurse", "worker_crashed"),
    ("violate", "worker_violation"), ("connect", "worker_violation"), ("exit", "worker_lied"),
    ("fail", "worker_crashed"), ("babble", "worker_lied"), ("hangup", "worker_lied"),
    ("overwrite", "output_too_large"),
  ]

  private static func options() throws -> [String] {
    ["--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "4"]
  }

  @Test("What a worker does ends in its code, exit status 1, and in time (C37, C40)", arguments: attacks)
  func code(_ attack: String, _ code: String) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "attack:\(attack),b\n1,2\n3,4\n")
    let ended = try await ingest(["check", "--json", file.path] + Self.options(), deadline: 60)
    #expect(ended.status == 1)
    let answer = try ended.object()
    #expect(answer["accepted"] as? Bool == false)
    #expect(answer["code"] as? String == code)
    try SampleTests.expectShape(answer, of: file, isAccepted: false, level: "")
  }

  @Test("Every attack is refused in one batch, and each next file is published")
  func batch() async throws {
    let directory = try TemporaryDirectory()
    for (index, (attack, _)) in Self.attacks.enumerated() {
      try directory.write("in/\(index)a-\(attack).csv", "attack:\(attack),b\n1,\(index)\n")
      try directory.write("in/\(index)b-next.csv", "attack:none,b\n1,\(index)\n")
    }
    let store = directory["store"].path
    let command = ["batch", directory["in"].path, "--store", store, "--json"]
    let ended = try await ingest(command + Self.options(), deadline: 60)
    #expect(ended.status == 1)
    let lines = try ended.batch()
    #expect(lines.count == 2 * Self.attacks.count)
    for (index, (attack, code)) in Self.attacks.enumerated() {
      let refused = try #require(lines.first { $0.file.hasSuffix("/\(index)a-\(attack).csv") })
      #expect(refused.status == "refused" && refused.code == code && refused.tables.isEmpty)
      let published = try #require(lines.first { $0.file.hasSuffix("/\(index)b-next.csv") })
      #expect(published.status == "published" && published.tables.map(\.rows) == [1])
    }
    let listing = try (try await ingest("table", "list", "--json", "--store", store)).json(TableListing.self)
    #expect(listing.tables.count == Self.attacks.count)
    #expect(files(under: directory["store"]).count(where: { $0.hasSuffix(".arrow") }) == Self.attacks.count)
    #expect(files(under: directory["store/scratch"]).isEmpty, "C38")
  }

  @Test("Converting leaves no output behind where the worker misbehaves", arguments: ["crash", "exit", "overwrite"])
  func convert(_ attack: String) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "attack:\(attack),b\n1,2\n")
    let output = directory["out.arrow"].path
    let ended = try await ingest(
      ["convert", file.path, "--to", "arrow", "-o", output] + Self.options(), deadline: 60)
    #expect(ended.status == 1)
    #expect(ended.output.isEmpty)
    #expect(directory.names == ["a.csv"])
  }

  @Test("A worker's address space and its data are bounded by its input (DESIGN section 6)")
  func memoryBudget() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "attack:spin,b\n1,2\n")
    let options = ["--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "30"]
    let child = try await startIngest(["check", file.path] + options)
    let worker = try await child.firstWorker()
    let limits = try String(contentsOfFile: "/proc/\(worker)/limits", encoding: .utf8)
    child.killGroup()
    _ = try await child.end()
    // A map of the input or of the scratch is no data, so this is what a worker can make resident.
    let data = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max data size") })
    let bytes = try #require(data.split(separator: " ").dropFirst(3).first.flatMap { UInt64($0) }, "\(data)")
    #expect(bytes <= 2 << 30 + 3 * 1024)
  }
}

@Suite("Confinement that cannot be had")
struct UnconfinedTests {
  /// The program that tells a lie is the misbehaving worker under another name.
  private func worker(_ lie: String, in directory: TemporaryDirectory) throws -> String {
    let path = directory["worker-\(lie)"].path
    let original = try Binaries.misbehavingWorker()
    // SAFETY: both strings outlive the call and end in a zero.
    if unsafe link(original, path) != 0 { try FileManager.default.copyItem(atPath: original, toPath: path) }
    return path
  }

  @Test(
    "A level below the required one is exit status 78, and a level that the kernel denies is 70",
    arguments: [
      ("basic", "strong", 78), ("none", "strong", 78), ("none", "basic", 78), ("basic", "basic", 70),
      ("boastful", "strong", 70), ("grand", "strong", 70), ("strong", "full", 78),
    ] as [(String, String, Int32)])
  func level(_ lie: String, _ required: String, _ status: Int32) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "id,name\n1,x\n")
    let options = ["--worker", try worker(lie, in: directory), "--sandbox-require", required]
    let checked = try await ingest(["check", "--json", file.path] + options)
    #expect(checked.status == status)
    #expect(checked.output.isEmpty && !checked.talk.isEmpty)
    let batch = try await ingest(["batch", file.path, "--store", directory["store"].path] + options)
    #expect(batch.status == status)
    #expect(files(under: directory["store"]).allSatisfy { !$0.hasSuffix(".arrow") })
  }

  @Test("Workers without confinement are accepted only where the danger is named, and the doctor says so")
  func dangerously() async throws {
    let directory = try TemporaryDirectory()
    let options = ["--worker", try worker("none", in: directory), "--dangerously-accept-unconfined-workers"]
    let file = try directory.write("a.csv", "id,name\n1,x\n")
    // This worker says that it is not confined, and then says nothing more.
    #expect(
      try (try await ingest(["check", "--json", file.path] + options)).object()["code"] as? String == "worker_lied")
    let doctor = try await ingest(["doctor", "--json"] + options)
    #expect((try doctor.object()["sandbox"] as? [String: Any])?["level"] as? String == "none")
    #expect((try doctor.object()["sandbox"] as? [String: Any])?["attacks_stopped"] as? Int == 0)
  }

  @Test("A worker that is not there is our own failure, 70, which wins over a refusal")
  func missing() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("in/a.csv", "id,name\n1,x\n")
    try directory.write("in/b.exe", "id,name\n1,x\n")
    let ended = try await ingest(
      "batch", directory["in"].path, "--store", directory["store"].path, "--json", "--worker", "/nonexistent")
    #expect(ended.status == 70)
    #expect(Set(try ended.batch().map(\.status)) == ["failed", "refused"])
  }
}
