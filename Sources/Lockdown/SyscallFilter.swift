// SPDX-License-Identifier: Apache-2.0

internal import CSeccomp
import Glibc

/// A system call filter under construction, with one owner, who loads it once.
@safe struct SyscallFilter: ~Copyable {
  private let context: UnsafeMutableRawPointer

  /// A filter that kills the process for every call that no rule lets pass, and for every other architecture's calls.
  static func killingAllBut(_ rules: [SyscallRule]) throws(ConfinementError) -> SyscallFilter {
    // SAFETY: no argument but a number. The context that returns is handed to its one owner.
    guard let context = unsafe seccomp_init(ingest_seccomp_kill()) else { throw .filter(ENOMEM) }
    let filter = unsafe SyscallFilter(owning: context)
    try filter.set(SCMP_FLTATR_ACT_BADARCH, ingest_seccomp_kill())
    // All threads of the process, or none.
    try filter.set(SCMP_FLTATR_CTL_TSYNC, 1)
    // `Confinement` sets no_new_privs itself, where it is seen.
    try filter.set(SCMP_FLTATR_CTL_NNP, 0)
    try filter.set(SCMP_FLTATR_API_SYSRAWRC, 1)
    for rule in rules { try filter.add(rule) }
    return filter
  }

  private init(owning context: UnsafeMutableRawPointer) {
    // SAFETY: the one caller has just made the context, and keeps no copy.
    unsafe self.context = context
  }

  deinit {
    // SAFETY: the context is valid, since only this line frees it.
    unsafe seccomp_release(context)
  }

  /// Puts the filter in force, for good.
  borrowing func load() throws(ConfinementError) {
    // SAFETY: the context is valid for as long as `self` is.
    let result = unsafe seccomp_load(context)
    // Above 0 it is the thread that could not take the filter.
    guard result == 0 else { throw .filter(result < 0 ? -result : ESRCH) }
  }

  private func set(_ attribute: scmp_filter_attr, _ value: UInt32) throws(ConfinementError) {
    // SAFETY: the context is valid for as long as `self` is.
    try check(unsafe seccomp_attr_set(context, attribute, value))
  }

  private func add(_ rule: SyscallRule) throws(ConfinementError) {
    // SAFETY: the name is a null-terminated copy that lives for the call.
    let number = unsafe seccomp_syscall_resolve_name(rule.name)
    // A negative number is a call that this architecture lacks: libseccomp would silently drop the rule.
    guard number >= 0 else { throw .filter(ENOSYS) }
    let conditions = rule.conditions.map(scmp_arg_cmp.init)
    // SAFETY: the context is valid, and the array has as many elements as said and lives for the call.
    try check(
      unsafe seccomp_rule_add_array(
        context, rule.verdict.action, number, UInt32(conditions.count), conditions))
  }

  private func check(_ result: Int32) throws(ConfinementError) {
    guard result == 0 else { throw .filter(-result) }
  }
}

extension SyscallRule.Verdict {
  fileprivate var action: UInt32 {
    switch self {
    case .allow: ingest_seccomp_allow()
    case .refuse(let error): ingest_seccomp_refuse(error)
    }
  }
}

extension scmp_arg_cmp {
  fileprivate init(_ condition: SyscallRule.Condition) {
    switch condition {
    case .equal(let argument, let value):
      self.init(arg: argument, op: SCMP_CMP_EQ, datum_a: value, datum_b: 0)
    case .atMost(let argument, let value):
      self.init(arg: argument, op: SCMP_CMP_LE, datum_a: value, datum_b: 0)
    case .exactly(let argument, let bits, let ignoring):
      self.init(
        arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: ~UInt64(ignoring.magnitude), datum_b: UInt64(bits.magnitude))
    case .without(let argument, let bits):
      self.init(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: UInt64(bits.magnitude), datum_b: 0)
    }
  }
}
