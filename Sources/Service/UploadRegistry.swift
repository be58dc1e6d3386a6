// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import Synchronization

/// The uploads that were received and not yet decided, and for a while those that we failed to decide.
///
/// What was decided is in the catalog. This is one process's own knowledge and ends with it.
final class UploadRegistry: Sendable {
  /// Where an upload is.
  enum State: Sendable {
    /// It waits for a worker.
    case queued(ReadProgress)
    case reading(ReadProgress)
    case failed(RequestProblem)
  }

  private struct Content {
    var running: [String: State] = [:]
    var failed = FailedUploads()
  }

  private let content = Mutex(Content())
  private let places: Int
  private let capacity: Int

  /// A registry of as many uploads as there may be at a time.
  ///
  /// - Parameters:
  ///   - places: the workers at a time.
  ///   - queue: the uploads that may wait for one. With no more than these here, the pool itself is never too full for
  ///     what was promised an answer.
  init(places: Int, queue: Int) {
    self.places = max(1, places)
    let (sum, overflowed) = self.places.addingReportingOverflow(max(0, queue))
    capacity = overflowed ? .max : sum
  }

  /// Enters an upload whose body is complete.
  ///
  /// - Returns: its first state; nil where there are as many as may be.
  func begin(_ id: String, totalBytes: UInt64) -> State? {
    content.withLock { content in
      guard content.running.count < capacity else { return nil }
      let nothing = ReadProgress(bytes: 0, totalBytes: totalBytes, records: 0)
      // The workers' places are given in the order of arrival.
      let state: State = content.running.count < places ? .reading(nothing) : .queued(nothing)
      content.running[id] = state
      return state
    }
  }

  /// Notes how far the worker says that it is.
  func note(_ id: String, _ progress: ReadProgress) {
    content.withLock { content in
      // A last word may come after the end.
      guard content.running[id] != nil else { return }
      content.running[id] = .reading(progress)
    }
  }

  /// The upload was decided, and everybody can see it.
  func end(_ id: String) { content.withLock { _ = $0.running.removeValue(forKey: id) } }

  /// The upload ended without a decision, for which its sender will ask.
  func fail(_ id: String, _ problem: RequestProblem, at now: ContinuousClock.Instant = .now) {
    content.withLock { content in
      guard content.running.removeValue(forKey: id) != nil else { return }
      content.failed.add(id, problem, at: now)
    }
  }

  /// Where the upload of this id is; nil where nothing is known here.
  func state(of id: String, at now: ContinuousClock.Instant = .now) -> State? {
    content.withLock { content in
      content.running[id] ?? content.failed.problem(of: id, at: now).map { .failed($0) }
    }
  }
}
