// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WorkerProtocol

/// As whom the service runs, and how well its worker is confined.
struct Placement: CustomTestStringConvertible, Hashable, Sendable {
  let standing: Standing
  let level: SandboxLevel

  static let all = [SandboxLevel.strong, .full].flatMap { level in
    Standing.allCases.map { Placement(standing: $0, level: level) }
  }
  /// For what takes long.
  static let onePerLevel = [Placement(.root, .strong), Placement(.ordinaryUser, .full)]

  private init(standing: Standing, level: SandboxLevel) {
    self.standing = standing
    self.level = level
  }

  init(_ standing: Standing, _ level: SandboxLevel) { self.init(standing: standing, level: level) }

  var testDescription: String { "\(standing.testDescription), at \(level)" }

  /// Options of `hostile-worker`.
  ///
  /// Cancels the test where the machine has no such placement.
  func options() throws -> [String] {
    let options = try standing.options()
    guard level == .full else { return options }
    guard Namespaces.can(standing) else { try skip("\(testDescription): this machine gives no namespaces") }
    return options + ["--namespaces", "yes"]
  }
}

/// Whether processes can have namespaces of their own here, as a program shows that is not ours.
private enum Namespaces {
  private static let asRoot = unshare([])
  private static let asOrdinaryUser = unshare(
    geteuid() == 0 ? ["setpriv", "--reuid", "\(Standing.serviceUser)", "--clear-groups"] : [])

  static func can(_ standing: Standing) -> Bool { standing == .root ? asRoot : asOrdinaryUser }

  private static func unshare(_ prefix: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let kinds = ["--user", "--mount", "--net", "--pid", "--ipc", "--uts", "--cgroup"]
    process.arguments = prefix + ["unshare"] + kinds + ["--fork", "true"]
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
