// SPDX-License-Identifier: Apache-2.0

/// Why a worker could not be confined.
///
/// Each case but `userIsRoot` and `parentGone` carries the system's error number.
/// The worker must end at once: it is half confined, and no stage can be taken again.
package enum ConfinementError: Error, Hashable {
  /// `user` is root: a worker never runs as root.
  case userIsRoot
  /// No process could be forked, or not into namespaces of its own.
  case fork(Int32)
  /// The user could not be mapped into the namespace.
  case userMap(Int32)
  /// The root directory could not be replaced.
  case root(Int32)
  /// The user could not be changed: the process is not root, or lacks CAP_SETUID or CAP_SETGID.
  case user(Int32)
  /// Capabilities could not be dropped.
  case capabilities(Int32)
  /// Inherited descriptors could not be closed.
  case descriptors(Int32)
  /// The parent's death signal could not be set.
  case parentDeathSignal(Int32)
  /// The parent ended before its death signal was set.
  case parentGone
  /// The process could not be made undumpable.
  case dumpable(Int32)
  /// `no_new_privs` could not be set.
  case noNewPrivileges(Int32)
  /// Landlock is there, but did not take the rules.
  case landlock(Int32)
  /// A resource limit could not be lowered.
  case resourceLimit(Int32)
  /// The system call filter could not be built or loaded.
  case filter(Int32)
}
