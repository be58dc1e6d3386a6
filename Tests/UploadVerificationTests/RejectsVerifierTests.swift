// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestTables
import Testing
import WorkerProtocol

@testable import UploadVerification

/// One row of rejects, as a worker may write it.
private struct Row: Sendable {
  var line: UInt64? = 2
  var byteOffset: UInt64? = 4
  var column: UInt64? = 1
  var columnName: String? = "a"
  var code: String? = "wrong_type"
  var text: String? = "x"
  var violations: UInt64? = 1
  var record: String? = "x,1"

  static let honest = Row()

  func changed(_ change: (inout Row) -> Void) -> Row {
    var row = self
    change(&row)
    return row
  }
}

/// Rejects as a worker states them, and their bodies.
private struct Written {
  private(set) var said = UntrustedOutput()
  private let body: [UInt8]
  private let offset: Int

  init(_ rows: [Row]) throws {
    let numbers: [[UInt64?]] = [rows.map(\.line), rows.map(\.byteOffset), rows.map(\.column), rows.map(\.violations)]
    let texts: [[String?]] = [rows.map(\.columnName), rows.map(\.code), rows.map(\.text), rows.map(\.record)]
    let sizes = texts.map { UInt64($0.reduce(0) { $0 + ($1?.utf8.count ?? 0) }) }
    said.fields = RejectsTable.schema.fields
    said.rows = [UInt64(rows.count)]
    said.sizes = sizes
    said.rejectsAreFinished = true
    let layout = try ArrowLayout(
      schema: RejectsTable.schema, shapes: [BatchShape(rows: UInt64(rows.count), sizes: sizes)])
    let batch = layout.batches[0]
    offset = batch.bodyOffset
    var body = [UInt8](repeating: 0, count: batch.bodyLength)
    var (number, text) = (numbers[...], texts[...])
    for place in batch.columns {
      let base = batch.bodyOffset
      func mark(_ row: Int) { body[place.validity.lowerBound - base + row / 8] |= 1 << UInt8(row % 8) }
      func put(_ value: UInt64, _ width: Int, at offset: Int) {
        for byte in 0..<width { body[offset - base + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
      }
      if place.type == .utf8 {
        var end = 0
        for (row, value) in (text.popFirst() ?? []).enumerated() {
          if let value {
            mark(row)
            for byte in value.utf8 {
              body[place.text.lowerBound - base + end] = byte
              end += 1
            }
          }
          put(UInt64(end), 4, at: place.values.lowerBound + (row + 1) * 4)
        }
      } else {
        for (row, value) in (number.popFirst() ?? []).enumerated() {
          guard let value else { continue }
          mark(row)
          put(value, 8, at: place.values.lowerBound + row * 8)
        }
      }
    }
    self.body = body
  }

  func makeFile() throws -> OwnedDescriptor {
    let file = try makeEmptyFile()
    try file.pwrite(body.span, at: UInt64(offset))
    return file
  }
}

private func makeEmptyFile() throws -> OwnedDescriptor {
  try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
}

@Suite("Rejects verifier")
struct RejectsVerifierTests {
  private let verifier = OutputVerifier(nameBytes: 1024)

  /// The table whose rejects these are: two columns, and one of surplus cells.
  private func table(rejects: UInt64) throws -> VerifiedTable {
    var said = UntrustedOutput()
    said.fields = [
      Field(name: "a", type: .int64), Field(name: "b", type: .int64), Field(name: "_extra", type: .listOfUTF8),
    ]
    said.findings = TableFindings(
      dialect: Dialect(delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false), records: rejects + 1,
      rejects: rejects, setAside: 1, notes: [])
    return try verifier.verify(said, writtenTo: try makeEmptyFile())
  }

  private func fault(_ rows: [Row], of count: UInt64? = nil) throws -> OutputFault? {
    let written = try Written(rows)
    let table = try table(rejects: count ?? UInt64(rows.count))
    do {
      let rejects = try verifier.verifyRejects(written.said, of: table, writtenTo: try written.makeFile())
      let file = try TableFile(reading: try rejects.file.duplicate())
      #expect(file.schema == RejectsTable.schema)
      #expect(try file.countRows() == UInt64(rows.count) && file.size == rejects.fileBytes)
      return nil
    } catch { return error as? OutputFault ?? .emptySchema }
  }

  private static let accepted: [[Row]] = [
    [.honest], [.honest, Row.honest.changed { $0.byteOffset = 5 }],
    [Row.honest.changed { ($0.column, $0.columnName) = (2, "b") }],
    // Beyond the table's columns there is no name; that of surplus cells is none of the text's.
    [Row.honest.changed { ($0.column, $0.columnName) = (3, nil) }],
    [Row.honest.changed { ($0.column, $0.columnName) = (nil, nil) }],
    [Row.honest.changed { ($0.text, $0.record) = (nil, nil) }],
    [Row.honest.changed { $0.text = String(repeating: "é", count: 128) }],
  ]

  @Test("Rejects that can be are a table that reads back", arguments: accepted)
  fileprivate func honest(rows: [Row]) throws {
    #expect(try fault(rows) == nil)
  }

  private static let lies: [(String, [Row], UInt64)] = [
    ("no line", [Row.honest.changed { $0.line = nil }], 0), ("line 0", [Row.honest.changed { $0.line = 0 }], 0),
    ("no offset", [Row.honest.changed { $0.byteOffset = nil }], 0),
    ("an offset beyond all files", [Row.honest.changed { $0.byteOffset = .max }], 0),
    ("the same offset twice", [.honest, .honest], 1),
    ("an earlier line", [.honest, Row.honest.changed { ($0.line, $0.byteOffset) = (1, 9) }], 1),
    ("column 0", [Row.honest.changed { $0.column = 0 }], 0),
    ("another column's name", [Row.honest.changed { $0.columnName = "b" }], 0),
    ("a name beyond the columns", [Row.honest.changed { $0.column = 3 }], 0),
    ("a name without a column", [Row.honest.changed { $0.column = nil }], 0),
    ("no code", [Row.honest.changed { $0.code = nil }], 0),
    ("a code that is none", [Row.honest.changed { $0.code = "ugly" }], 0),
    ("no wrong cell", [Row.honest.changed { $0.violations = 0 }], 0),
    ("an endless text", [Row.honest.changed { $0.text = String(repeating: "x", count: 257) }], 0),
    ("an endless record", [Row.honest.changed { $0.record = String(repeating: "x", count: 65_537) }], 0),
  ]

  @Test("C40 A row of rejects that cannot be is a lie", arguments: lies)
  fileprivate func lie(what: String, rows: [Row], row: UInt64) throws {
    #expect(try fault(rows) == .reject(row: row), "\(what)")
  }

  @Test("C40 There are as many rejects as the table says, and at least one")
  func counts() throws {
    #expect(try fault([.honest], of: 2) == .recordsDoNotAddUp)
    #expect(try fault([.honest], of: 0) == .recordsDoNotAddUp)
    #expect(try fault([.honest, Row.honest.changed { $0.byteOffset = 5 }], of: 1) == .recordsDoNotAddUp)
  }

  @Test("C40 Rows, rejects and set-aside records add up to the records", arguments: [UInt64(0), 4, .max])
  func conservation(rejects: UInt64) throws {
    var said = UntrustedOutput()
    said.fields = [Field(name: "a", type: .null)]
    said.findings = TableFindings(
      dialect: Dialect(delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false), records: 4,
      rejects: rejects, setAside: 1, notes: [])
    #expect(throws: OutputFault.recordsDoNotAddUp) { _ = try verifier.verify(said, writtenTo: try makeEmptyFile()) }
  }
}
