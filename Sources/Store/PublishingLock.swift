// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

/// Keeps the collector from a file that is on its way to being named by the catalog.
///
/// A publication holds it, shared, from before its first file has a name until its transaction has ended. The collector
/// holds it alone while it asks the catalog which files nothing refers to, and removes those. So a file is either gone
/// before a publication looks for it, which then gives it its name again, or named by the catalog before the collector
/// asks.
///
/// The kernel gives it up with the process, and it works between processes, but not between machines.
final class PublishingLock: Sendable {
  private let lock: OwnedDescriptor
  /// Locked by the collector first, and passed through by publications, so that these cannot keep it waiting for ever.
  private let gate: OwnedDescriptor?

  private init(_ lock: consuming OwnedDescriptor, gate: consuming OwnedDescriptor? = nil) {
    self.lock = lock
    self.gate = gate
  }

  /// Waits until no collector is at work.
  ///
  /// - Parameter root: the store's directory.
  static func shared(in root: borrowing OwnedDescriptor) throws(SystemCallError) -> PublishingLock {
    let gate = try root.openDirectory("scratch")
    try gate.lockShared()
    let lock = try root.openDirectory("tables")
    try lock.lockShared()
    return PublishingLock(lock)
  }

  /// Waits until no publication is on its way, and keeps others from beginning.
  static func exclusive(in root: borrowing OwnedDescriptor) throws(SystemCallError) -> PublishingLock {
    let gate = try root.openDirectory("scratch")
    try gate.lock()
    let lock = try root.openDirectory("tables")
    try lock.lock()
    return PublishingLock(lock, gate: gate)
  }
}
