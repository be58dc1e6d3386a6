// SPDX-License-Identifier: Apache-2.0

internal import CKernel
internal import CSeccomp
import Glibc

/// A system call filter, compiled: what the kernel takes.
struct SyscallFilter {
  private let program: [UInt8]

  /// The filter of the first process of a namespace, which all workers there share.
  ///
  /// Compiled once, in the process that forks them.
  static let ofFirstProcess = Result { () throws(ConfinementError) in try SyscallFilter(ofProcess: 1) }

  /// The filter that ships, for the process of this number.
  init(ofProcess process: Int32) throws(ConfinementError) {
    program = try FilterBuilder.killingAllBut(SyscallRule.allowList(process: process)).compiled()
  }

  /// Puts the filter in force for all threads of this process, for good.
  ///
  /// Needs `no_new_privs`.
  func load() throws(ConfinementError) {
    // SAFETY: the call reads the array's bytes, which the kernel checks.
    let result = unsafe program.withUnsafeBytes { bytes in
      unsafe ingest_load_filter(bytes.baseAddress, bytes.count)
    }
    guard result == 0 else { throw .filter(-result) }
  }
}

/// A system call filter under construction, with one owner, who compiles it once.
@safe private struct FilterBuilder: ~Copyable {
  private let context: UnsafeMutableRawPointer

  /// A filter that kills the process for every call that no rule lets pass, and for every other architecture's calls.
  static func killingAllBut(_ rules: [SyscallRule]) throws(ConfinementError) -> FilterBuilder {
    // SAFETY: no argument but a number. The context that returns is handed to its one owner.
    guard let context = unsafe seccomp_init(ingest_seccomp_kill()) else { throw .filter(ENOMEM) }
    let filter = unsafe FilterBuilder(owning: context)
    try filter.set(SCMP_FLTATR_ACT_BADARCH, ingest_seccomp_kill())
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

  /// The filter as the kernel takes it.
  borrowing func compiled() throws(ConfinementError) -> [UInt8] {
    // SAFETY: the name is a literal.
    let number = unsafe ingest_memfd("filter")
    guard number >= 0 else { throw .filter(-number) }
    defer { close(number) }
    // SAFETY: the context is valid for as long as `self` is.
    try check(unsafe seccomp_export_bpf(context, number))
    let size = ingest_file_size(number)
    guard size > 0, size < 1 << 16 else { throw .filter(EIO) }
    var program = [UInt8](repeating: 0, count: Int(size))
    // SAFETY: the call writes at most as many bytes as the array has.
    let count = unsafe program.withUnsafeMutableBytes { unsafe pread(number, $0.baseAddress, $0.count, 0) }
    guard count == program.count else { throw .filter(EIO) }
    return program
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
