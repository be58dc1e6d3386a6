// SPDX-License-Identifier: Apache-2.0

/// What a worker exits with; by signals only where it was hostile or broken.
package enum WorkerExit {
  /// Everything was said.
  package static let done: Int32 = 0
  /// Our own failure.
  package static let failed: Int32 = 70
  /// Memory ran out.
  package static let outOfMemory: Int32 = 71
  /// A file would have grown past its limit.
  package static let outputLimit: Int32 = 72
  /// Processor time is over.
  package static let processorTime: Int32 = 73
  /// A file that the service gave could not be written or read: the disk fails.
  package static let storageFailed: Int32 = 74
  /// The C library found its heap or stack overwritten, or a runtime gave up.
  package static let aborted: Int32 = 75
  /// A file that the service gave could not be written: no space is left, or a quota is reached.
  package static let diskFull: Int32 = 76
  /// The confinement could not be had.
  package static let unconfined: Int32 = 78
}
