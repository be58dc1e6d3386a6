// SPDX-License-Identifier: Apache-2.0

// Ingests a file into a store of its own, and reads the table without copying its columns.
//
// usage: swift-client FILE WORKER [basic]
//   WORKER is the path of ingest-worker; `basic` accepts a weaker confinement, for kernels without Landlock.

import Foundation
import IngestPipeline
import IngestTables
import Validation

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { exit(2) }
let directory = FileManager.default.temporaryDirectory.appendingPathComponent("swift-client-\(UUID().uuidString)")
defer { try? FileManager.default.removeItem(at: directory) }

var configuration = LocalStore.Configuration()
configuration.workerPath = arguments[2]
if arguments.dropFirst(3).contains("basic") { configuration.confinement = .basic }
let store = try await LocalStore.open(at: directory.path, configuration)

let answer = try await store.ingest(fileAt: arguments[1])
switch answer.outcome {
case .published, .known: print("published", answer.tables.map { "\($0.name)@\($0.version)" }.joined(separator: " "))
case .refused(let reason): print("refused \(reason.code.rawValue): \(reason.detail)")
}

for entry in answer.tables {
  guard let table = try await store.table("\(entry.name)@\(entry.version)") else { continue }
  print("rows \(entry.rows) batches \(table.file.batchCount)")
  for field in table.file.schema.fields { print("column \(field.name) \(field.type.name)") }

  // Sums of the numbers, over spans of the mapped file.
  var sums: [String: Double] = [:]
  var texts: [String: Int] = [:]
  var batches = table.file.mappedBatches
  while let batch = try batches.next() {
    for column in batch.columns {
      switch column.field.type {
      case .int64:
        let values = try column.values(as: Int64.self)
        for row in values.indices { sums[column.field.name, default: 0] += Double(values[row]) }
      case .float64:
        let values = try column.values(as: Double.self)
        for row in values.indices { sums[column.field.name, default: 0] += values[row] }
      case .utf8:
        for row in 0..<column.rowCount { texts[column.field.name, default: 0] += try column.textBytes(at: row).count }
      default: break
      }
    }
  }
  for (name, sum) in sums.sorted(by: { $0.key < $1.key }) { print("sum \(name) \(sum)") }
  for (name, bytes) in texts.sorted(by: { $0.key < $1.key }) { print("text \(name) \(bytes) bytes") }
}
try await store.close()
