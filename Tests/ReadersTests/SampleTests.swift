// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTables
import Testing
import WorkerProtocol

@testable import Readers

/// One file of `samples/accept`, and what `samples/expected.json` says of it.
struct Sample: Sendable, CustomTestStringConvertible {
  let path: String
  let rows: Int?
  let columns: Int?
  let types: [String: String]

  var testDescription: String { path }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "samples")

  func bytes() throws -> [UInt8] { Array(try Data(contentsOf: Self.root.appending(path: path))) }

  private struct Expected: Decodable {
    var rows: Int?
    var columns: Int?
    var types: [String: String]?
  }

  static let all: [Sample] = {
    guard let text = try? Data(contentsOf: root.appending(path: "expected.json")),
      let expected = try? JSONDecoder().decode([String: Expected].self, from: text)
    else { return [] }
    let paths = ["accept/csv", "accept/tsv"].flatMap { folder in
      let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
      return (names ?? []).map { "\(folder)/\($0)" }
    }
    return paths.sorted().map { path in
      let known = expected[path]
      return Sample(path: path, rows: known?.rows, columns: known?.columns, types: known?.types ?? [:])
    }
  }()
}

@Suite("Samples of delimited text")
struct SampleTests {
  @Test("There are samples")
  func exist() {
    #expect(Sample.all.count > 60)
    #expect(Sample.all.count { !$0.types.isEmpty } > 40)
  }

  @Test(
    "A sample is the table that is expected, with every record, and no cell is changed silently",
    arguments: Sample.all)
  func table(sample: Sample) throws {
    let bytes = try sample.bytes()
    let table = try ReadTable(encoded: bytes)
    if let rows = sample.rows { #expect(table.rowCount == rows) }
    if let columns = sample.columns { #expect(table.schema.fields.count == columns) }
    for (name, type) in sample.types {
      #expect(table.schema.fields.first { $0.name == name }?.type.name == type, "\(name)")
    }
    #expect(table.findings.records == UInt64(table.rowCount) + table.findings.setAside)
    let verbatim = try ReadTable(encoded: bytes, ReadOptions(isVerbatim: true))
    #expect(verbatim.findings.records == table.findings.records)
    #expect(try Rendering.changes(in: table, against: verbatim) == [])
  }
}
