// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The users that workers become where the service is root: the range that systemd keeps for passing users.
///
/// None is used twice at a time, so that no worker can signal another.
struct UserRange {
  private static let all: ClosedRange<UInt32> = 61184...65519
  private var inUse: Set<UInt32> = []
  private var next = Self.all.lowerBound

  /// A user that no worker has; nil where the service is not root.
  mutating func take() -> UInt32? {
    guard geteuid() == 0 else { return nil }
    while inUse.contains(next) { advance() }
    let user = next
    advance()
    inUse.insert(user)
    return user
  }

  mutating func giveBack(_ user: UInt32?) { if let user { inUse.remove(user) } }

  private mutating func advance() { next = next == Self.all.upperBound ? Self.all.lowerBound : next + 1 }
}
