// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The users that workers become where the service is root: the range that systemd keeps for passing users.
///
/// None is used twice at a time, so that no worker can signal another.
struct UserRange {
  private static let all: ClosedRange<UInt32> = 61184...65519
  private var inUse: Set<UInt32> = []
  private var next = Self.all.lowerBound

  /// Whether workers can become these users: in a user namespace of its own, root may be the only one there is.
  private static let isThere: Bool = {
    guard geteuid() == 0, let maps = try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8) else {
      return false
    }
    return maps.split(separator: "\n").contains { line in
      let numbers = line.split(separator: " ").compactMap { UInt64($0) }
      guard numbers.count == 3 else { return false }
      return numbers[0] <= UInt64(all.lowerBound) && UInt64(all.upperBound) - numbers[0] < numbers[2]
    }
  }()

  /// A user that no worker has; nil where the service is not root, or where there are none.
  mutating func take() -> UInt32? {
    // With all of them in use a worker would share one, and is not accepted.
    guard Self.isThere, inUse.count < Self.all.count else { return nil }
    while inUse.contains(next) { advance() }
    let user = next
    advance()
    inUse.insert(user)
    return user
  }

  mutating func giveBack(_ user: UInt32?) { if let user { inUse.remove(user) } }

  private mutating func advance() { next = next == Self.all.upperBound ? Self.all.lowerBound : next + 1 }
}
