// SPDX-License-Identifier: Apache-2.0

internal import CKernel
import Glibc

/// The process that forks workers, prepared for it: nobody reads or dumps it, it hands on no groups, and wherever the
/// system allows it, it has an empty root directory and an empty network, which its workers share (decision 0021).
///
/// Whatever opens files must have done so before.
package struct Forker: Sendable {
  /// Whether the root directory is empty, without which workers get no namespaces either.
  package let hasEmptyRoot: Bool
  private let proc: Int32

  /// Prepares this process, which has one thread.
  ///
  /// - Parameter trial: whether it can have an empty root; nil to stay where the host's files are.
  /// - Throws: `ConfinementError`; the process must end.
  package init(after trial: consuming EmptyRootTrial?) throws(ConfinementError) {
    _ = try SyscallFilter.ofFirstProcess.get()
    proc = ingest_open_proc()
    guard proc >= 0 else { throw .root(-proc) }
    // An ordinary user keeps its groups, and so do its workers.
    let groups = ingest_drop_groups()
    guard groups == 0 || groups == -EPERM else { throw .user(-groups) }
    hasEmptyRoot = trial?.hasSucceeded() ?? false
    if hasEmptyRoot {
      let result = ingest_enter_empty_root(proc)
      guard result == 0 else { throw .root(-result) }
    }
    // Half of the page faults of a worker for a small file were for code that is mapped already. Where the system forbids
    // it, they stay.
    _ = ingest_hand_on_code(proc)
    // What was freed again would be copied to each worker, and taken down with it.
    ingest_trim_heap()
    // Last, since the maps of a process that cannot be dumped are not its own to write.
    let result = ingest_prctl_set(PR_SET_DUMPABLE, 0)
    guard result == 0 else { throw .dumpable(-result) }
  }

  /// Forks one worker.
  ///
  /// - Parameters:
  ///   - user: The user and group that the child is to become, which needs root; nil to stay.
  ///   - inNamespaces: Whether the child gets namespaces of its own.
  ///   - asSibling: Whether the child becomes this process's parent's, which then reaps it.
  /// - Returns: the child's number, or in the child how it was born.
  /// - Throws: `ConfinementError.fork`; where namespaces cannot be had, EPERM, ENOSPC, ENOSYS or EINVAL.
  package func fork(user: UInt32?, inNamespaces: Bool, asSibling: Bool) throws(ConfinementError) -> Birth.Forked {
    guard user != 0 else { throw .userIsRoot }
    let birth = Birth(
      user: user, parent: asSibling ? getppid() : getpid(), isInNamespaces: inNamespaces, hasEmptyRoot: hasEmptyRoot,
      proc: proc, outerUser: user ?? geteuid(), outerGroup: user ?? getegid(),
      parentMaySignal: user == nil || ingest_may_signal_all_users() == 1)
    let process = ingest_fork(
      asSibling ? 1 : 0, inNamespaces ? 1 : 0, hasEmptyRoot ? 1 : 0, user.map(Int64.init) ?? -1)
    guard process >= 0 else { throw .fork(-process) }
    return process == 0 ? .child(birth) : .parent(of: process)
  }
}

/// A child that tries to enter an empty root.
///
/// Some systems let a process enter a namespace and then forbid what goes on in it. The kernel takes 10 ms for the try,
/// mostly waiting, in which the parent can do something else.
package struct EmptyRootTrial: ~Copyable {
  private let process: Int32

  /// Forks the child, which takes what is allowed to this process, and no descriptor that the caller would miss.
  package init() throws(ConfinementError) {
    let proc = ingest_open_proc()
    guard proc >= 0 else { throw .root(-proc) }
    defer { close(proc) }
    process = ingest_try_empty_root(proc)
  }

  /// Whether the child entered it, once it has ended.
  fileprivate consuming func hasSucceeded() -> Bool {
    process > 0 && ingest_could_enter_empty_root(process) == 0
  }
}
