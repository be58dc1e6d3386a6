// SPDX-License-Identifier: Apache-2.0

package import IngestTables
package import UploadVerification
import WorkerProtocol

/// What a worker's output must be, by the letter of `docs/ARCHITECTURE.md` and the Arrow format, byte for byte.
///
/// Slow, and independent of `OutputVerifier`, `BodyVerifier` and `ArrowLayout`; only the lengths of the metadata are
/// taken from where they are written.
package struct ReferenceVerifier {
  /// The output is no table.
  package struct Lie: Error {
    package let what: String
  }

  private let file: [UInt8]
  private var offset = 0

  /// Reads every cell of an output.
  ///
  /// - Returns: the cells of each column of each batch.
  /// - Throws: `Lie`.
  package static func cells(
    of said: UntrustedOutput, in file: [UInt8], nameBytes: Int
  ) throws(Lie) -> [[[Value]]] {
    try check(said, nameBytes: nameBytes)
    try checkLength(said, file.count)
    var verifier = ReferenceVerifier(file: file)
    let schema = Schema(fields: said.fields)
    verifier.offset = 8 + ArrowMetadata.schemaMessage(schema).count
    var sizes = said.sizes[...]
    var batches: [[[Value]]] = []
    for rows in said.rows {
      verifier.offset += ArrowMetadata.batchMessageLength(schema)
      var columns: [[Value]] = []
      for field in said.fields { columns.append(try verifier.column(field.type, rows: Int(rows), &sizes)) }
      batches.append(columns)
    }
    return batches
  }

  private static func demand(_ condition: Bool, _ what: String) throws(Lie) {
    if !condition { throw Lie(what: what) }
  }

  private static func check(_ said: UntrustedOutput, nameBytes: Int) throws(Lie) {
    try demand(!said.fields.isEmpty, "no columns")
    for (index, field) in said.fields.enumerated() {
      try demand(!field.name.isEmpty && field.name.utf8.count <= nameBytes, "name")
      try demand(!said.fields[..<index].contains { $0.name == field.name }, "names")
    }
    guard let findings = said.findings else { throw Lie(what: "no findings") }
    let perBatch = said.fields.reduce(0) { $0 + ($1.type == .utf8 ? 1 : $1.type == .listOfUTF8 ? 2 : 0) }
    try demand(said.sizes.count == said.rows.count * perBatch, "number of sizes")
    try demand(said.rows.allSatisfy { $0 <= 8 << 20 }, "rows of a batch")
    try demand(said.sizes.allSatisfy { $0 <= 1 << 30 }, "size")
    let (others, othersOverflowed) = findings.rejects.addingReportingOverflow(findings.setAside)
    let (records, overflowed) = said.rows.reduce(0, +).addingReportingOverflow(others)
    try demand(!othersOverflowed && !overflowed && records == findings.records, "records")
  }

  /// Padded to the next multiple of 64.
  private static func padded(_ length: Int) -> Int { (length + 63) / 64 * 64 }

  /// The file ends behind the last batch that has a body.
  private static func checkLength(_ said: UntrustedOutput, _ actual: Int) throws(Lie) {
    let schema = Schema(fields: said.fields)
    var sizes = said.sizes[...]
    var (offset, end) = (8 + ArrowMetadata.schemaMessage(schema).count, 0)
    for rows in said.rows.map(Int.init) {
      offset += ArrowMetadata.batchMessageLength(schema)
      let start = offset
      for field in said.fields {
        let bits = padded((rows + 7) / 8)
        switch field.type {
        case .null: break
        case .bool: offset += bits * 2
        case .date: offset += bits + padded(rows * 4)
        case .int64, .uint64, .float64, .timestamp, .timestampNanoseconds, .time: offset += bits + padded(rows * 8)
        case .decimal: offset += bits + padded(rows * 16)
        case .utf8: offset += bits + padded(rows * 4 + 4) + padded(Int(sizes.removeFirst()))
        case .listOfUTF8:
          let elements = Int(sizes.removeFirst())
          offset += bits + padded(rows * 4 + 4) + padded((elements + 7) / 8) + padded(elements * 4 + 4)
          offset += padded(Int(sizes.removeFirst()))
        }
      }
      if offset > start { end = offset }
    }
    try demand(actual == end, "length")
  }

  // MARK: Buffers

  private mutating func take(_ length: Int) throws(Lie) -> ArraySlice<UInt8> {
    // Empty buffers may lie behind the file's end.
    guard length > 0 else { return [] }
    let buffer = file[offset..<offset + length]
    let end = offset + Self.padded(length)
    try Self.demand(file[offset + length..<end].allSatisfy { $0 == 0 }, "padding")
    offset = end
    return buffer
  }

  private mutating func takeBits(_ count: Int) throws(Lie) -> [Bool] {
    var bits: [Bool] = []
    for byte in try take((count + 7) / 8) { bits += (0..<8).map { byte >> UInt8($0) & 1 == 1 } }
    try Self.demand(!bits[count...].contains(true), "unused bits")
    return Array(bits[..<count])
  }

  private mutating func takeWords(_ count: Int, width: Int) throws(Lie) -> [UInt64] {
    let bytes = try take(count * width)
    return (0..<count).map { index in
      let start = bytes.startIndex + index * width
      return bytes[start..<start + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
  }

  /// The ranges that `count + 1` offsets cut out of `length` things.
  private mutating func takeRanges(
    _ count: Int, of length: Int, where isValid: [Bool]
  ) throws(Lie) -> [Range<Int>] {
    let offsets = try takeWords(count + 1, width: 4).map { Int(Int32(truncatingIfNeeded: $0)) }
    try Self.demand(offsets.first == 0 && offsets.last == length, "ends of offsets")
    var ranges: [Range<Int>] = []
    for index in 0..<count {
      try Self.demand(offsets[index] <= offsets[index + 1], "order of offsets")
      try Self.demand(isValid[index] || offsets[index] == offsets[index + 1], "content under a null")
      ranges.append(offsets[index]..<offsets[index + 1])
    }
    return ranges
  }

  private mutating func takeTexts(_ count: Int, bytes length: Int) throws(Lie) -> [String?] {
    let isValid = try takeBits(count)
    let ranges = try takeRanges(count, of: length, where: isValid)
    let text = Array(try take(length))
    try Self.demand(String(validating: text, as: UTF8.self) != nil, "UTF-8")
    var cells: [String?] = []
    for (range, isValid) in zip(ranges, isValid) {
      guard let cell = String(validating: text[range], as: UTF8.self) else { throw Lie(what: "cut character") }
      cells.append(isValid ? cell : nil)
    }
    return cells
  }

  // MARK: Columns

  private mutating func column(
    _ type: ColumnType, rows: Int, _ sizes: inout ArraySlice<UInt64>
  ) throws(Lie) -> [Value] {
    switch type {
    case .null: return [Value](repeating: .null, count: rows)
    case .bool: return try bools(rows)
    case .date:
      return try words(rows, width: 4) { .date(days: Int32(truncatingIfNeeded: $0)) }
    case .int64: return try words(rows, width: 8) { .int64(Int64(bitPattern: $0)) }
    case .uint64: return try words(rows, width: 8) { .uint64($0) }
    case .float64: return try words(rows, width: 8) { .float64(Double(bitPattern: $0)) }
    case .timestamp(let isUTC):
      return try words(rows, width: 8) { .timestamp(microseconds: Int64(bitPattern: $0), isUTC: isUTC) }
    case .timestampNanoseconds(let isUTC):
      return try words(rows, width: 8) { .timestampNanoseconds(Int64(bitPattern: $0), isUTC: isUTC) }
    case .time: return try words(rows, width: 8) { .time(microseconds: Int64(bitPattern: $0)) }
    case .decimal(let precision, let scale): return try decimals(rows, precision: precision, scale: scale)
    case .utf8:
      return try takeTexts(rows, bytes: Int(sizes.removeFirst())).map { $0.map(Value.text) ?? .null }
    case .listOfUTF8:
      let (count, length) = (Int(sizes.removeFirst()), Int(sizes.removeFirst()))
      let isValid = try takeBits(rows)
      let ranges = try takeRanges(rows, of: count, where: isValid)
      let elements = try takeTexts(count, bytes: length)
      return zip(ranges, isValid).map { $1 ? .list(Array(elements[$0])) : .null }
    }
  }

  private mutating func bools(_ rows: Int) throws(Lie) -> [Value] {
    let isValid = try takeBits(rows)
    let values = try takeBits(rows)
    try Self.demand(!zip(isValid, values).contains { !$0 && $1 }, "a value under a null")
    return zip(isValid, values).map { $0 ? .bool($1) : .null }
  }

  private mutating func words(_ rows: Int, width: Int, _ value: (UInt64) -> Value) throws(Lie) -> [Value] {
    let isValid = try takeBits(rows)
    let words = try takeWords(rows, width: width)
    var values: [Value] = []
    for (word, isValid) in zip(words, isValid) {
      try Self.demand(isValid || word == 0, "a value under a null")
      let value = value(word)
      try Self.demand(!isValid || Self.isInCalendar(value), "a date out of range")
      values.append(isValid ? value : .null)
    }
    return values
  }

  /// Two words a value, the low one first; as many digits as the precision says.
  private mutating func decimals(_ rows: Int, precision: Int, scale: Int) throws(Lie) -> [Value] {
    let isValid = try takeBits(rows)
    let words = try takeWords(rows * 2, width: 8)
    var values: [Value] = []
    for (row, isValid) in isValid.enumerated() {
      let unscaled = Int128(Int64(bitPattern: words[row * 2 + 1])) << 64 | Int128(words[row * 2])
      try Self.demand(isValid || unscaled == 0, "a value under a null")
      try Self.demand(String(unscaled.magnitude).utf8.count <= precision, "a decimal out of range")
      values.append(isValid ? .decimal(unscaled: unscaled, scale: scale) : .null)
    }
    return values
  }

  /// The years 1 to 9999 and a day's time, written out.
  private static func isInCalendar(_ value: Value) -> Bool {
    switch value {
    case .date(let days): (-719_162...2_932_896).contains(days)
    case .timestamp(let microseconds, _):
      (-62_135_596_800_000_000...253_402_300_799_999_999).contains(microseconds)
    case .time(let microseconds): (0...86_399_999_999).contains(microseconds)
    default: true
    }
  }
}
