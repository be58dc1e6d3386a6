// SPDX-License-Identifier: Apache-2.0

import IngestTables
package import IngestTesting
package import UploadVerification
package import WorkerProtocol

/// What a worker says of an output, and what it left in the file.
package struct ClaimedOutput {
  package var said = UntrustedOutput()
  package var bytes: [UInt8]

  /// Files stay below this, so that an input takes milliseconds.
  private static let mostBytes = 1 << 20

  /// What an honest worker says and leaves of a table.
  package init(_ table: SampleTable) throws {
    bytes = try table.bodies()
    said.fields = table.schema.fields
    said.rows = table.shapes.map(\.rows)
    said.sizes = table.shapes.flatMap(\.sizes)
    let rows = said.rows.reduce(0, +)
    said.findings = .counting(records: rows + 1, setAside: 1)
  }

  /// Anything at all: claims that need not fit, and bytes from where the first body would lie.
  package init(choosing input: inout FuzzInput) {
    bytes = []
    said.fields = (0..<input.choice(6)).map { index in
      let name = input.flag() ? String(decoding: input.bytes(input.choice(8)), as: UTF8.self) : "c\(index)"
      return Field(name: name, type: input.element(of: SampleTable.types))
    }
    said.rows = (0..<input.choice(4)).map { _ in Self.number(&input) }
    said.sizes = (0..<input.choice(12)).map { _ in Self.number(&input) }
    if input.flag() {
      said.findings = .counting(records: Self.number(&input), setAside: Self.number(&input))
    } else {
      said.findings = .counting(records: said.rows.reduce(0, &+), setAside: 0)
    }
    let schema = Schema(fields: said.fields)
    var end: Int?
    if let layout = try? ArrowLayout(schema: schema, shapes: shapes) { end = layout.bodiesEnd }
    let isExact = input.flag()
    let start = LayoutCursor(schema: schema).offset + ArrowMetadata.batchMessageLength(schema)
    bytes = [UInt8](repeating: 0, count: start) + input.remainder()
    if isExact, let end, end <= Self.mostBytes { resize(to: end) }
  }

  /// The claimed shapes, as far as the sizes reach.
  private var shapes: [BatchShape] {
    let perBatch = said.fields.reduce(0) { $0 + $1.type.variableSizes }
    guard said.sizes.count == said.rows.count * perBatch else { return [] }
    return said.rows.indices.map {
      BatchShape(rows: said.rows[$0], sizes: Array(said.sizes[$0 * perBatch..<($0 + 1) * perBatch]))
    }
  }

  /// Mostly small, sometimes any.
  private static func number(_ input: inout FuzzInput) -> UInt64 {
    let byte = input.byte()
    return byte < 250 ? UInt64(byte) : input.integer()
  }

  private mutating func resize(to length: Int) {
    bytes = Array(bytes.prefix(length)) + [UInt8](repeating: 0, count: max(0, length - bytes.count))
  }

  /// Makes one lie, or one change that may be none.
  package mutating func change(by input: inout FuzzInput) {
    let kind = input.choice(16)
    let place = Int(input.integer(UInt32.self))
    switch kind {
    case 0: if !bytes.isEmpty { bytes[place % bytes.count] = input.byte() }
    case 1: if !bytes.isEmpty { bytes[place % bytes.count] ^= 1 << (input.byte() & 7) }
    case 2: overwrite(at: place, with: input.bytes(input.choice(64)))
    case 3: change(bufferAt: place, by: &input)
    case 4: Self.change(&said.rows, place, by: &input)
    case 5: Self.change(&said.sizes, place, by: &input)
    case 6: said.findings?.records = Self.number(&input)
    case 7: said.findings?.setAside = Self.number(&input)
    case 8: resize(to: min(Self.mostBytes, max(0, bytes.count + Int(Int8(bitPattern: input.byte())))))
    case 9: resize(to: place % Self.mostBytes)
    case 10:
      if !said.fields.isEmpty { said.fields[place % said.fields.count].type = input.element(of: SampleTable.types) }
    case 11:
      guard !said.fields.isEmpty else { return }
      said.fields[place % said.fields.count].name = String(decoding: input.bytes(input.choice(32)), as: UTF8.self)
    case 12: if !said.fields.isEmpty { said.fields.append(said.fields[place % said.fields.count]) }
    case 13: if !said.fields.isEmpty { said.fields.remove(at: place % said.fields.count) }
    case 14: said.findings = nil
    default: if let layout = try? layout(), layout.bodiesEnd <= Self.mostBytes { resize(to: layout.bodiesEnd) }
    }
  }

  private func layout() throws -> ArrowLayout {
    try ArrowLayout(schema: Schema(fields: said.fields), shapes: shapes)
  }

  private mutating func overwrite(at place: Int, with content: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let start = place % bytes.count
    let end = min(start + content.count, bytes.count)
    bytes.replaceSubrange(start..<end, with: content.prefix(end - start))
  }

  /// Changes one entry of one buffer, so that offsets and bitmaps are met as often as values.
  private mutating func change(bufferAt place: Int, by input: inout FuzzInput) {
    guard let batches = try? layout().batches, !batches.isEmpty else { return }
    let ranges = batches[place % batches.count].columns.flatMap(\.ranges).filter { !$0.isEmpty }
    guard !ranges.isEmpty else { return }
    let range = ranges[input.choice(ranges.count)]
    let width = [1, 4, 8][input.choice(3)]
    let entry = Int(input.integer(UInt16.self)) % max(1, range.count / width)
    let offset = range.lowerBound + entry * width
    guard offset + width <= bytes.count else { return }
    switch width {
    case 1: bytes[offset] = input.byte()
    // Offsets that are off by a little are the lies that come closest to the truth.
    case 4: bytes.put(bytes.span.integer(at: offset) &+ Int32(input.choice(16) - 8), at: offset)
    default: bytes.put(input.integer(UInt64.self), at: offset)
    }
  }

  private static func change(_ numbers: inout [UInt64], _ place: Int, by input: inout FuzzInput) {
    switch input.choice(4) {
    case 0: numbers.append(number(&input))
    case 1: if !numbers.isEmpty { numbers.remove(at: place % numbers.count) }
    case 2: if !numbers.isEmpty { numbers[place % numbers.count] = number(&input) }
    default:
      guard !numbers.isEmpty else { return }
      numbers[place % numbers.count] &+= UInt64(bitPattern: Int64(Int8(bitPattern: input.byte())))
    }
  }
}

extension TableFindings {
  /// The findings of a plain file with this many records.
  package static func counting(records: UInt64, rejects: UInt64 = 0, setAside: UInt64) -> TableFindings {
    let dialect = Dialect(
      delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false)
    return TableFindings(dialect: dialect, records: records, rejects: rejects, setAside: setAside, notes: [])
  }
}
