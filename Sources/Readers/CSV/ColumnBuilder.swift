// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Collects one column of one record batch as its Arrow buffers.
struct ColumnBuilder {
  private let decision: ColumnInference.Decision
  private var validity: [UInt8] = []
  /// Bits of `bool`.
  private var bits: [UInt8] = []
  /// 64-bit values, as their bit patterns.
  private var words: [UInt64] = []
  /// Decimals.
  private var wides: [Int128] = []
  /// Days, or offsets.
  private var halves: [Int32] = []
  private var text: [UInt8] = []
  private var rows = 0
  private var floats = FloatParser()

  init(_ decision: ColumnInference.Decision) {
    self.decision = decision
    removeAll()
  }

  /// Starts the next batch, with the memory of this one.
  mutating func removeAll() {
    rows = 0
    validity.removeAll(keepingCapacity: true)
    bits.removeAll(keepingCapacity: true)
    words.removeAll(keepingCapacity: true)
    halves.removeAll(keepingCapacity: true)
    wides.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    if decision.type == .utf8 { halves.append(0) }
  }

  /// The sizes that the batch's shape states for this column.
  var sizes: [UInt64] { decision.type == .utf8 ? [UInt64(text.count)] : [] }

  /// The column's buffers, in the order of `ColumnPlace.ranges`.
  func withBuffers(_ body: (Span<UInt8>) throws -> Void) throws {
    guard decision.type != .null else { return }
    try body(validity.span)
    switch decision.type {
    case .bool: try body(bits.span)
    case .date: try halves.withBytes(body)
    case .utf8:
      try halves.withBytes(body)
      try body(text.span)
    case .decimal: try wides.withBytes(body)
    default: try words.withBytes(body)
    }
  }

  /// Appends the column's cells of some records.
  ///
  /// - Throws: `contract_violated` for a cell that is not of the type that was asked for, or `Contradiction`.
  mutating func append(column: Int, of records: [Int], in index: FieldIndex, _ bytes: MappedBytes) throws {
    switch decision.type {
    case .null: break
    case .utf8: appendText(column, records, index, bytes)
    case .float64 where decision.numberFormat.isEmpty: try appendFloats(column, records, index, bytes)
    default:
      for record in records {
        let field = field(column, of: record, index)
        let value = field.map { convert($0, bytes) } ?? .absent
        if case .wrong = value, let field, decision.expected != nil { throw decision.violation(column, field, bytes) }
        try append(value)
      }
    }
  }

  /// A cell that is not of the type that was decided, which the first pass excludes.
  struct Contradiction: Error {}

  private enum Converted {
    case absent
    case bit(Bool)
    case word(UInt64)
    case half(Int32)
    case wide(Int128)
    case wrong
  }

  /// The cell of a record; nil where the record is too short or the cell is absent.
  @inline(__always)
  private func field(_ column: Int, of record: Int, _ index: FieldIndex) -> FieldPlace? {
    let range = index.fields(of: record)
    guard column < range.count else { return nil }
    let field = index.fields[range.lowerBound + column]
    return field.isAbsent ? nil : field
  }

  private func convert(_ field: FieldPlace, _ bytes: MappedBytes) -> Converted {
    bytes.withSpan(field.start..<field.end) { cell in
      let range = CellParser.trim(cell)
      // Only the first pass classifies every cell; here it matters only where words may stand for null.
      if decision.nullWords > 0, decision.isNullWord(cell, field) { return .absent }
      guard !range.isEmpty else { return .wrong }
      guard decision.numberFormat.isEmpty else { return formattedNumber(cell, range) }
      switch decision.type {
      case .bool: return bool(cell, range)
      case .int64: return .word(UInt64(bitPattern: CellParser.int64(cell, range)))
      case .uint64: return .word(CellParser.uint64(cell, range))
      case .date: return TimeShape.days(cell, range, format: decision.dateFormat).map(Converted.half) ?? .wrong
      case .timestamp: return word(timestamp(cell, range))
      case .timestampNanoseconds: return word(nanoseconds(cell, range))
      case .time: return word(TimeShape.time(cell, range))
      case .decimal(_, let scale):
        return decimal(cell, range, scale: scale)
      case .null, .utf8, .float64, .listOfUTF8: return .wrong
      }
    }
  }

