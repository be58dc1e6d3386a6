// SPDX-License-Identifier: Apache-2.0

internal import CKernel
import Glibc
package import WorkerProtocol

/// The confinement of this process, in two stages: `begin` needs no job, `seal` goes before the first hostile byte.
///
/// Threads that parse are started between the two, and must have run before `seal`: the filter refuses the calls that
/// a thread starts with, and a thread older than `begin` escapes Landlock.
///
/// It does not guard the descriptors that are kept, the environment (the parent starts the worker with an empty one),
/// wall time (the parent's deadline), or side channels through the processor. `layers` is what this process says of
/// itself: the parent reads `/proc/PID/status` instead.
package struct Confinement: ~Copyable {
  /// The layers in force so far.
  package private(set) var layers: LayerSet = []
  private let omitted: LayerSet
  /// Built in the first stage, off a job's path.
  private let filter: SyscallFilter

  private init(_ birth: Birth, omitting omitted: LayerSet) throws(ConfinementError) {
    self.omitted = omitted
    filter = birth.isInNamespaces ? try SyscallFilter.ofFirstProcess.get() : try SyscallFilter(ofProcess: getpid())
  }

  /// Takes all layers that need no job, in an order in which none undoes another.
  ///
  /// Landlock and write-execute denial: where the kernel lacks them, they are just not in `layers`. Nor is
  /// `parentDeathSignal` where the worker has a user of its own and the parent lacks CAP_KILL: the kernel would not
  /// send it.
  /// - Parameters:
  ///   - birth: How this process was forked. A worker that stays root does not get the layer `unprivileged`. The
  ///     kernel kills this process when the *thread* ends that its parent started it in, or started the zygote in.
  ///   - firstClosed: The first descriptor that is closed; all above it are closed too.
  ///   - omitted: Layers that are left out, so that the tests see their attacks succeed. Nothing else may name it.
  /// - Returns: The first stage, to be sealed.
  /// - Throws: `ConfinementError`; the process is then half confined and must end.
  package static func begin(
    _ birth: Birth,
    keepingDescriptorsBelow firstClosed: Int32,
    weakenedByOmitting omitted: LayerSet = []
  ) throws(ConfinementError) -> Confinement {
    var confinement = try Confinement(birth, omitting: omitted)
    calmRuntime()
    // Files of /proc, which is out of reach soon. Neither is a layer.
    _ = ingest_be_first_to_go(birth.proc)
    _ = ingest_be_nice()
    if birth.isInNamespaces {
      try confinement.put(.namespaces) { () throws(ConfinementError) in try enterNamespaces(birth) }
      try confinement.put(.emptyRoot) { birth.hasEmptyRoot }
    }
    // First of the rest, since a change of user resets the death signal and dumpability.
    try confinement.put(.unprivileged) { () throws(ConfinementError) in try becomeUnprivileged(birth) }
    try confinement.put(.descriptorsClosed) { () throws(ConfinementError) in try closeDescriptors(from: firstClosed) }
    try confinement.put(.parentDeathSignal) { () throws(ConfinementError) in
      try dieWith(birth)
      return birth.parentMaySignal
    }
    try confinement.put(.notDumpable) { () throws(ConfinementError) in try makeUndumpable() }
    try confinement.put(.denyWriteExecute) { ingest_deny_write_execute() == 0 }
    // Before Landlock and the filter, which need it.
    try confinement.put(.noNewPrivileges) { () throws(ConfinementError) in try forbidNewPrivileges() }
    try confinement.put(.landlock) { () throws(ConfinementError) in try denyFiles() }
    return confinement
  }

  /// Takes the last layers, on the job and before a hostile byte is read: the job's limits and the filter.
  ///
  /// - Returns: All layers in force.
  /// - Throws: `ConfinementError`; the process must end.
  package consuming func seal(_ budget: ResourceBudget) throws(ConfinementError) -> LayerSet {
    try put(.resourceLimits) { () throws(ConfinementError) in
      try budget.enforce()
      return true
    }
    // A kernel that takes no filter: the level says so, and is accepted by nobody who did not ask for it.
    if !omitted.contains(.seccomp), (try? filter.load()) != nil { layers.insert(.seccomp) }
    return layers
  }

  /// Takes one layer unless it is omitted.
  ///
  /// `step` says whether it is now in force.
  private mutating func put(
    _ layer: LayerSet, _ step: () throws(ConfinementError) -> Bool
  ) throws(ConfinementError) {
    if !omitted.contains(layer), try step() { layers.insert(layer) }
  }
}

