// SPDX-License-Identifier: Apache-2.0

import Catalog
import IngestTables
import Store

/// What each record batch of a table holds: exact, so that whoever looks for values can leave out batches that have none.
enum BatchStatistics {
  /// As text of JSON: `[{"rows": 3, "columns": [{"nulls": 0, "min": "1", "max": "7"}, …]}, …]`.
  ///
  /// Nil where there is but one batch, which holds what its table does, or so many that they are not kept.
  static func text(of contents: TableContents, _ schema: Schema) -> String? {
    let batches = contents.batchSummaries
    guard !batches.isEmpty else { return nil }
    return text(
      of: batches.map { batch in
        (batch.rows, zip(batch.columns, schema.fields).map { ColumnStatistics($0, $1) })
      })
  }

  private static func text(of batches: [(rows: Int, columns: [ColumnStatistics])]) -> String {
    let objects = batches.map { batch in
      var object = JSONObject()
      object.add("columns", batch.columns.map(json))
      object.add("rows", UInt64(batch.rows))
      return String(decoding: object.bytes, as: UTF8.self)
    }
    return "[\(objects.joined(separator: ","))]"
  }

  /// Of a longer text the start is shown, in bytes.
  private static let shownText = 32

  /// A least value that is cut is still no greater than any; a greatest one is not, and says so.
  private static func json(_ column: ColumnStatistics) -> JSONObject {
    var object = JSONObject()
    object.add("max", column.max.map(start))
    if let max = column.max, max.utf8.count > shownText { object.add("max_is_prefix", true) }
    object.add("min", column.min.map(start))
    object.add("nulls", column.nulls)
    return object
  }

  private static func start(of text: String) -> String {
    var end = text.utf8.index(text.startIndex, offsetBy: shownText, limitedBy: text.endIndex) ?? text.endIndex
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text[..<end])
  }

  /// The one batch of a table, from the statistics of its columns.
  fileprivate static func text(ofOneBatch rows: UInt64, _ columns: [ColumnStatistics]) -> String {
    text(of: [(Int(clamping: rows), columns)])
  }
}

/// What each record batch of a published table holds.
package struct TableBatches: Sendable {
  package let name: String
  package let version: Int
  /// `batches` is null in it where nobody counted, or it would have been too much.
  package let json: [UInt8]
}

extension TableLookup {
  /// What each record batch of a table holds; nil where there is no such table.
  package func batches(_ reference: String) async throws -> TableBatches? {
    guard let version = try await version(reference) else { return nil }
    let file = try await open(version)
    var kept = try await store.catalog.batchStatistics(ofTable: version.tableID)
    if kept == nil, file.batchCount <= 1, let columns = try version.columnStatistics() {
      kept = file.batchCount == 0 ? "[]" : BatchStatistics.text(ofOneBatch: version.rows, columns)
    }
    var description = JSONObject()
    description.add("name", version.name)
    description.add("version", UInt64(version.version))
    description.add("id", version.tableID)
    description.add("columns", file.schema.fields.map(\.name))
    // What is kept is JSON already.
    let json = description.bytes.dropLast() + Array(",\"batches\":\(kept ?? "null")}\n".utf8)
    return TableBatches(name: version.name, version: version.version, json: json)
  }
}

extension Ingestor {
  package func batches(_ reference: String) async throws -> TableBatches? {
    let found = try await lookup.batches(reference)
    if let found { uses.note(found.name, found.version, at: .nowInMicroseconds) }
    return found
  }
}
