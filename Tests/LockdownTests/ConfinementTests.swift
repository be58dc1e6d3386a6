// SPDX-License-Identifier: Apache-2.0

import CKernel
import Foundation
import Testing
import WorkerProtocol

@testable import Lockdown

@Suite("Confinement as the kernel shows it")
struct ConfinementTests {
  @Test("C37 all layers but those of newer kernels are in force", arguments: Placement.all, ["new", "old"])
  func level(placement: Placement, kernel: String) throws {
    let process = try HostileProcess("time", placement, options: ["--kernel", kernel])
    #expect(try process.finish() == .succeeded)
    #expect(process.layers.isSuperset(of: SandboxLevel.basic.required))
    if kernel == "old" {
      #expect(process.layers.isDisjoint(with: [.landlock, .denyWriteExecute]))
      #expect(SandboxLevel(of: process.layers) == .basic)
    } else if ingest_landlock_abi() > 0 {
      #expect(SandboxLevel(of: process.layers) == placement.level)
    }
  }

  @Test("C37 /proc/PID/status shows filter, no new privileges, no capabilities", arguments: Placement.all)
  func status(placement: Placement) throws {
    let process = try HostileProcess("wait", placement)
    let status = try Self.fields(of: "status", process.waitUntilReady())
    #expect(status["Seccomp"] == ["2"])
    #expect(status["NoNewPrivs"] == ["1"])
    for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] { #expect(status[set] == ["0000000000000000"], "\(set)") }
    if placement != Placement(.ordinaryUser, .strong) { #expect(status["CapBnd"] == ["0000000000000000"]) }
    #expect(status["Uid"] == Array(repeating: "\(placement.standing.user)", count: 4))
    if geteuid() == 0 {
      #expect(status["Gid"] == Array(repeating: "\(placement.standing.user)", count: 4))
      #expect(status["Groups"] == [])
    }
  }

  @Test("C39 a worker cannot be dumped, and leaves no core", arguments: Placement.all, [LayerSet(), .notDumpable])
  func dumpable(placement: Placement, omitted: LayerSet) throws {
    let process = try HostileProcess("wait", placement, omitting: omitted)
    let worker = try process.waitUntilReady()
    // The kernel gives the files of a process that cannot be dumped to root.
    let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(worker)/status")[.ownerAccountID] as? Int
    if omitted == [] {
      #expect(owner == 0)
      #expect(try Self.limit("Max core file size", worker) == ["0", "0"])
    } else if placement.standing == .ordinaryUser {
      // As root the change of user alone makes it undumpable.
      #expect(owner == Int(placement.standing.user))
    }
  }

  @Test("C37 the job's limits are hard limits", arguments: Placement.all)
  func limits(placement: Placement) throws {
    let worker = try HostileProcess("wait", placement)
    let pid = try worker.waitUntilReady()
    #expect(try Self.limit("Max address space", pid) == ["536870912", "536870912"])
    #expect(try Self.limit("Max data size", pid) == ["536870912", "536870912"])
    #expect(try Self.limit("Max file size", pid) == ["1048576", "1048576"])
    #expect(try Self.limit("Max cpu time", pid) == ["1", "2"])
    #expect(try Self.limit("Max open files", pid) == ["16", "16"])
    #expect(try Self.limit("Max processes", pid) == ["0", "0"])
  }

  @Test("C37 a worker dies with its parent", arguments: Placement.all, [LayerSet(), .parentDeathSignal])
  func orphan(placement: Placement, omitted: LayerSet) throws {
    let process = try HostileProcess("wait", placement, omitting: omitted)
    _ = try process.waitUntilReady()
    process.killParent()
    // A worker that lives on now reads the end of its input, and says so.
    try process.closeInput()
    try process.readToEnd()
    #expect(process.lines.contains("survived") == omitted.contains(.parentDeathSignal))
  }

  @Test("C37 a death signal that the kernel would not send is not said to be in force")
  func deathSignalWithoutKill() throws {
    let process = try HostileProcess("time", Placement(.root, .strong), options: ["--parent-may-kill", "no"])
    #expect(try process.finish() == .succeeded)
    #expect(process.layers.isDisjoint(with: .parentDeathSignal))
    #expect(SandboxLevel(of: process.layers) == .none)
  }

  @Test(
    "C39 a worker has its own descriptors only", arguments: Placement.all, [LayerSet(), .descriptorsClosed])
  func descriptors(placement: Placement, omitted: LayerSet) throws {
    let leak = fcntl(STDERR_FILENO, F_DUPFD, 200)
    defer { close(leak) }
    let process = try HostileProcess("list-descriptors", placement, omitting: omitted)
    #expect(try process.finish() == .succeeded)
    let open = try #require(process.value(of: "descriptors"))
    #expect((open == "0 1 2 3 4 5 6") == omitted.isEmpty)
    #expect(open.split(separator: " ").contains("\(leak)") == omitted.contains(.descriptorsClosed))
  }

  @Test("C39 a worker's environment is what its parent gave", arguments: Placement.all)
  func environment(placement: Placement) throws {
    let process = try HostileProcess("list-environment", placement)
    #expect(try process.finish() == .succeeded)
    #expect(process.lines.filter { $0.hasPrefix("variable ") } == ["variable SWIFT_BACKTRACE=enable=no"])
  }

  @Test(
    "C37 a worker that cannot be confined does not begin",
    arguments: [
      (Placement(.root, .strong), ["--user", "0"], ConfinementError.userIsRoot),
      (Placement(.root, .full), ["--user", "0"], .userIsRoot),
      (Placement(.ordinaryUser, .strong), ["--user", "64002"], .user(EPERM)),
      (Placement(.ordinaryUser, .full), ["--user", "64002"], .fork(EINVAL)),
      (Placement(.root, .strong), ["--told-parent", "1"], .parentGone),
      (Placement(.ordinaryUser, .strong), ["--told-parent", "1"], .parentGone),
    ])
  func refusal(placement: Placement, options: [String], error: ConfinementError) throws {
    let process = try HostileProcess("time", placement, options: options)
    #expect(try process.finish() == .failed(status: 66))
    #expect(process.value(of: "error") == "\(error)")
  }

  private static func fields(of file: String, _ process: pid_t) throws -> [String: [String]] {
    let text = try String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)
    let pairs = text.split(separator: "\n").compactMap { line -> (String, [String])? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let values = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace)
      return (String(line[..<colon]), values.map(String.init))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The soft and the hard limit.
  private static func limit(_ name: String, _ process: pid_t) throws -> [String] {
    let text = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) })
    return line.dropFirst(name.count).split(separator: " ").prefix(2).map(String.init)
  }
}
