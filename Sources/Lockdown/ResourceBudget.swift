// SPDX-License-Identifier: Apache-2.0

internal import CKernel
import Glibc

/// What one job may use: the worker's hard limits, which it cannot raise again.
///
/// It does not guard wall time, nor processor time that others wait for: the parent's deadline does.
package struct ResourceBudget: Sendable, Hashable {
  /// Address space, in bytes.
  ///
  /// Heap, stack, maps, code and libraries together. Past it, allocation fails.
  package let addressSpaceBytes: UInt64
  /// Private writable memory, in bytes: what the heap and stacks may take.
  ///
  /// Read-only maps do not count.
  package let dataBytes: UInt64
  /// Length of any file that is written, in bytes; past it: SIGXFSZ.
  package let fileBytes: UInt64
  /// Processor time of all threads since the worker's start, in seconds, at least 1; past it: SIGXCPU.
  package let cpuSeconds: UInt64
  /// The lowest descriptor number that cannot be had: received descriptors past it are lost.
  package let descriptors: UInt64

  /// A budget of these limits.
  ///
  /// - Parameter dataBytes: nil for as much as the address space.
  package init(
    addressSpaceBytes: UInt64, dataBytes: UInt64? = nil, fileBytes: UInt64, cpuSeconds: UInt64, descriptors: UInt64
  ) {
    self.addressSpaceBytes = addressSpaceBytes
    self.dataBytes = dataBytes ?? addressSpaceBytes
    self.fileBytes = fileBytes
    self.cpuSeconds = cpuSeconds
    self.descriptors = descriptors
  }

  /// Lowers the process's limits to the budget, and forbids new processes and threads.
  func enforce() throws(ConfinementError) {
    try ResourceLimit.addressSpace.lower(to: addressSpaceBytes)
    try ResourceLimit.data.lower(to: dataBytes)
    try ResourceLimit.fileSize.lower(to: fileBytes)
    // A second more for the hard limit, at which the kernel kills: SIGXCPU comes first and names the cause.
    let (killAt, overflow) = cpuSeconds.addingReportingOverflow(1)
    try ResourceLimit.cpu.lower(to: cpuSeconds, hard: overflow ? cpuSeconds : killAt)
    try ResourceLimit.descriptors.lower(to: descriptors)
    try ResourceLimit.processes.lower(to: 0)
  }
}
