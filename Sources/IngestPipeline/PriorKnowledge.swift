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
  /// What is kept of its bytes.
  let original: OriginalRecord?

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
    let derivations = Format.allCases.map { Derivation(content: content, format: $0, options: options).id }
    let now = Int64.nowInMicroseconds
    let known = try await store.catalog.knowledge(
      ofContent: content.description, derivations: derivations, scope: scope, ofPrincipal: principal,
      since: now - Self.crashWindow.microseconds, at: now)
    let rejection = try judge(known.crashes, at: now)
    let readings = rejection == nil ? Self.readings(known.readings, derivations) : [:]
    let knowledge = PriorKnowledge(
      content: content, rejection: rejection, readings: readings, original: known.original)
    settled.add(knowledge.settledFormats)
    return knowledge
  }

  /// What is known by the format that the bytes may turn out to be, rather than by derivation.
  private static func readings(
    _ known: [String: [ReadingOutput]], _ derivations: [String]
  ) -> [Format: [ReadingOutput]] {
    Dictionary(
      uniqueKeysWithValues: zip(Format.allCases, derivations).compactMap { format, derivation in
        known[derivation].map { (format, $0) }
      })
  }
}
