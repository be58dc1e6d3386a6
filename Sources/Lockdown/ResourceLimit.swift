// SPDX-License-Identifier: Apache-2.0

internal import CKernel
import Glibc

/// A limit of the kernel on this process.
struct ResourceLimit {
  private let resource: Int32

  static let addressSpace = ResourceLimit(RLIMIT_AS)
  static let data = ResourceLimit(RLIMIT_DATA)
  static let fileSize = ResourceLimit(RLIMIT_FSIZE)
  static let cpu = ResourceLimit(RLIMIT_CPU)
  static let descriptors = ResourceLimit(RLIMIT_NOFILE)
  static let core = ResourceLimit(RLIMIT_CORE)
  /// Counts the processes and threads of the user; does nothing against root.
  static let processes = ResourceLimit(__RLIMIT_NPROC)

  private init(_ resource: __rlimit_resource) { self.resource = Int32(bitPattern: resource.rawValue) }

  /// Sets both limits, or leaves what is lower already: raising is refused to all but root.
  func lower(to soft: UInt64, hard: UInt64? = nil) throws(ConfinementError) {
    var present: UInt64 = 0
    // SAFETY: the pointer is valid for the call, which writes one integer and keeps nothing.
    var result = unsafe ingest_hard_rlimit(resource, &present)
    if result == 0 { result = ingest_set_rlimit(resource, min(soft, present), min(hard ?? soft, present)) }
    guard result == 0 else { throw .resourceLimit(-result) }
  }
}