  private func timestamp(_ cell: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    decision.dateFormat.isEmpty
      ? TimeShape.timestamp(cell, range)?.microseconds
      : NumericDate(cell, range)?.microseconds(decision.dateFormat)
  }

  private func nanoseconds(_ cell: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard !decision.dateFormat.isEmpty else { return TimeShape.timestamp(cell, range)?.inNanoseconds }
    return timestamp(cell, range).flatMap { TimeShape.Timestamp(microseconds: $0, kind: .text).inNanoseconds }
  }

  private func bool(_ cell: Span<UInt8>, _ range: Range<Int>) -> Converted {
    if CellParser.matches(cell, range, "true") { return .bit(true) }
    guard decision.expected != nil else { return .bit(false) }
    let (yes, no): ([StaticString], [StaticString]) = (["yes", "y", "t", "1"], ["false", "no", "n", "f", "0"])
    if yes.contains(where: { CellParser.matches(cell, range, $0) }) { return .bit(true) }
    return no.contains { CellParser.matches(cell, range, $0) } ? .bit(false) : .wrong
  }

  private func decimal(_ cell: Span<UInt8>, _ range: Range<Int>, scale: Int) -> Converted {
    guard case .decimal(let precision, _) = decision.type, DecimalText.powers.indices.contains(precision),
      let value = DecimalParser.unscaled(cell, range, scale: scale),
      value.magnitude < DecimalText.powers[precision].magnitude
    else { return .wrong }
    return .wide(value)
  }

  private func word(_ value: Int64?) -> Converted { value.map { .word(UInt64(bitPattern: $0)) } ?? .wrong }

  /// A number with thousands or a decimal comma, by way of its plain form.
  private func formattedNumber(_ cell: Span<UInt8>, _ range: Range<Int>) -> Converted {
    let plain = FormattedNumber.normalised(cell, range, format: decision.numberFormat)
    switch decision.type {
    case .int64: return .word(UInt64(bitPattern: CellParser.int64(plain.span, 0..<plain.count)))
    case .uint64: return .word(CellParser.uint64(plain.span, 0..<plain.count))
    case .float64: return Double(String(decoding: plain, as: UTF8.self)).map { .word($0.bitPattern) } ?? .wrong
    case .decimal(_, let scale):
      return decimal(plain.span, 0..<plain.count, scale: scale)
    default: return .wrong
    }
  }

  private mutating func append(_ value: Converted) throws(Contradiction) {
    switch value {
    case .absent:
      switch decision.type {
      case .bool: bits.appendBit(false, at: rows)
      case .date: halves.append(0)
      case .decimal: wides.append(0)
      default: words.append(0)
      }
      appendValidity(false)
    case .bit(let bit):
      bits.appendBit(bit, at: rows)
      appendValidity(true)
    case .word(let word):
      words.append(word)
      appendValidity(true)
    case .half(let half):
      halves.append(half)
      appendValidity(true)
    case .wide(let wide):
      wides.append(wide)
      appendValidity(true)
    case .wrong: throw Contradiction()
    }
  }

  @inline(__always)
  private mutating func appendValidity(_ isValid: Bool) {
    validity.appendBit(isValid, at: rows)
    rows += 1
  }

  private mutating func appendText(_ column: Int, _ records: [Int], _ index: FieldIndex, _ bytes: MappedBytes) {
    for record in records {
      if let field = field(column, of: record, index) {
        field.appendContent(of: bytes, to: &text)
        appendValidity(true)
      } else {
        appendValidity(false)
      }
      halves.append(Int32(truncatingIfNeeded: text.count))
    }
  }

  private mutating func appendFloats(
    _ column: Int, _ records: [Int], _ index: FieldIndex, _ bytes: MappedBytes
  ) throws(Contradiction) {
    floats.removeAll()
    for record in records {
      let range = field(column, of: record, index).flatMap { numberRange($0, bytes) }
      floats.add(range ?? 0..<0)
      appendValidity(range != nil)
    }
    guard let values = floats.parse(bytes) else { throw Contradiction() }
    for value in values { words.append(value.bitPattern) }
  }

