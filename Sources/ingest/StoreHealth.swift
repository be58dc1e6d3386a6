// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Store
import Validation

/// Whether a store answers, and whether the latest version of each of its tables opens.
struct StoreHealth: Encodable {
  let path: String
  private(set) var tables = 0
  /// Tables whose file is missing or damaged, by name.
  private(set) var damaged: [String] = []
  /// What its file system has left, in bytes; nil where it does not say.
  let freeBytes: UInt64?
  /// Why the store could not be opened.
  private(set) var problem: String?

  var isSound: Bool { problem == nil && damaged.isEmpty }

  enum CodingKeys: String, CodingKey {
    case path, tables, damaged, problem
    case freeBytes = "free_bytes"
  }

  init(path: String) async throws {
    self.path = path
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
    freeBytes = (attributes?[.systemFreeSize] as? NSNumber)?.uint64Value
    do {
      try await look(TableStore.open(at: path, mode: .readOnly))
    } catch let error as StoreError {
      problem = ExitStatus.message(of: error)
    }
  }

  private mutating func look(_ store: TableStore) async throws {
    let lookup = TableLookup(store)
    var last: String?
    while true {
      let page = try await lookup.health(after: last, limit: 500)
      tables += page.count
      damaged += page.filter { !$0.isSound }.map(\.name)
      guard page.count == 500 else { break }
      last = page.last?.name
    }
    try await store.close()
  }
}
