// SPDX-License-Identifier: Apache-2.0

package import IngestTables

/// A table and its file, written by a code of its own: what the verifier must take.
package struct SampleTable: Sendable {
  package var schema: Schema
  /// Each batch's columns, each with its cells.
  package var batches: [[[Value]]]

  package init(schema: Schema, batches: [[[Value]]]) {
    self.schema = schema
    self.batches = batches
  }

  /// One column of every type with one cell that is null, in as many rows as asked for.
  package static func everyType(rows: Int) -> SampleTable {
    SampleTable(
      schema: Schema(
        fields: types.map {
          Field(
            name: $0.name + ([.timestamp(isUTC: true), .timestampNanoseconds(isUTC: true)].contains($0) ? "_utc" : ""),
            type: $0)
        }),
      batches: [types.map { type in (0..<rows).map { $0 == 1 ? .null : cell(type, $0) } }])
  }

  package static let types: [ColumnType] = [
    .null, .bool, .int64, .uint64, .float64, .date, .timestamp(isUTC: false), .timestamp(isUTC: true), .utf8,
    .listOfUTF8, .decimal(precision: 38, scale: 0), .decimal(precision: 5, scale: 5), .time,
    .timestampNanoseconds(isUTC: false), .timestampNanoseconds(isUTC: true),
  ]

  private static func cell(_ type: ColumnType, _ row: Int) -> Value {
    switch type {
    case .null: .null
    case .bool: .bool(row.isMultiple(of: 2))
    case .int64: .int64(Int64.min + Int64(row))
    case .uint64: .uint64(UInt64.max - UInt64(row))
    case .float64: .float64(Double(row) + 0.5)
    case .date: .date(days: CivilDate.days.lowerBound + Int32(row))
    case .timestamp(let isUTC): .timestamp(microseconds: CivilDate.microseconds.upperBound - Int64(row), isUTC: isUTC)
    case .decimal(let precision, let scale):
      .decimal(
        unscaled: (row.isMultiple(of: 2) ? 1 : -1) * (DecimalText.powers[precision] - 1 - Int128(row)), scale: scale)
    case .time: .time(microseconds: CivilDate.timesOfDay.upperBound - Int64(row))
    case .timestampNanoseconds(let isUTC): .timestampNanoseconds(.min + Int64(row), isUTC: isUTC)
    case .utf8: .text(row.isMultiple(of: 3) ? "" : "é日🌡\(row)")
    case .listOfUTF8: .list(row.isMultiple(of: 2) ? ["x\(row)", nil, "é"] : [])
    }
  }

  package var shapes: [BatchShape] {
    batches.map { columns in
      BatchShape(
        rows: UInt64(columns.first?.count ?? 0),
        sizes: zip(schema.fields, columns).flatMap { field, cells -> [UInt64] in
          switch field.type {
          case .utf8: [UInt64(cells.reduce(0) { $0 + $1.textBytes.count })]
          case .listOfUTF8:
            [
              UInt64(cells.reduce(0) { $0 + $1.elements.count }),
              UInt64(cells.reduce(0) { $0 + $1.elements.reduce(0) { $0 + ($1 ?? "").utf8.count } }),
            ]
          default: []
          }
        })
    }
  }

  package func layout() throws -> ArrowLayout { try ArrowLayout(schema: schema, shapes: shapes) }

  /// The nulls of each column.
  package var nulls: [[NullCount]] {
    batches.map { columns in
      zip(schema.fields, columns).map { field, cells in
        guard field.type != .null else { return NullCount() }
        return NullCount(
          rows: cells.count { $0 == .null }, elements: cells.reduce(0) { $0 + $1.elements.count { $0 == nil } })
      }
    }
  }

  /// What a worker leaves behind.
  package func bodies() throws -> [UInt8] {
    let layout = try layout()
    var bytes = [UInt8](repeating: 0, count: layout.bodiesEnd)
    for (batch, columns) in zip(layout.batches, batches) {
      for (place, cells) in zip(batch.columns, columns) { Self.write(cells, to: place, &bytes) }
    }
    return bytes
  }

  /// The whole file, as the service completes it.
  package func file() throws -> [UInt8] {
    let layout = try layout()
    var bytes = try bodies()
    bytes += [UInt8](repeating: 0, count: max(0, layout.endOfStream - bytes.count))
    func put(_ part: [UInt8], at offset: Int) { bytes.replaceSubrange(offset..<offset + part.count, with: part) }
    put(ArrowLayout.magic + ArrowMetadata.schemaMessage(schema), at: 0)
    for (batch, counts) in zip(layout.batches, nulls) {
      put(ArrowMetadata.batchMessage(batch, nulls: counts), at: batch.messageOffset)
    }
    return bytes + ArrowMetadata.endOfStream + ArrowMetadata.footer(schema, layout)
  }

  private static func write(_ cells: [Value], to place: ColumnPlace, _ bytes: inout [UInt8]) {
    guard place.type != .null else { return }
    var textEnd: Int32 = 0
    for (row, cell) in cells.enumerated() {
      if cell != .null { bytes[place.validity.lowerBound + row / 8] |= 1 << UInt8(row % 8) }
      switch place.type {
      case .null: break
      case .bool: if cell == .bool(true) { bytes[place.values.lowerBound + row / 8] |= 1 << UInt8(row % 8) }
      case .date: bytes.put(UInt32(truncatingIfNeeded: cell.word), at: place.values.lowerBound + row * 4)
      case .int64, .uint64, .float64, .timestamp, .timestampNanoseconds, .time:
        bytes.put(cell.word, at: place.values.lowerBound + row * 8)
      case .decimal:
        if case .decimal(let unscaled, _) = cell { bytes.put(unscaled, at: place.values.lowerBound + row * 16) }
      case .utf8:
        for (index, byte) in cell.textBytes.enumerated() { bytes[place.text.lowerBound + Int(textEnd) + index] = byte }
        textEnd += Int32(cell.textBytes.count)
        bytes.put(UInt32(bitPattern: textEnd), at: place.values.lowerBound + (row + 1) * 4)
      case .listOfUTF8:
        textEnd += Int32(cell.elements.count)
        bytes.put(UInt32(bitPattern: textEnd), at: place.values.lowerBound + (row + 1) * 4)
      }
    }
    if let elements = place.elements { write(cells.flatMap(\.elements), to: elements, &bytes) }
  }

  private static func write(_ elements: [String?], to place: ElementsPlace, _ bytes: inout [UInt8]) {
    var end = 0
    for (index, element) in elements.enumerated() {
      if element != nil { bytes[place.validity.lowerBound + index / 8] |= 1 << UInt8(index % 8) }
      for byte in (element ?? "").utf8 {
        bytes[place.text.lowerBound + end] = byte
        end += 1
      }
      bytes.put(UInt32(end), at: place.offsets.lowerBound + (index + 1) * 4)
    }
  }
}

extension Value {
  /// The bit pattern of a value of fixed width; 0 for null.
  fileprivate var word: UInt64 {
    switch self {
    case .int64(let value): UInt64(bitPattern: value)
    case .uint64(let value): value
    case .float64(let value): value.bitPattern
    case .date(let days): UInt64(bitPattern: Int64(days))
    case .timestamp(let microseconds, _): UInt64(bitPattern: microseconds)
    case .timestampNanoseconds(let nanoseconds, _): UInt64(bitPattern: nanoseconds)
    case .time(let microseconds): UInt64(bitPattern: microseconds)
    default: 0
    }
  }

  fileprivate var textBytes: [UInt8] {
    if case .text(let text) = self { Array(text.utf8) } else { [] }
  }

  fileprivate var elements: [String?] {
    if case .list(let elements) = self { elements } else { [] }
  }
}

extension [UInt8] {
  /// Writes an integer, little-endian.
  package mutating func put(_ value: some FixedWidthInteger, at offset: Int) {
    for index in 0..<value.bitWidth / 8 { self[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8)) }
  }
}
