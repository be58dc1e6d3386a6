// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Validation
import WorkerProtocol

@testable import Sandbox

/// The pool with the real worker, and with the one that misbehaves.
@Suite("The pool of workers")
struct WorkerPoolTests {
  /// A pool whose program has a name of its own, so that its processes can be told from other tests'.
  private final class Pool {
    let workers: WorkerPool
    let program: String
    private let folder: URL

    init(_ name: String, ready: Int = 2) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "pool-\(UUID().uuidString.prefix(8))")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      program = folder.appending(path: name).path
      try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: BuiltProgram.path(name))
      workers = WorkerPool(
        WorkerPool.Settings(
          executable: program, required: .basic, concurrent: 2, waiting: 8, ready: ready, memory: .max))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs a worker on a file; its messages are not answered.
    func run(_ text: String) async throws -> WorkerReport {
      let input = folder.appending(path: UUID().uuidString)
      try Data(text.utf8).write(to: input)
      let files = try [FileHandle(forReadingFrom: input), FileHandle(forUpdating: input)]
      let job = Job(
        claims: UploadClaims(extension: "csv"), fileName: nil, inputBytes: UInt64(text.utf8.count),
        options: ReadOptions(), limits: ReadLimits(Limits()),
        budget: JobBudget(addressSpaceBytes: 4 << 30, dataBytes: 1 << 30, fileBytes: 1 << 20, cpuSeconds: 5))
      return try await workers.run(
        WorkerAssignment(
          job: job, input: files[0].fileDescriptor, scratch: files[1].fileDescriptor, wallTime: .seconds(10))
      ) { message in
        if case .inspected = message { return .message(.stop) }
        return .none
      }
    }

    /// The processes that wait: the zygote first, then workers without a job.
    func idleProcesses() throws -> [pid_t] {
      let name = URL(filePath: program).resolvingSymlinksInPath().path
      return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.sorted().filter {
        let status = (try? String(contentsOfFile: "/proc/\($0)/status", encoding: .utf8)) ?? ""
        let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/exe")
        return executable == name && status.contains("\nPPid:\t\(getpid())\n") && status.contains("\nSeccomp:\t0\n")
      }
    }

    func waitUntilReady(_ count: Int) async throws {
      while workers.activity().ready < count { try await Task.sleep(for: .milliseconds(2)) }
    }
  }

  @Test("C39 each of 100 workers of one zygote has its own six descriptors, and three variables")
  func nothingLeaks() async throws {
    let pool = try Pool("misbehaving-worker")
    // Descriptors of this process that a worker must not have.
    let leaks = (0..<32).map { _ in dup(STDERR_FILENO) }
    defer { for leak in leaks { close(leak) } }
    for number in 0..<100 {
      let report = try await pool.run("attack:list,\(number)\n")
      #expect(report.end == .exited(0), "worker \(number)")
    }
    #expect(pool.workers.activity().restarts == 0 && pool.workers.activity().renewals == 0)
    #expect(pool.workers.activity().forks >= 100)
  }

  @Test("C39 five crashes replace the zygote, and honest work goes on")
  func renewal() async throws {
    let pool = try Pool("misbehaving-worker")
    for number in 0..<6 { #expect(try await pool.run("attack:trap,\(number)\n").end.rejection == .workerCrashed) }
    #expect(try await pool.run("id\n1\n").end == .exited(WorkerExit.done))
    try await pool.waitUntilReady(1)
    #expect(pool.workers.activity().renewals == 1)
    #expect(pool.workers.activity().restarts == 0)
  }

  @Test("Workers that die while they wait, and the zygote's own death, cost nobody an upload")
  func deaths() async throws {
    let pool = try Pool("ingest-worker", ready: 3)
    #expect(try await pool.run("id\n1\n").end == .exited(WorkerExit.done))
    try await pool.waitUntilReady(3)
    // This suite's other pools run another program, and other suites none.
    for process in try pool.idleProcesses() { kill(process, SIGKILL) }
    for number in 0..<8 { #expect(try await pool.run("id\n\(number)\n").end == .exited(WorkerExit.done)) }
    #expect(pool.workers.activity().restarts == 1)
  }

  @Test("The trial shows the level, and every attack stopped")
  func trial() async throws {
    let pool = try Pool("ingest-worker", ready: 1)
    let trial = try await pool.workers.verified()
    #expect(trial.level >= .basic)
    #expect(trial.attacks == TrialAttack.allCases.count - 1)
    #expect(trial.layers.isSuperset(of: SandboxLevel.basic.required))
    #expect(pool.workers.libraries.magic > 500 && pool.workers.libraries.archive > 3_000_000)
  }

  @Test("A program that is no worker is our failure, said once, and not waited for")
  func noWorker() async throws {
    let pool = WorkerPool(
      WorkerPool.Settings(
        executable: "/bin/true", required: .basic, concurrent: 1, waiting: 1, ready: 1, memory: .max))
    await #expect(throws: SandboxError.self) { try await pool.verified() }
  }
}
