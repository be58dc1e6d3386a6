// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WorkerProtocol

/// Level full without the layers that would hide it: what the namespaces and the empty root are worth by themselves.
@Suite("Namespaces of a worker")
struct NamespaceTests {
  static let atFull = Standing.allCases.map { Placement($0, .full) }
  private static let others: LayerSet = [.seccomp, .landlock, .resourceLimits]

  @Test("C37 all layers of level full are in force", arguments: atFull)
  func level(placement: Placement) throws {
    let process = try HostileProcess("time", placement)
    #expect(try process.finish() == .succeeded)
    #expect(process.layers.isSuperset(of: SandboxLevel.basic.required.union([.namespaces, .emptyRoot])))
  }

  @Test(
    "C37 from inside there is no file, nothing can be created, no process and no network", arguments: atFull,
    [LayerSet(), .unprivileged])
  func fromInside(placement: Placement, alsoOmitted: LayerSet) throws {
    let process = try HostileProcess("look-around", placement, omitting: Self.others.union(alsoOmitted))
    #expect(try process.finish() == .succeeded)
    let expected: [(String, Int32)] = [
      ("entries-of-root", 0), ("entries-of-parent", 0), ("entries-of-proc", -ENOENT), ("dev-null", -ENOENT),
      ("create-in-root", -EROFS), ("create-unnamed", -EROFS), ("create-device", -EROFS), ("make-directory", -EROFS),
      ("process", 1), ("parent", 0), ("user", 65534), ("effective-user", 65534), ("group", 65534), ("groups", 0),
      ("interfaces", 1), ("loopback-is-up", 0), ("nested-namespace", -ENOSPC),
    ]
    for (fact, value) in expected { #expect(process.value(of: fact) == "\(value)", "\(fact)") }
  }

  @Test("The same facts without namespaces are others, so that the test above can fail", arguments: Standing.allCases)
  func fromOutside(standing: Standing) throws {
    let process = try HostileProcess("look-around", Placement(standing, .strong), omitting: Self.others)
    #expect(try process.finish() == .succeeded)
    for fact in ["entries-of-root", "entries-of-proc", "process", "parent", "loopback-is-up"] {
      #expect((process.value(of: fact).flatMap { Int($0) } ?? 0) > 0, "\(fact)")
    }
    #expect(process.value(of: "user") == "\(standing.user)")
  }

  @Test("C37 each of the seven namespaces is another than the service's", arguments: atFull)
  func kinds(placement: Placement) throws {
    guard geteuid() == 0 else { try skip("only root sees the namespaces of a process that cannot be dumped") }
    let process = try HostileProcess("wait", placement)
    let worker = try process.waitUntilReady()
    for kind in ["user", "mnt", "net", "pid", "ipc", "uts", "cgroup"] {
      #expect(try Self.namespace(kind, "\(worker)") != Self.namespace(kind, "self"), "\(kind)")
    }
    // No capability that the worker ever had, or could gain back in its own user namespace, counts in its network.
    #expect(try Self.owner("net", "\(worker)") != Self.namespace("user", "\(worker)"))
    #expect(try Self.owner("pid", "\(worker)") == Self.namespace("user", "\(worker)"))
    // The zygote's own: only its child is in new ones.
    #expect(try Self.namespace("pid", "\(process.pid)") == Self.namespace("pid", "self"))
  }

  @Test("C37 one user and one group are mapped, and neither is root", arguments: atFull)
  func map(placement: Placement) throws {
    let process = try HostileProcess("wait", placement)
    let worker = try process.waitUntilReady()
    for file in ["uid_map", "gid_map"] {
      let text = try String(contentsOfFile: "/proc/\(worker)/\(file)", encoding: .utf8)
      let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      let outside = file == "uid_map" || geteuid() == 0 ? "\(placement.standing.user)" : "\(getegid())"
      #expect(lines == [["65534", outside, "1"]])
    }
    let groups = try? String(contentsOfFile: "/proc/\(worker)/setgroups", encoding: .utf8)
    #expect(groups == nil || groups == "deny\n")
  }

  /// The user namespace in which a namespace was made.
  private static func owner(_ kind: String, _ process: String) throws -> String {
    // SAFETY: the string's bytes outlive the call and end in a zero.
    let number = unsafe open("/proc/\(process)/ns/\(kind)", O_RDONLY | O_CLOEXEC)
    try #require(number >= 0)
    defer { close(number) }
    // NS_GET_USERNS
    let owner = ioctl(number, 0xb701)
    try #require(owner >= 0)
    defer { close(owner) }
    return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(owner)")
  }

  private static func namespace(_ kind: String, _ process: String) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/\(kind)")
  }
}
