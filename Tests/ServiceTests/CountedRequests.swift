// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import IngestPipeline
import Testing

extension TableCatalog {
  /// How many requests the audit log counts, by what was read or by the code with which they were turned away; a minute
  /// may have begun between two of them.
  func countedRequests() async throws -> [String: Int64] {
    let events = try await auditEvents(limit: Self.maximumPage)
    #expect(events.allSatisfy { ($0.count == nil) == ![.read, .turnAway].contains($0.action) })
    #expect(events.filter { $0.count != nil }.allSatisfy { $0.at % 60_000_000 == 0 && $0.actor == "local" })
    return events.reduce(into: [:]) { counts, event in
      if let count = event.count { counts[event.code ?? event.subject, default: 0] += count }
    }
  }
}

extension AccessTally {
  /// What was counted, by the code or by what was read; taken out of it.
  func counted() async throws -> [String: Int64] {
    let directory = FileManager.default.temporaryDirectory.appending(path: "counted-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    let catalog = try TableCatalog.open(at: directory.appending(path: "catalog.sqlite").path, mode: .readWrite)
    try await write(to: catalog, at: nil)
    let counts = try await catalog.countedRequests()
    try await catalog.close()
    return counts
  }
}
