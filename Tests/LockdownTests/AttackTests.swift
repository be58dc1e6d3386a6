// SPDX-License-Identifier: Apache-2.0

import CKernel
import Glibc
import Testing
import WorkerProtocol

@Suite("Attacks of a worker that was taken over")
struct AttackTests {
  @Test("C37 the attack fails in a confined worker", arguments: Attack.all, Standing.allCases)
  func confined(attack: Attack, standing: Standing) throws {
    #expect(try HostileProcess(attack.name, standing).finish() == attack.end)
  }

  @Test("C37 the attack fails without Landlock and MDWE, as on old kernels", arguments: Attack.all, Standing.allCases)
  func confinedOnOldKernel(attack: Attack, standing: Standing) throws {
    #expect(try HostileProcess(attack.name, standing, options: ["--kernel", "old"]).finish() == attack.end)
  }

  @Test("C37 the attack works without the layers that stop it", arguments: Attack.all, Standing.allCases)
  func unconfined(attack: Attack, standing: Standing) throws {
    let end = try HostileProcess(attack.name, standing, omitting: attack.stoppedBy).finish()
    guard end != .succeeded else { return }
    let withoutAll = try HostileProcess(attack.name, standing, omitting: LayerSet(rawValue: .max)).finish()
    #expect(withoutAll != .succeeded, "another of our layers stops it: \(end)")
    try skip("\(attack.name) \(standing.testDescription): the host itself forbids it (\(withoutAll))")
  }

  @Test(
    "C37 a second layer stops the attack where the filter is left out",
    arguments: Attack.all.filter { $0.secondWall != nil }, Standing.allCases)
  func secondWall(attack: Attack, standing: Standing) throws {
    let process = try HostileProcess(attack.name, standing, omitting: .seccomp)
    let end = try process.finish()
    guard process.layers.isSuperset(of: attack.secondWallLayer), ingest_landlock_abi() >= attack.landlockVersion else {
      try skip("\(attack.name): this kernel lacks its second layer")
    }
    #expect(end == attack.secondWall.map(WorkerEnd.denied))
  }

  @Test(
    "C37 the attack in another thread ends the whole process",
    arguments: ["open-passwd", "map-write-execute", "tgkill-parent"], Standing.allCases)
  func confinedInThread(attack: String, standing: Standing) throws {
    #expect(try HostileProcess(attack, standing, options: ["--in-thread", "yes"]).finish() == .killed(SIGSYS))
  }

  @Test("C37 Landlock covers a thread that was started before the filter", arguments: Standing.allCases)
  func landlockInThread(standing: Standing) throws {
    guard ingest_landlock_abi() > 0 else { try skip("this kernel lacks Landlock") }
    let process = try HostileProcess("open-passwd", standing, omitting: .seccomp, options: ["--in-thread", "yes"])
    #expect(try process.finish() == .denied(EACCES))
  }

  @Test("Every attack of the program is in the table")
  func tableIsWhole() throws {
    let process = try HostileProcess(listing: ())
    #expect(try process.finish() == .failed(status: 0))
    #expect(Set(process.lines) == Set(Attack.all.map(\.name)))
  }
}
