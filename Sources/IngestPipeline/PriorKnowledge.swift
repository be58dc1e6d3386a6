// SPDX-License-Identifier: Apache-2.0

import Catalog
import Store
import Synchronization
import Validation
import WorkerProtocol

/// What the store knows about a content before, or while, it is read.
struct PriorKnowledge: Sendable {
  let content: ContentHash
  /// Why it is refused without a look: it crashed its workers before.
  let rejection: Rejection?
  /// The tables of earlier readings with the same options, by the format that it may turn out to be.
  let readings: [Format: [ReadingOutput]]

  /// The formats that need no reading any more; all, where the content is refused whatever it is.
  var settledFormats: Set<Format> { rejection == nil ? Set(readings.keys) : Set(Format.allCases) }
}

/// Formats that turn out to need no reading while a worker reads.
final class SettledFormats: Sendable {
  private let formats = Mutex<Set<Format>>([])

  func add(_ settled: Set<Format>) { formats.withLock { $0.formUnion(settled) } }

  func contains(_ format: Format) -> Bool { formats.withLock { $0.contains(format) } }
}

extension ReadOutcome {
  /// Forgets what was read, where that has turned out to be known.
  mutating func discardTables(ofAnyIn knowledge: PriorKnowledge) {
    guard case .accepted(let format) = verdict, knowledge.settledFormats.contains(format) else { return }
    isKnown = true
    tables = []
  }
}

extension Ingestor {
  /// Looks up what is known of a content, as soon as it is hashed.
  ///
  /// - Parameter settled: hears of the formats that need no reading.
  func priorKnowledge(
    of source: UploadSource, _ options: ReadOptions, principal: String, scope: String, settled: SettledFormats
  ) async throws -> PriorKnowledge {
    let content = try await source.hash()
    let rejection = try await judgeCrashes(of: content, principal: principal, scope: scope)
    let readings = rejection == nil ? try await knownReadings(content, options, scope: scope) : [:]
    let knowledge = PriorKnowledge(content: content, rejection: rejection, readings: readings)
    settled.add(knowledge.settledFormats)
    return knowledge
  }

  /// What the store knows about these bytes and options, by the format that they may turn out to be.
  private func knownReadings(
    _ content: ContentHash, _ options: ReadOptions, scope: String
  ) async throws -> [Format: [ReadingOutput]] {
    let derivations = Format.allCases.map { Derivation(content: content, format: $0, options: options).id }
    let known = try await store.catalog.readings(derivations: derivations, scope: scope)
    return Dictionary(
      uniqueKeysWithValues: zip(Format.allCases, derivations).compactMap { format, derivation in
        known[derivation].map { (format, $0) }
      })
  }
}
