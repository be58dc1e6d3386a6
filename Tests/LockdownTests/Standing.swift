// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// As whom the service, and so the worker's parent, runs.
enum Standing: String, CaseIterable, CustomTestStringConvertible {
  /// The worker becomes a user of its own.
  case root
  /// The worker stays the same user as its parent.
  case ordinaryUser = "an ordinary user"

  var testDescription: String { "as \(rawValue)" }

  /// Users that own nothing on the machine.
  static let serviceUser: UInt32 = 64_001
  static let workerUser: UInt32 = 64_002

  /// The user that the worker ends up as.
  var user: UInt32 {
    switch self {
    case .root: Self.workerUser
    case .ordinaryUser: geteuid() == 0 ? Self.serviceUser : geteuid()
    }
  }

  /// Options of `hostile-worker`.
  ///
  /// Cancels the test where the machine has no such standing.
  func options() throws -> [String] {
    switch self {
    case .root:
      guard geteuid() == 0 else { try skip("the tests do not run as root") }
      return ["--user", "\(Self.workerUser)"]
    case .ordinaryUser: return geteuid() == 0 ? ["--start-as", "\(Self.serviceUser)"] : []
    }
  }
}
