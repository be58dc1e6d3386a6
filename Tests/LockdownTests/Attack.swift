// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import WorkerProtocol

/// An attack of `hostile-worker`, with what must stop it.
struct Attack: CustomTestStringConvertible, Sendable {
  let name: String
  /// How a fully confined worker ends.
  let end: WorkerEnd
  /// Whether the filter stops it.
  let isFiltered: Bool
  /// Each stops it alone, besides the filter.
  let walls: [Wall]
  /// Whether only root can do it, or who is in namespaces of its own and dropped no capability.
  let isRoots: Bool

  var testDescription: String { name }

  /// The layers without which it succeeds: all that stop it, here or as another user.
  var stoppedBy: LayerSet { walls.reduce(isFiltered ? .seccomp : []) { $0.union($1.layers) } }

  /// Where it takes seconds of processor time until it has succeeded: one standing for each level is enough.
  private var unconfinedPlacements: [Placement] { name.hasPrefix("spin") ? Placement.onePerLevel : Placement.all }

  /// Every attack where it is to succeed.
  static let unconfined = all.flatMap { attack in attack.unconfinedPlacements.map { (attack, $0) } }

  /// One that the filter stops, by killing unless `end` says otherwise.
  init(_ name: String, _ end: WorkerEnd, _ walls: Wall...) {
    self.init(name: name, end: end, isFiltered: true, walls: walls, isRoots: false)
  }

  init(_ name: String, _ walls: Wall...) {
    self.init(name: name, end: .killed(SIGSYS), isFiltered: true, walls: walls, isRoots: false)
  }

  /// One of system calls that the filter lets pass.
  init(unfiltered name: String, _ end: WorkerEnd, _ walls: Wall...) {
    self.init(name: name, end: end, isFiltered: false, walls: walls, isRoots: false)
  }

  /// One that only root can do.
  init(ofRoot name: String, _ walls: Wall...) {
    self.init(name: name, end: .killed(SIGSYS), isFiltered: true, walls: walls, isRoots: true)
  }

  private init(name: String, end: WorkerEnd, isFiltered: Bool, walls: [Wall], isRoots: Bool) {
    self.name = name
    self.end = end
    self.isFiltered = isFiltered
    self.walls = walls
    self.isRoots = isRoots
  }
}
