// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

@Suite("Bodies of a worker's")
struct BodyVerifierTests {
  private func verify(_ table: SampleTable, _ bytes: [UInt8]) throws -> [[NullCount]] {
    var verifier = BodyVerifier(reading: try makeFile(bytes))
    let layout = try table.layout()
    let bodies = try verifier.verify(layout)
    var contents = TableContents(table.schema, batchCount: layout.batches.count)
    for (index, (body, batch)) in zip(bodies, layout.batches).enumerated() {
      contents.add(body, of: batch, at: index)
      // What is read whole must have the checksum of what was read in windows.
      let whole = bytes[min(batch.bodyOffset, bytes.count)..<min(batch.bodyEnd, bytes.count)]
      #expect(body.checksum == batch.checksum(of: whole.span))
    }
    let columns = table.schema.fields.indices.map { column in table.batches.flatMap { $0[column] } }
    #expect(contents.columns.map(\.bounds) == columns.map { ColumnBounds(slowly: $0) })
    return bodies.map(\.nulls)
  }

  @Test(
    "C40 A body that was written by the rules passes, with its nulls counted",
    arguments: [0, 1, 2, 7, 8, 9, 64, 65, 1000])
  func honest(rows: Int) throws {
    var table = SampleTable.everyType(rows: rows)
    table.batches += SampleTable.everyType(rows: 3).batches
    #expect(try verify(table, try table.bodies()) == table.nulls)
  }

  @Test("C40 A body longer than a window passes, and a fault in its last rows is found")
  func windows() throws {
    let rows = BodyVerifier.windowRows + 9
    let long = String(repeating: "日", count: 8)
    let table = SampleTable(
      schema: Schema(fields: [Field(name: "t", type: .utf8), Field(name: "n", type: .int64)]),
      batches: [
        [
          (0..<rows).map { $0 % 100 == 1 ? .null : .text(long) },
          (0..<rows).map { $0 == rows - 1 ? .null : .int64(Int64($0)) },
        ]
      ])
    var bytes = try table.bodies()
    #expect(bytes.count > 3 * BodyVerifier.windowBytes)
    #expect(try verify(table, bytes) == table.nulls)
    let columns = try table.layout().batches[0].columns
    bytes[columns[1].values.upperBound - 1] = 1
    #expect(throws: BodyFault.nullNotZero(offset: columns[1].values.upperBound - 1)) { try verify(table, bytes) }
    bytes[columns[1].values.upperBound - 1] = 0
    bytes[columns[0].text.upperBound - 1] = 0x41
    #expect(throws: BodyFault.invalidUTF8(offset: columns[0].text.upperBound - 1)) { try verify(table, bytes) }
  }

  @Test("Long texts and many short ones have their bounds, of which a long one shows its start")
  func longTexts() throws {
    let schema = Schema(fields: [Field(name: "t", type: .utf8)])
    let long = String(repeating: "x", count: 3 << 20)
    let texts: [[Value]] = [
      (0..<4).map { .text("\($0)" + long) } + [.null], (0..<100_000).map { $0 == 7 ? .null : .text("\($0 % 10)") },
      (0..<70_000).map { $0 < 40_000 ? .null : .text("") }, [.text("")], [.null],
    ]
    for cells in texts {
      let table = SampleTable(schema: schema, batches: [[cells]])
      #expect(try verify(table, try table.bodies()) == table.nulls)
    }
  }

  @Test("C40 Each kind of corruption is found for what it is", arguments: Corruption.all)
  func corrupt(corruption: Corruption) throws {
    let table = SampleTable.everyType(rows: 11)
    let columns = try table.layout().batches[0].columns
    var bytes = try table.bodies()
    let expected = try corruption.apply(&bytes, columns)
    #expect(throws: expected) { try verify(table, bytes) }
  }

  @Test("C40 There are at least thirty kinds, and each fault is among them")
  func kinds() {
    #expect(Set(Corruption.all.map(\.name)).count == Corruption.all.count)
    #expect(Corruption.all.count >= 30)
  }

  @Test("C40 A file that is shorter or longer than its layout is refused", arguments: [-64, -1, 1, 64, 4096])
  func lengths(change: Int) throws {
    let table = SampleTable.everyType(rows: 5)
    var bytes = try table.bodies()
    let expected = bytes.count
    if change < 0 { bytes.removeLast(-change) } else { bytes += [UInt8](repeating: 0, count: change) }
    #expect(throws: BodyFault.wrongLength(expected: expected, actual: UInt64(bytes.count))) { try verify(table, bytes) }
  }

  @Test("C40 No byte outside of numbers, dates and timestamps that are there may be just anything")
  func everyByte() throws {
    let table = SampleTable.everyType(rows: 3)
    let layout = try table.layout()
    let honest = try table.bodies()
    let batch = layout.batches[0]
    // Row 1 is null; a date or a timestamp that is there may still be another one.
    let free = batch.columns.filter { ![.null, .bool, .utf8, .listOfUTF8].contains($0.type) }.flatMap { column in
      let width = column.values.count / 3
      return [0, 2].map { column.values.lowerBound + $0 * width..<column.values.lowerBound + ($0 + 1) * width }
    }
    for offset in batch.bodyOffset..<batch.bodyEnd
    where (Soak.isOn || offset % 3 == 0) && !free.contains(where: { $0.contains(offset) }) {
      var bytes = honest
      bytes[offset] = 0xFF
      guard bytes != honest else { continue }
      #expect(throws: BodyFault.self, "offset \(offset)") { try verify(table, bytes) }
    }
  }

  @Test("C48 Random damage never traps, and what passes holds together")
  func fuzzed() throws {
    let table = SampleTable.everyType(rows: 9)
    let layout = try table.layout()
    let honest = try table.bodies()
    var generator = SeededGenerator(seed: 40)
    for _ in 0..<Soak.rounds(500, soak: 1_500) {
      var bytes = honest
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let offset = Int.random(in: layout.batches[0].bodyOffset..<bytes.count, using: &generator)
        bytes[offset] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
      }
      var verifier = BodyVerifier(reading: try makeFile(bytes))
      guard let bodies = try? verifier.verify(layout) else { continue }
      for (column, count) in zip(layout.batches[0].columns, bodies[0].nulls) {
        #expect(column.type == .null || (0...9).contains(count.rows))
      }
    }
  }
}
