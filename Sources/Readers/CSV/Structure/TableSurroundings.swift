// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// What a text holds beside the table that is read, and the places of all its tables.
struct TableSurroundings {
  private var above = SetAside()
  private var below = SetAside()
  private var hasTable = false
  private(set) var places: [Place] = []
  /// Whether the tables in `places` are set aside, but for the one that is read.
  private var setsAside = true

  /// Where a table starts, and how large it is.
  typealias Place = (offset: Int, records: UInt64, columns: Int)

  /// A text of which one table is read.
  init() {}

  /// A text of which each table is read: what was seen above the next one.
  init(tablesAbove places: [Place]) {
    self.places = places
    setsAside = false
  }

  /// Adds the table that is read.
  mutating func add(_ reading: TableReading) {
    above.add(reading.preamble)
    below.add(reading.trailer)
    hasTable = true
    places.append((reading.source.range.lowerBound, reading.records, reading.source.commonColumns))
  }

  /// Adds another one, above it or below.
  mutating func add(_ other: OtherTable) {
    if hasTable { below.add(other) } else { above.add(other) }
    places.append((other.source.range.lowerBound, other.tableRecords, other.source.commonColumns))
  }

  /// What leaves the worker of a table, once all of the text was seen.
  func findings(_ reading: TableReading, number: Int) -> TableFindings {
    let source = reading.source
    let kept = above.kept + below.kept
    let notes = (otherTables(number) + reading.notes).prefix(TableFindings.mostNotes)
    let offsets = notes.compactMap { $0.byteOffset.map { Int(clamping: $0) } } + kept.map(\.offset)
    let lines = LineCounter.lines(of: offsets + places.map(\.offset), in: source.bytes)
    let outside = above.records + below.records
    var findings = TableFindings(
      dialect: dialect(reading, number: number, lines), records: reading.records + outside,
      rejects: reading.rejectCount, setAside: outside + UInt64(reading.headerRecords), notes: Array(notes),
      lines: kept.map { SetAsideLine($0.part, line: lines[$0.offset] ?? 0, text: $0.text) })
    for index in findings.notes.indices {
      findings.notes[index].line = findings.notes[index].byteOffset.flatMap { lines[Int(clamping: $0)] }
    }
    return findings
  }

  private func otherTables(_ number: Int) -> [Note] {
    guard places.count > 1, setsAside else { return [] }
    let first = places[number == 1 ? 1 : 0].offset
    return [Note(.otherTables, count: UInt64(places.count - 1), byteOffset: UInt64(first))]
  }

  private func dialect(_ reading: TableReading, number: Int, _ lines: [Int: UInt64]) -> Dialect {
    var dialect = reading.source.dialect(hasQuotes: reading.tally.hasQuotes, lineEnds: reading.tally.lineEnds)
    dialect.preambleRows = reading.preamble.lines
    dialect.footnoteRows = reading.trailer.records
    dialect.table = UInt8(clamping: number)
    if places.count > 1 {
      dialect.tables = places.map {
        Dialect.TablePlace(line: lines[$0.offset] ?? 0, records: $0.records, columns: UInt32(clamping: $0.columns))
      }
    }
    if places.count > 1, setsAside {
      dialect.reasons.append("\(places.count) tables stand one below the other, behind blank lines")
    }
    if reading.preamble.records > 0 {
      dialect.reasons.append("\(reading.preamble.records) lines above the table are no part of it")
    }
    if reading.trailer.records > 0 {
      dialect.reasons.append("\(reading.trailer.records) lines below the table are notes")
    }
    return dialect
  }

  /// Why there is no table of a number.
  func tableMissing(_ number: Int, in bytes: MappedBytes) -> Rejection {
    var rejection = Rejection(.tableMissing, actual: UInt64(clamping: number))
    let lines = LineCounter.lines(of: places.map(\.offset), in: bytes)
    rejection.tableLines = places.map { lines[$0.offset] ?? 0 }
    return rejection
  }
}
