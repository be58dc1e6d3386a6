// SPDX-License-Identifier: Apache-2.0

import Testing
import WorkerProtocol

/// A layer besides the filter that stops an attack by itself.
struct Wall: Sendable {
  let layers: LayerSet
  /// The error that it gives.
  let error: Int32
  /// Whose attack it stops; nil for everybody's.
  let standing: Standing?
  /// The version from which Landlock covers the attack.
  let landlockVersion: Int32

  private init(_ layers: LayerSet, _ error: Int32, _ standing: Standing? = nil, landlockVersion: Int32 = 0) {
    self.layers = layers
    self.error = error
    self.standing = standing
    self.landlockVersion = landlockVersion
  }

  static func landlock(_ error: Int32, from version: Int32 = 1, only standing: Standing? = nil) -> Wall {
    Wall(.landlock, error, standing, landlockVersion: version)
  }

  /// Namespaces of its own, with an empty root.
  static func namespaces(_ error: Int32) -> Wall { Wall([.namespaces, .emptyRoot], error) }

  /// A user of its own, without capabilities: what stops those that only root can do.
  static func ownUser(_ error: Int32) -> Wall { Wall(.unprivileged, error) }

  static func limits(_ error: Int32) -> Wall { Wall(.resourceLimits, error) }

  static func writeExecute(_ error: Int32) -> Wall { Wall(.denyWriteExecute, error) }

  static func closedDescriptors(_ error: Int32) -> Wall { Wall(.descriptorsClosed, error) }

  /// Its files in `/proc` are root's, which stops all but root.
  static func undumpable(_ error: Int32) -> Wall { Wall(.notDumpable, error, .ordinaryUser) }
}

/// One wall alone, where all others that stop the attack are left out.
struct LoneWall: CustomTestStringConvertible, Sendable {
  let attack: Attack
  let wall: Wall
  let placement: Placement

  var testDescription: String { "\(attack.name), layers \(wall.layers.rawValue) alone, \(placement.testDescription)" }

  /// The layers that are left out.
  var omitted: LayerSet { attack.stoppedBy.subtracting(wall.layers) }

  /// Every wall of every attack that has another, in each placement in which it stands and the attack could be done.
  static let all = Attack.all.filter { $0.isFiltered }.flatMap { attack in
    attack.walls.flatMap { wall in
      Placement.all.filter { stands(wall, attack, $0) }.map { LoneWall(attack: attack, wall: wall, placement: $0) }
    }
  }

  private static func stands(_ wall: Wall, _ attack: Attack, _ placement: Placement) -> Bool {
    guard wall.standing == nil || wall.standing == placement.standing else { return false }
    // Within namespaces of its own a worker has what only root has outside, until it drops it.
    let staysInNamespaces = placement.level == .full && !attack.stoppedBy.contains(.namespaces)
    if wall.layers.contains(.namespaces), placement.level != .full { return false }
    if attack.isRoots || wall.layers == .unprivileged { return placement.standing == .root || staysInNamespaces }
    return true
  }
}
