// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import Testing

@testable import Store

@Suite("Steps of publishing")
struct PublishingStepTests {
  @Test("An observer is told of every step from an empty folder to a visible table, files before rows")
  func order() async throws {
    try await withTemporaryDirectory { path in
      let seen = SeenSteps()
      let store = try TableStore.open(at: path + "/store", mode: .readWrite) { seen.add($0) }
      let file = try store.makeFile("hello", id: hex(1))
      _ = try await store.publish([file], try makeRequest(1, tables: [(hex(1), 5)]))
      #expect(seen.steps == PublishingStep.allCases.dropLast())
      // The version before it makes room.
      let next = try store.makeFile("howdy", id: hex(2))
      let result = try await store.publish([next], try makeRequest(2, tables: [(hex(2), 5)]), quota: 5)
      #expect(result.evictedFiles == [hex(1)] && seen.steps.last == .committed)
      try await store.removeUnreferenced(result.evictedFiles)
      #expect(seen.steps.last == PublishingStep.allCases.last)
      try await store.close()
    }
  }

  @Test("A publication that fails has passed none of the steps behind its failure")
  func failure() async throws {
    try await withTemporaryDirectory { path in
      let seen = SeenSteps()
      let store = try TableStore.open(at: path + "/store", mode: .readWrite) { seen.add($0) }
      let file = try store.makeFile("hello", id: hex(1))
      await #expect(throws: StoreError.tableDiffers(hex(1))) {
        _ = try await store.publish([file], try makeRequest(1, tables: [(hex(1), 6)]))
      }
      try await store.close()
      #expect(seen.steps.last == .folderSynced)
    }
  }
}

private final class SeenSteps: Sendable {
  private let seen = Mutex<[PublishingStep]>([])

  var steps: [PublishingStep] { seen.withLock { $0 } }

  func add(_ step: PublishingStep) { seen.withLock { $0.append(step) } }
}
