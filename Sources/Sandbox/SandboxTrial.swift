// SPDX-License-Identifier: Apache-2.0

import CKernel
import FileDescriptors
import Glibc
import Synchronization
import Validation
package import WorkerProtocol

/// What came of the attacks that real, sealed workers tried at the start: each failed as it must.
package struct SandboxTrial: Sendable, Hashable {
  package let level: SandboxLevel
  package let layers: LayerSet
  /// How many attacks were tried.
  package let attacks: Int

  /// The names of the layers that a level needs and that are not in force.
  package func missing(for level: SandboxLevel) -> [String] { level.required.subtracting(layers).names }

  typealias Runner =
    @Sendable (WorkerAssignment, @escaping @Sendable (WorkerMessage) throws -> WorkerReply) async throws -> WorkerReport

  /// Has a worker of its own try each attack.
  ///
  /// - Throws: `SandboxError`: `trialFailed` with the first attack that did not end as it must.
  static func run(required: SandboxLevel, _ run: @escaping Runner) async throws -> SandboxTrial {
    // The first shows that a worker lives at all, and how it is confined.
    let first = try await attempt(.none, run)
    // Whoever accepts workers without a filter has been told what that means.
    guard first.level > .none else { return SandboxTrial(level: first.level, layers: first.layers, attacks: 0) }
    try await withThrowingTaskGroup { group in
      var rest = TrialAttack.allCases.filter { $0 != .none }[...]
      // Two at a time: the system call that ends one costs less than the fork of the next.
      for _ in 0..<2 { if let attack = rest.popFirst() { group.addTask { _ = try await attempt(attack, run) } } }
      while try await group.next() != nil {
        if let attack = rest.popFirst() { group.addTask { _ = try await attempt(attack, run) } }
      }
    }
    return SandboxTrial(level: first.level, layers: first.layers, attacks: TrialAttack.allCases.count - 1)
  }

  private static func attempt(_ attack: TrialAttack, _ run: Runner) async throws -> WorkerReport {
    let files = try TrialFiles()
    let assignment = WorkerAssignment(
      job: .trial, input: files.input, scratch: files.scratch, wallTime: .seconds(10), start: .tryAttack(attack))
    let box = ResultBox()
    let report = try await run(assignment) { message in
      guard case .trialEnded(let result) = message else { return .dismiss }
      box.result.withLock { $0 = result }
      return .none
    }
    guard attack.isStopped(report.end, box.result.withLock { $0 }) else {
      throw SandboxError.trialFailed("\(attack)", "\(report.end)")
    }
    return report
  }
}

/// What a worker said, kept beyond its conversation.
private final class ResultBox: Sendable {
  let result = Mutex<TrialResult?>(nil)
}

/// An input without bytes and a scratch in memory.
private final class TrialFiles: Sendable {
  private let files: (input: Int32, scratch: Int32)
  var input: Int32 { files.input }
  var scratch: Int32 { files.scratch }

  init() throws(SandboxError) {
    // SAFETY: both names are null-terminated copies that live for their calls.
    let input = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw .system(SystemCallError(call: "open", errno: errno)) }
    let scratch = unsafe ingest_memfd("trial")
    guard scratch >= 0 else {
      close(input)
      throw .system(SystemCallError(call: "memfd_create", errno: -scratch))
    }
    files = (input, scratch)
  }

  deinit {
    close(files.input)
    close(files.scratch)
  }
}

extension TrialAttack {
  /// Whether a worker that tried this ended as the confinement makes it end.
  fileprivate func isStopped(_ end: WorkerEnd, _ result: TrialResult?) -> Bool {
    switch self {
    case .none: end == .exited(WorkerExit.done) && result == .succeeded
    case .statFile: end == .exited(WorkerExit.done) && result == .denied(errno: ENOSYS)
    case .allocate: end == .exited(WorkerExit.done) && result == .denied(errno: ENOMEM)
    case .overwrite: end == .exited(WorkerExit.outputLimit) && result == nil
    default: end == .signalled(SIGSYS) && result == nil
    }
  }
}

extension Job {
  /// A job without an upload.
  fileprivate static var trial: Job {
    Job(
      claims: UploadClaims(), fileName: nil, inputBytes: 0, options: ReadOptions(), limits: ReadLimits(Limits()),
      budget: JobBudget(addressSpaceBytes: 4 << 30, dataBytes: 1 << 30, fileBytes: 1 << 20, cpuSeconds: 5))
  }
}
