// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors
import Hashing
import Metrics
import Synchronization
package import Validation

/// The memory that all in-memory spools together may take.
package final class SpoolBudget: Sendable {
  private let used = Mutex<UInt64>(0)
  private let limit: ByteCount

  package init(limit: ByteCount) { self.limit = limit }

  /// Takes `bytes`; false where they are not to be had.
  func take(_ bytes: UInt64) -> Bool {
    used.withLock { used in
      let (sum, overflowed) = used.addingReportingOverflow(bytes)
      guard !overflowed, sum <= limit.bytes else { return false }
      used = sum
      return true
    }
  }

  func giveBack(_ bytes: UInt64) { used.withLock { $0 -= min($0, bytes) } }

  /// The bytes that are taken.
  var usedBytes: UInt64 { used.withLock { $0 } }
}

/// The memory of one spool, given back when nobody needs the bytes any more.
final class SpoolReservation: Sendable {
  private let budget: SpoolBudget
  private let bytes = Mutex<UInt64>(0)

  init(of budget: SpoolBudget) { self.budget = budget }

  deinit { budget.giveBack(bytes.withLock { $0 }) }

  /// Takes `count` bytes more; false where they are not to be had.
  func grow(by count: UInt64) -> Bool {
    guard budget.take(count) else { return false }
    bytes.withLock { $0 += count }
    return true
  }
}

/// Takes an upload's bytes as they come: counts, hashes and caps them, in memory first and on disk beyond a threshold.
///
/// Never holds the body in the heap. One owner; not for several threads.
package final class SpoolWriter {
  private let limits: Limits
  private let budget: SpoolBudget
  private let makeFile: () throws -> OwnedDescriptor
  private let makesNamable: Bool
  private let byteCounter = PipelineMetrics.makeByteCounter()
  private var hasher = SHA256()
  private var received: UInt64 = 0
  private var reservation: SpoolReservation?
  private var target: Target?

  private final class Target {
    let descriptor: OwnedDescriptor
    let isMemory: Bool

    init(_ descriptor: consuming OwnedDescriptor, isMemory: Bool) {
      self.descriptor = descriptor
      self.isMemory = isMemory
    }
  }

  /// A writer of one upload.
  ///
  /// - Parameters:
  ///   - makesNamable: whether such a file can be given a name in the store.
  ///   - makeFile: makes an unnamed file in the scratch directory, for uploads beyond the threshold.
  package init(
    limits: Limits, budget: SpoolBudget, makesNamable: Bool = false, makeFile: @escaping () throws -> OwnedDescriptor
  ) {
    self.makesNamable = makesNamable
    self.limits = limits
    self.budget = budget
    self.makeFile = makeFile
  }

  /// Appends bytes.
  ///
  /// - Throws: `Rejection` with `too_large` at the cap, of which not a byte beyond is kept; else our own failure.
  package func append(_ bytes: RawSpan) throws {
    let (sum, overflowed) = received.addingReportingOverflow(UInt64(bytes.byteCount))
    guard !overflowed, sum <= limits.uploadBytes.bytes else {
      throw Rejection(.tooLarge, limit: limits.uploadBytes.bytes)
    }
    hasher.update(bytes)
    try write(bytes, total: sum)
    byteCounter.increment(by: bytes.byteCount)
    received = sum
  }

  /// Appends as `append(_:)` of raw bytes.
  package func append(_ bytes: Span<UInt8>) throws {
    // SAFETY: bytes have no padding that could be read uninitialised.
    try append(unsafe bytes.bytes)
  }

  private func write(_ bytes: RawSpan, total: UInt64) throws {
    var target = try self.target ?? Self.makeMemory()
    if target.isMemory {
      let reservation = self.reservation ?? SpoolReservation(of: budget)
      self.reservation = reservation
      if total > limits.memorySpoolBytes.bytes || !reservation.grow(by: UInt64(bytes.byteCount)) {
        target = try moveToDisk(from: target)
      }
    }
    self.target = target
    try target.descriptor.pwrite(bytes, at: received)
  }

  private func moveToDisk(from memory: Target) throws -> Target {
    let file = Target(try makeFile(), isMemory: false)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var offset: UInt64 = 0
    while offset < received {
      var span = buffer.mutableSpan
      let count = try memory.descriptor.pread(into: &span, at: offset)
      guard count > 0 else { break }
      try file.descriptor.pwrite(buffer.span.extracting(first: count), at: offset)
      offset += UInt64(count)
    }
    reservation = nil
    return file
  }

  /// Ends the upload: nobody can change the bytes any more.
  package func finish() throws -> UploadSource {
    let hash = ContentHash(hasher.finalize())
    let target = try self.target ?? Self.makeMemory()
    self.target = nil
    if target.isMemory { try Self.check("fcntl", ingest_add_seals(target.descriptor.rawValue)) }
    let readOnly = try Self.check("open", ingest_open_read_only_again(target.descriptor.rawValue))
    return UploadSource(
      descriptor: OwnedDescriptor(owning: readOnly), bytes: received, hashing: ContentHashing(hash),
      reservation: reservation, isInStore: !target.isMemory && makesNamable)
  }

  private static func makeMemory() throws -> Target {
    // SAFETY: the literal's bytes outlive the call and end in a zero.
    let number = try check("memfd_create", unsafe ingest_memfd("ingest-spool"))
    return Target(OwnedDescriptor(owning: number), isMemory: true)
  }

  @discardableResult
  private static func check(_ call: String, _ result: Int32) throws(SystemCallError) -> Int32 {
    guard result >= 0 else { throw SystemCallError(call: call, errno: -result) }
    return result
  }
}