// MARK: - The steps of the first stage

extension Confinement {
  /// Keeps the C library and the Swift runtime from calls that the filter kills; no layer.
  private static func calmRuntime() {
    // Threads of libdispatch block signals, and their children inherit it: limits would end a worker by SIGKILL, which
    // names no cause. A handler, such as Swift's backtracer, would make forbidden calls.
    ingest_reset_signals()
    ingest_exit_on_limits(
      ingest_exits(
        memory: WorkerExit.outOfMemory, abort: WorkerExit.aborted, processor_time: WorkerExit.processorTime,
        file_size: WorkerExit.outputLimit))
    // Else glibc opens /proc/sys/vm/overcommit_memory when a parsing thread frees much.
    ingest_use_one_heap()
  }

  private static func enterNamespaces(_ birth: Birth) throws(ConfinementError) -> Bool {
    try check(ingest_become_nobody(birth.proc, birth.outerUser, birth.outerGroup)) { .userMap($0) }
    // A second wall behind the filter, and /proc/sys is read-only in some containers.
    _ = ingest_forbid_user_namespaces(birth.proc)
    return true
  }

  private static func becomeUnprivileged(_ birth: Birth) throws(ConfinementError) -> Bool {
    if birth.isInNamespaces {
      // The namespace's own, all of which its first process has.
      try check(ingest_drop_bounding_set()) { .capabilities($0) }
    } else if let user = birth.user {
      try check(ingest_drop_bounding_set(), tolerating: EPERM) { .capabilities($0) }
      try check(ingest_become_user(user)) { .user($0) }
    }
    try check(ingest_drop_capabilities()) { .capabilities($0) }
    return ingest_is_unprivileged() == 1
  }

  private static func closeDescriptors(from first: Int32) throws(ConfinementError) -> Bool {
    try check(ingest_close_range(UInt32(clamping: first), .max)) { .descriptors($0) }
    return true
  }

  private static func dieWith(_ birth: Birth) throws(ConfinementError) {
    try check(ingest_prctl_set(PR_SET_PDEATHSIG, UInt(SIGKILL))) { .parentDeathSignal($0) }
    // The parent may have ended before: then no signal will come. From within a namespace it cannot be seen; there the
    // end of the channel, on which a worker waits for its job, says the same.
    guard birth.isInNamespaces || getppid() == birth.parent else { throw .parentGone }
  }

  private static func makeUndumpable() throws(ConfinementError) -> Bool {
    try check(ingest_prctl_set(PR_SET_DUMPABLE, 0)) { .dumpable($0) }
    try ResourceLimit.core.lower(to: 0)
    return true
  }

  private static func forbidNewPrivileges() throws(ConfinementError) -> Bool {
    try check(ingest_prctl_set(PR_SET_NO_NEW_PRIVS, 1)) { .noNewPrivileges($0) }
    return true
  }

  private static func denyFiles() throws(ConfinementError) -> Bool {
    // Not built in, not enabled at boot, or refused by a container's own filter: the level says so.
    guard ingest_landlock_abi() > 0 else { return false }
    try check(ingest_landlock_deny_all()) { .landlock($0) }
    return true
  }

  private static func check(
    _ result: Int32, tolerating tolerated: Int32 = 0, _ error: (Int32) -> ConfinementError
  ) throws(ConfinementError) {
    guard result == 0 || -result == tolerated else { throw error(-result) }
  }
}
