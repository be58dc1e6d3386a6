// SPDX-License-Identifier: Apache-2.0

import CSeccomp
import Glibc
import Testing

@testable import Lockdown

@Suite("The system call filter")
struct FilterTests {
  /// Let pass with zero for every argument; the others of the list have conditions.
  private static let unconditional = [
    "read", "write", "pread64", "pwrite64", "lseek", "fstat", "close", "recvmsg", "sendto", "newfstatat", "brk",
    "munmap",
    "mremap", "madvise", "mprotect", "exit", "exit_group", "futex", "sched_yield", "rt_sigprocmask", "rt_sigreturn",
    "getrandom", "getpid", "gettid", "clock_gettime",
  ]

  /// `uretprobe` and `uprobe`: newer kernels let them pass every filter on x86_64, since only the kernel's own
  /// trampoline can use them (elsewhere: SIGILL, and ENXIO).
  private static let beyondAnyFilter: Set<Int32> = [335, 336]

  @Test("C37 every system call but those of the list ends the worker", arguments: Placement.onePerLevel)
  func everythingElseKills(placement: Placement) throws {
    let process = try HostileProcess("sweep", placement)
    #expect(try process.finish() == .succeeded)
    let survivors = try #require(process.value(of: "survivors")).split(separator: " ").compactMap { Int32($0) }
    // SAFETY: the name is a null-terminated copy that lives for the call.
    let allowed = Self.unconditional.map { unsafe seccomp_syscall_resolve_name($0) }
    #if arch(x86_64)
      #expect(Set(survivors).subtracting(Self.beyondAnyFilter) == Set(allowed))
    #else
      #expect(Set(survivors) == Set(allowed))
    #endif
  }

  /// `AUDIT_ARCH_X86_64` and `AUDIT_ARCH_AARCH64`, macros that Swift does not import.
  private static let x86_64: UInt32 = 0xC000_003E
  private static let aarch64: UInt32 = 0xC000_00B7

  @Test("The list resolves on both architectures", arguments: [x86_64, aarch64])
  func listResolves(architecture: UInt32) {
    for rule in SyscallRule.allowList(process: 1) {
      // SAFETY: the name is a null-terminated copy that lives for the call.
      #expect(unsafe seccomp_syscall_resolve_name_arch(architecture, rule.name) >= 0, "\(rule.name)")
    }
  }

  @Test("C37 what parsing needs works", arguments: Placement.all, ["yes", "no"])
  func honestWork(placement: Placement, inThread: String) throws {
    let process = try HostileProcess("honest-work", placement, options: ["--in-thread", inThread])
    #expect(try process.finish() == .succeeded, "\(process.lines)")
  }
}
