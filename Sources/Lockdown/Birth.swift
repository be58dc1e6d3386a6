// SPDX-License-Identifier: Apache-2.0

internal import CKernel
import Glibc

/// How a worker came into being: what its confinement has to go on with.
package struct Birth: Sendable {
  /// The user that the worker is outside of its namespaces, which needs root; nil to stay.
  package var user: UInt32?
  /// The process whose end is the worker's.
  package var parent: Int32
  /// Whether the worker is the first process in namespaces of its own.
  package let isInNamespaces: Bool
  /// The user and group that the forking process has, as far as the worker has no user of its own.
  fileprivate let outerUser: uid_t
  fileprivate let outerGroup: gid_t
  /// The death signal is sent with the parent's rights: as root without CAP_KILL there is none to another user.
  let parentMaySignal: Bool

  /// Forks this process, which has one thread.
  ///
  /// - Parameters:
  ///   - user: The user and group that the child is to become, which needs root; nil to stay.
  ///   - inNamespaces: Whether the child gets namespaces of its own.
  ///   - asSibling: Whether the child becomes this process's parent's, which then reaps it.
  /// - Returns: the child's number, or in the child how it was born.
  /// - Throws: `ConfinementError.fork`; where namespaces cannot be had, EPERM, ENOSPC, ENOSYS or EINVAL.
  package static func fork(user: UInt32?, inNamespaces: Bool, asSibling: Bool) throws(ConfinementError) -> Forked {
    guard user != 0 else { throw .userIsRoot }
    let birth = Birth(
      user: user, parent: asSibling ? getppid() : getpid(), isInNamespaces: inNamespaces,
      outerUser: user ?? geteuid(), outerGroup: user ?? getegid(),
      parentMaySignal: user == nil || ingest_may_signal_all_users() == 1)
    let process = ingest_fork(asSibling ? 1 : 0, inNamespaces ? 1 : 0, user.map(Int64.init) ?? -1)
    guard process >= 0 else { throw .fork(-process) }
    return process == 0 ? .child(birth) : .parent(of: process)
  }

  /// Where a fork goes on.
  package enum Forked {
    case parent(of: Int32)
    case child(Birth)
  }

  /// Takes the worker's place in its namespaces: nobody, with all capabilities there.
  func enterNamespaces() throws(ConfinementError) {
    let result = ingest_map_user(outerUser, outerGroup)
    guard result == 0 else { throw .userMap(-result) }
  }
}
