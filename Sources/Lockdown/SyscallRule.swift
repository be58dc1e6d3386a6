// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the filter does with one system call.
///
/// A call without a rule, or whose arguments meet no rule, kills the process.
struct SyscallRule {
  enum Verdict {
    case allow
    /// The call returns this error number.
    case refuse(UInt16)
  }

  /// A condition on one argument, counted from 0.
  ///
  /// The filter sees registers only, never what a pointer points to.
  enum Condition {
    case equal(argument: UInt32, UInt64)
    case atMost(argument: UInt32, UInt64)
    /// The bits outside `ignoring` are exactly `bits`.
    case exactly(argument: UInt32, bits: Int32, ignoring: Int32)
    case without(argument: UInt32, bits: Int32)
  }

  /// The name in libseccomp, the same on x86_64 and aarch64.
  let name: String
  let verdict: Verdict
  let conditions: [Condition]

  private init(_ name: String, _ verdict: Verdict = .allow, where conditions: Condition...) {
    self.name = name
    self.verdict = verdict
    self.conditions = conditions
  }
}

extension SyscallRule {
  /// The filter that ships (`CONTROLS.md` section 7): what parsing needs, and nothing that makes a descriptor, a
  /// process, a signal to others, executable or shared memory.
  ///
  /// It does not guard what the worker does with the descriptors it was given, nor time (that is `ResourceBudget`'s),
  /// nor side channels between workers.
  static func allowList(process: Int32) -> [SyscallRule] {
    descriptors + memory + ownProcess(process)
  }

  /// Descriptors are read, written and closed; they come only by message from the parent, and none is opened.
  private static let descriptors = [
    SyscallRule("read"), SyscallRule("write"), SyscallRule("pread64"), SyscallRule("pwrite64"),
    SyscallRule("lseek"), SyscallRule("fstat"), SyscallRule("recvmsg"), SyscallRule("close"),
    // send(2): without an address the message can only go to the peer.
    SyscallRule("sendto", where: .equal(argument: 4, 0)),
    // The filter cannot tell fstat(2), which glibc makes of this call, from stat by path. See `ingest_file_size`.
    SyscallRule("newfstatat", .refuse(UInt16(ENOSYS))),
  ]

  private static let memory = [
    SyscallRule("brk"), SyscallRule("munmap"), SyscallRule("mremap"), SyscallRule("madvise"),
    SyscallRule(
      "mmap", where: .without(argument: 2, bits: PROT_EXEC),
      // Neither shared, nor huge pages, nor locked.
      .exactly(argument: 3, bits: MAP_PRIVATE, ignoring: harmlessMapFlags)),
    SyscallRule("mprotect", where: .without(argument: 2, bits: PROT_EXEC)),
  ]

  private static let harmlessMapFlags = MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE | MAP_POPULATE | MAP_STACK

  private static func ownProcess(_ process: Int32) -> [SyscallRule] {
    [
      SyscallRule("exit"), SyscallRule("exit_group"), SyscallRule("futex"), SyscallRule("sched_yield"),
      SyscallRule("rt_sigprocmask"), SyscallRule("rt_sigreturn"), SyscallRule("getrandom"),
      SyscallRule("getpid"), SyscallRule("gettid"),
      // abort(3) signals itself with it.
      SyscallRule("tgkill", where: .equal(argument: 0, UInt64(process.magnitude))),
      // The numbered clocks: a negative identifier is the processor time of any process, or a device.
      SyscallRule("clock_gettime", where: .atMost(argument: 0, UInt64(CLOCK_TAI.magnitude))),
    ]
  }
}
