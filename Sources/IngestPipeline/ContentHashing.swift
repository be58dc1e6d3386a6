// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Hashing
import Synchronization
import Validation

/// The hash of a file, which may still be under way.
final class ContentHashing: Sendable {
  private typealias Outcome = Result<ContentHash, any Error>

  private struct State {
    var outcome: Outcome?
    var waiting: [CheckedContinuation<ContentHash, any Error>] = []
  }

  private static let piece = 128 << 10

  private let state: Mutex<State>

  /// A hash that is known.
  init(_ hash: ContentHash) { state = Mutex(State(outcome: .success(hash))) }

  private init() { state = Mutex(State()) }

  /// Hashes the first `count` bytes of a file on a thread of its own, or at once where none can be started.
  ///
  /// The thread stops early where nobody is interested any more.
  ///
  /// - Throws: as `hash(_:count:)`, and where the descriptor cannot be duplicated.
  static func start(
    _ file: borrowing OwnedDescriptor, count: UInt64, stackBytes: Int = DetachedThread.usualStackBytes
  ) throws -> ContentHashing {
    let hashing = ContentHashing()
    let number = try file.duplicate().release()
    do {
      try startThread(of: hashing, number, count: count, stackBytes: stackBytes)
    } catch {
      return ContentHashing(try hash(OwnedDescriptor(owning: number), count: count))
    }
    return hashing
  }

  private static func startThread(
    of hashing: ContentHashing, _ number: Int32, count: UInt64, stackBytes: Int
  ) throws(SystemCallError) {
    try DetachedThread.start(stackBytes: stackBytes) { [weak hashing] in
      // Workers have theirs too, and wait for nothing else: the hash is not needed before they end.
      let thread = __priority_which_t(PRIO_PROCESS.rawValue)
      _ = setpriority(thread, 0, max(5, getpriority(thread, 0)))
      let file = OwnedDescriptor(owning: number)
      let outcome = Outcome { try hash(file, count: count) { hashing == nil } }
      hashing?.finish(outcome)
    }
  }

  /// Hashes the first `count` bytes of a file.
  ///
  /// - Throws: `source_changed` where there are fewer, or the failure of `pread`.
  static func hash(
    _ file: borrowing OwnedDescriptor, count: UInt64, unless isAbandoned: () -> Bool = { false }
  ) throws -> ContentHash {
    var hasher = SHA256()
    var buffer = [UInt8](repeating: 0, count: Int(min(UInt64(piece), count)))
    var offset: UInt64 = 0
    while offset < count {
      if isAbandoned() { throw CancellationError() }
      var span = buffer.mutableSpan
      let read = try file.pread(into: &span, at: offset)
      guard read > 0 else { throw Rejection(.sourceChanged) }
      let wanted = Int(min(UInt64(read), count - offset))
      hasher.update(buffer.span.extracting(first: wanted))
      offset += UInt64(wanted)
    }
    return ContentHash(hasher.finalize())
  }

  /// The hash, where it is at hand.
  var known: ContentHash? { try? state.withLock { $0.outcome }?.get() }

  /// The hash, as soon as there is one.
  ///
  /// - Throws: as `hash(_:count:)`.
  func value() async throws -> ContentHash {
    try await withCheckedThrowingContinuation { continuation in
      let outcome = state.withLock { state in
        if state.outcome == nil { state.waiting.append(continuation) }
        return state.outcome
      }
      if let outcome { continuation.resume(with: outcome) }
    }
  }

  private func finish(_ outcome: Outcome) {
    let waiting = state.withLock { state in
      state.outcome = outcome
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume(with: outcome) }
  }
}
