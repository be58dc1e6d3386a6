// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

@Suite("Slices of a batch")
struct TableSliceTests {
  private static let rows = 41

  private func cells(_ batch: RecordBatch) -> [[Value]] {
    batch.columns.map { column in (0..<batch.rowCount).map { column[$0] } }
  }

  @Test(
    "Rows are those of the whole batch, of every type, whatever bit they start at",
    arguments: [0..<0, 0..<1, 0..<8, 1..<2, 3..<19, 7..<41, 8..<16, 0..<41, 40..<41, 35..<90])
  func slices(range: Range<Int>) throws {
    var table = SampleTable.everyType(rows: 2)
    table.batches += SampleTable.everyType(rows: Self.rows).batches
    let file = try TableFile(reading: makeFile(try table.file()))
    let slice = try file.slice(ofBatch: 1, rows: range)
    let expected = range.clamped(to: 0..<Self.rows)
    #expect(slice.isWhole && slice.rows.rowCount == expected.count)
    #expect(cells(slice.rows) == table.batches[1].map { Array($0[expected]) })
    for column in slice.rows.columns {
      #expect(column.nullCount == (0..<expected.count).count { column[$0] == .null }, "\(column.field)")
    }
  }

  @Test("Long texts are cut, and it is said so", arguments: [3, 9, 10, 200])
  func cut(limit: Int) throws {
    let texts = ["", "0123456789", "short", "and one that is longer than all others"]
    let schema = Schema(fields: [Field(name: "t", type: .utf8)])
    let file = try TableFile(
      reading: makeFile(try SampleTable(schema: schema, batches: [[texts.map { .text($0) }]]).file()))
    let slice = try file.slice(ofBatch: 0, rows: 0..<4, longestText: limit)
    #expect(cells(slice.rows) == [texts.map { .text(String($0.prefix(limit))) }])
    #expect(slice.isWhole == texts.allSatisfy { $0.utf8.count <= limit })
  }

  @Test("A batch that the table does not have is an error")
  func missing() throws {
    let file = try TableFile(reading: makeFile(try SampleTable.everyType(rows: 2).file()))
    #expect(throws: TableFileError.self) { try file.slice(ofBatch: 1, rows: 0..<1) }
    #expect(throws: TableFileError.self) { try file.slice(ofBatch: -1, rows: 0..<1) }
  }

  @Test("A byte that was changed gives an error or other cells, and never a trap (C50)")
  func damaged() throws {
    let bytes = try SampleTable.everyType(rows: 12).file()
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<Soak.rounds(600, soak: 2_000) {
      var changed = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      changed[place] ^= UInt8.random(in: 1...255, using: &generator)
      guard let file = try? TableFile(reading: makeFile(changed)) else { continue }
      for range in [0..<12, 3..<7] {
        if let slice = try? file.slice(ofBatch: 0, rows: range, longestText: 4) { _ = cells(slice.rows) }
      }
    }
  }

  @Test(
    "Sampled rows are the table's, in order, and all of a small one", arguments: [1, 7, 1_024, 1_025, 1_100, 20_000])
  func sampled(rows: Int) throws {
    let schema = Schema(fields: [Field(name: "n", type: .int64), Field(name: "t", type: .utf8)])
    let long = String(repeating: "x", count: 120)
    let batch: [[Value]] = [
      (0..<rows).map { .int64(Int64($0)) }, (0..<rows).map { .text("\(long)\($0)") },
    ]
    let file = try TableFile(reading: makeFile(try SampleTable(schema: schema, batches: [batch]).file()))
    let sample = try SampledRows(of: file)
    #expect(sample.isWhole == (rows <= 1_024))
    #expect(sample.columns[0].count == min(rows, 1_024))
    let numbers = sample.columns[0].map { cell -> Int64 in if case .int64(let number) = cell { number } else { -1 } }
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }, "no row twice")
    #expect(numbers.first == 0 && numbers.allSatisfy { (0..<Int64(rows)).contains($0) })
    #expect(sample.columns[1] == numbers.map { .text("\(long)\($0)") })
    if rows > 1_024 { #expect((numbers.last ?? 0) > Int64(rows) - Int64(rows / 64) - 9, "to the end") }
  }
}
