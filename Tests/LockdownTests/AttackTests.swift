// SPDX-License-Identifier: Apache-2.0

import CKernel
import Glibc
import Testing
import WorkerProtocol

@Suite("Attacks of a worker that was taken over")
struct AttackTests {
  @Test("C37 the attack fails in a confined worker", arguments: Attack.all, Placement.all)
  func confined(attack: Attack, placement: Placement) throws {
    #expect(try HostileProcess(attack.name, placement).finish() == attack.end)
  }

  @Test(
    "C37 the attack fails without Landlock and MDWE, as on old kernels",
    arguments: Attack.all.filter { !$0.stoppedBy.isDisjoint(with: [.landlock, .denyWriteExecute]) }, Standing.allCases)
  func confinedOnOldKernel(attack: Attack, standing: Standing) throws {
    #expect(
      try HostileProcess(
        attack.name, Placement(standing, .strong), options: ["--kernel", "old"]
      ).finish() == attack.end)
  }

  @Test("C37 the attack works without the layers that stop it", arguments: Attack.unconfined)
  func unconfined(attack: Attack, placement: Placement) throws {
    let end = try HostileProcess(attack.name, placement, omitting: attack.stoppedBy).finish()
    guard end != .succeeded else { return }
    try skipIfHostForbids(attack, placement, end, expected: .succeeded)
  }

  @Test(
    "C37 each layer that stops the attack does so alone, without the filter and the others", arguments: LoneWall.all)
  func loneWall(_ lone: LoneWall) throws {
    let process = try HostileProcess(lone.attack.name, lone.placement, omitting: lone.omitted)
    let end = try process.finish()
    let isThere = process.layers.isSuperset(of: lone.wall.layers)
    guard isThere, lone.wall.layers != .landlock || ingest_landlock_abi() >= lone.wall.landlockVersion else {
      try skip("\(lone.testDescription): this kernel lacks it")
    }
    guard end != .denied(lone.wall.error) else { return }
    try skipIfHostForbids(lone.attack, lone.placement, end, expected: .denied(lone.wall.error))
  }

  /// Cancels the test case where the attack fails without any of our layers too; else it has failed.
  private func skipIfHostForbids(
    _ attack: Attack, _ placement: Placement, _ end: WorkerEnd, expected: WorkerEnd
  ) throws {
    let withoutAll = try HostileProcess(attack.name, placement, omitting: LayerSet(rawValue: .max)).finish()
    guard end != .succeeded, withoutAll != .succeeded else {
      Issue.record("\(end) instead of \(expected)")
      return
    }
    try skip("\(attack.name) \(placement.testDescription): the host itself forbids it (\(withoutAll))")
  }

  /// What `CONTROLS.md` section 7 says of each column alone.
  static let columns: [(String, LayerSet, [String])] = [
    (
      "namespaces and an empty root", [.namespaces, .emptyRoot],
      [
        "open-passwd", "create-file", "connect-tcp", "connect-abstract", "signal-parent", "ptrace-parent",
        "process-vm-readv", "pidfd-getfd", "stat-shadow", "chmod", "send-udp", "connect-path", "prlimit-parent",
      ]
    ),
    (
      "Landlock", .landlock,
      [
        "open-passwd", "create-file", "connect-tcp", "connect-abstract", "signal-parent", "ptrace-parent",
        "process-vm-readv", "pidfd-getfd",
      ]
    ),
    ("limits", .resourceLimits, ["fork", "allocate", "write-past-cap", "spin"]),
  ]

  @Test("C37 the second walls are those that the specification names", arguments: columns)
  func column(_ name: String, _ layers: LayerSet, _ stopped: [String]) {
    for attack in Attack.all where stopped.contains(attack.name) {
      #expect(attack.walls.contains { $0.layers == layers }, "\(name): \(attack.name)")
    }
    #expect(Set(stopped).isSubset(of: Attack.all.map(\.name)))
  }

  @Test(
    "C37 the attack in another thread ends the whole process",
    arguments: ["open-passwd", "map-write-execute", "tgkill-parent"], Placement.all)
  func confinedInThread(attack: String, placement: Placement) throws {
    #expect(try HostileProcess(attack, placement, options: ["--in-thread", "yes"]).finish() == .killed(SIGSYS))
  }

  @Test("C37 Landlock covers a thread that was started before the filter", arguments: Standing.allCases)
  func landlockInThread(standing: Standing) throws {
    guard ingest_landlock_abi() > 0 else { try skip("this kernel lacks Landlock") }
    let process = try HostileProcess(
      "open-passwd", Placement(standing, .strong), omitting: .seccomp, options: ["--in-thread", "yes"])
    #expect(try process.finish() == .denied(EACCES))
  }

  @Test("Every attack of the program is in the table, once")
  func tableIsWhole() throws {
    let process = try HostileProcess(listing: ())
    #expect(try process.finish() == .failed(status: 0))
    #expect(process.lines.sorted() == Attack.all.map(\.name).sorted())
  }
}
