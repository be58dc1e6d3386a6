// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

/// Works on the uploads that were answered before they were read.
///
/// A service beside the server, which is told to end before this one: what was accepted by then is finished.
struct BackgroundUploads: Service {
  typealias Work = @Sendable () async -> Void

  private let works: AsyncStream<Work>
  private let entrance: AsyncStream<Work>.Continuation

  init() { (works, entrance) = AsyncStream.makeStream() }

  /// Hands over work; its number is bounded by the registry's places.
  ///
  /// - Returns: false where the service ends and takes no more.
  func begin(_ work: @escaping Work) -> Bool {
    if case .enqueued = entrance.yield(work) { true } else { false }
  }

  /// Works until the service ends, and then until nothing is left to do.
  func run() async throws {
    await withGracefulShutdownHandler {
      await withDiscardingTaskGroup { group in
        for await work in works { group.addTask { await work() } }
      }
    } onGracefulShutdown: {
      entrance.finish()
    }
  }
}
