// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import Validation
import WorkerProtocol

@testable import Sandbox

@Suite("Admission")
struct AdmissionTests {
  @Test("A full queue answers busy instead of growing")
  func busy() async throws {
    let admission = Admission(places: 1, waiting: 1)
    try await admission.enter()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      // One of these two waits for the place; the other finds the queue full.
      for _ in 0..<2 {
        group.addTask {
          do {
            try await admission.enter()
            return true
          } catch SandboxError.busy { return false }
        }
      }
      let first = try await group.next()
      #expect(first == false)
      admission.leave()
      let second = try await group.next()
      #expect(second == true)
    }
    admission.leave()
    try await admission.enter()
  }
}

@Suite("Admission by memory")
struct MemoryAdmissionTests {
  @Test("Work waits until the memory that it may use is free, and nobody overtakes it")
  func waits() async throws {
    let admission = Admission(places: 4, waiting: 4, memory: 100)
    try await admission.enter(memory: 60)
    async let large: Void = admission.enter(memory: 50)
    while admission.counts.waiting < 1 { await Task.yield() }
    async let small: Void = admission.enter(memory: 10)
    while admission.counts.waiting < 2 { await Task.yield() }
    #expect(admission.counts.inside == 1)
    admission.leave(memory: 60)
    try await (large, small)
    #expect(admission.counts == (3 - 1, 0))
  }

  @Test("Work that may use more than there is runs alone")
  func giant() async throws {
    let admission = Admission(places: 4, waiting: 4, memory: 100)
    try await admission.enter(memory: .max)
    async let next: Void = admission.enter(memory: 1)
    while admission.counts.waiting < 1 { await Task.yield() }
    #expect(admission.counts.inside == 1)
    admission.leave(memory: .max)
    try await next
    admission.leave(memory: 1)
    #expect(admission.counts == (0, 0))
  }
}

@Suite("Worker end")
struct WorkerEndTests {
  static let ends: [(WorkerEnd, Rejection.Code?)] = [
    (.exited(0), nil), (.exited(1), .workerCrashed), (.exited(70), .workerCrashed), (.exited(71), .workerMemory),
    (.exited(72), .outputTooLarge), (.exited(73), .workerTimeout), (.signalled(SIGSYS), .workerViolation),
    (.signalled(SIGXCPU), .workerTimeout),
    (.deadline, .workerTimeout), (.signalled(SIGABRT), .workerCrashed), (.exited(75), .workerCrashed),
    (.signalled(SIGKILL), .workerMemory),
    (.signalled(SIGXFSZ), .outputTooLarge), (.signalled(SIGILL), .workerCrashed), (.signalled(SIGTRAP), .workerCrashed),
    (.signalled(SIGSEGV), .workerCrashed), (.signalled(SIGBUS), .workerCrashed), (.dismissed, .workerLied),
  ]

  @Test("Each end has its own code", arguments: ends)
  func code(_ end: WorkerEnd, _ code: Rejection.Code?) { #expect(end.rejection == code) }
}

@Suite("Sandbox level")
struct SandboxLevelTests {
  static let levels: [(LayerSet, SandboxLevel)] = [
    (SandboxLevel.strong.required, SandboxLevel.strong), (SandboxLevel.full.required, .full),
    (SandboxLevel.full.required.subtracting(.landlock), .basic),
    (SandboxLevel.full.required.subtracting(.emptyRoot), .strong),
    (SandboxLevel.strong.required.subtracting(.landlock), .basic),
    (SandboxLevel.strong.required.subtracting(.seccomp), .none),
    (SandboxLevel.basic.required.subtracting(.unprivileged), .none),
    (SandboxLevel.strong.required.union(.denyWriteExecute), .strong), ([], .none),
  ]

  @Test("A missing layer lowers the level", arguments: levels)
  func level(_ layers: LayerSet, _ level: SandboxLevel) { #expect(SandboxLevel(of: layers) == level) }

  @Test("Levels are ordered") func order() {
    #expect(SandboxLevel.none < .basic)
    #expect(SandboxLevel.basic < .strong)
  }
}
