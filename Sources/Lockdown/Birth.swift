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
  /// Whether its root directory was empty when it was forked.
  let hasEmptyRoot: Bool
  /// A handle on /proc, open until the worker closes what is not its own.
  let proc: Int32
  /// Who the worker is outside of its namespaces.
  let outerUser: uid_t
  let outerGroup: gid_t
  /// The death signal is sent with the parent's rights: as root without CAP_KILL there is none to another user.
  let parentMaySignal: Bool

  /// Where a fork goes on.
  package enum Forked {
    case parent(of: Int32)
    case child(Birth)
  }
}