  /// Where the number stands in a cell; nil for a word that stands for null.
  private func numberRange(_ field: FieldPlace, _ bytes: MappedBytes) -> Range<Int>? {
    bytes.withSpan(field.start..<field.end) { cell in
      if decision.nullWords > 0, decision.isNullWord(cell, field) { return nil }
      let range = CellParser.trim(cell)
      return field.start + range.lowerBound..<field.start + range.upperBound
    }
  }
}

extension ColumnInference.Decision {
  /// Whether a cell is a word that stands for null in this column.
  fileprivate func isNullWord(_ cell: Span<UInt8>, _ field: FieldPlace) -> Bool {
    CellParser.classify(cell, isQuoted: field.isQuoted, extraNullWords) == .nullWord
  }

  /// The refusal for a cell that is not of the type that was asked for.
  fileprivate func violation(_ column: Int, _ field: FieldPlace, _ bytes: MappedBytes) -> Rejection {
    Rejection.violation(of: expected, column: column, field.start..<field.end, bytes)
  }
}

/// Collects a `list<utf8>` column: the surplus cells of records, or all cells of verbatim records.
struct ListBuilder {
  private var validity: [UInt8] = []
  private var offsets: [Int32] = [0]
  private var elementValidity: [UInt8] = []
  private var elementOffsets: [Int32] = [0]
  private var text: [UInt8] = []
  private var rows = 0
  private var elements = 0

  mutating func removeAll() { self = ListBuilder() }

  var sizes: [UInt64] { [UInt64(elements), UInt64(text.count)] }

  func withBuffers(_ body: (Span<UInt8>) throws -> Void) throws {
    try body(validity.span)
    try offsets.withBytes(body)
    try body(elementValidity.span)
    try elementOffsets.withBytes(body)
    try body(text.span)
  }

  /// Appends a row of these fields; null where there are none.
  ///
  /// - Parameter keepsAbsent: whether an absent cell is null; else it is the empty text.
  mutating func append(_ fields: ArraySlice<FieldPlace>, _ bytes: MappedBytes, keepsAbsent: Bool) {
    for field in fields {
      field.appendContent(of: bytes, to: &text)
      elementValidity.appendBit(!(keepsAbsent && field.isAbsent), at: elements)
      elementOffsets.append(Int32(truncatingIfNeeded: text.count))
      elements += 1
    }
    validity.appendBit(!fields.isEmpty, at: rows)
    offsets.append(Int32(truncatingIfNeeded: elements))
    rows += 1
  }
}

extension FieldPlace {
  /// Appends the content as text: doubled quotes become one.
  @inline(__always)
  func appendContent(of bytes: MappedBytes, to text: inout [UInt8]) {
    guard flags.contains(.escaped) else {
      bytes.append(start..<end, to: &text)
      return
    }
    var position = start
    while let quote = bytes.firstIndex(of: UInt8(ascii: "\""), in: position..<end) {
      bytes.append(position..<quote + 1, to: &text)
      let isDoubled = quote + 1 < end && bytes[quote + 1] == UInt8(ascii: "\"")
      position = quote + (isDoubled ? 2 : 1)
    }
    bytes.append(position..<end, to: &text)
  }
}

extension [UInt8] {
  /// Appends bit number `index`, least significant first; the bits before it must be there.
  @inline(__always)
  fileprivate mutating func appendBit(_ bit: Bool, at index: Int) {
    if index & 7 == 0 { append(0) }
    if bit { self[count - 1] |= 1 << UInt8(truncatingIfNeeded: index & 7) }
  }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
  /// The elements' bytes, little-endian as on every machine that the program is built for.
  fileprivate func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBytes { raw in
      // SAFETY: the bytes are the array's own, initialised, and do not outlive the closure.
      try unsafe body(Span(_unsafeElements: raw.assumingMemoryBound(to: UInt8.self)))
    }
  }
}
