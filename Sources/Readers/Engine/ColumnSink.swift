// SPDX-License-Identifier: Apache-2.0

import CScan
import IngestTables

/// Collects one column of one record batch as its Arrow buffers.
///
/// The common cells of a type are converted by a kernel, a piece of input at a time; every other cell is classified, and
/// must be one with which the column's type would have been decided the same.
struct ColumnSink {
  private let converter: CellConverter
  private let contract: ColumnContract
  private let kernel: ColumnKernel?
  /// The classes that the decision was made from.
  private let grounds: ColumnInference
  /// Room for rows; what lies behind `rows` means nothing, but that bits there are zero.
  private var validity: [UInt8] = []
  private var bits: [UInt8] = []
  private var words: [UInt64] = []
  private var halves: [Int32] = []
  /// Decimals.
  private var wides: [Int128] = []
  private var text: [UInt8] = []
  private var textBytes = 0
  /// The texts in the last piece.
  private(set) var lastPresent = 0
  private var rows = 0
  /// The cells that no kernel knew.
  private(set) var exceptions = ColumnInference()
  private var accepted: CellClass?
  /// Whether a cell was met that is not of the type that was decided.
  private(set) var isContradicted = false
  /// The rows of the batch whose cell is not of the type that was asked for.
  private(set) var wrongRows: [Int] = []

  private var type: ColumnType { converter.decision.type }

  init(_ decision: ColumnInference.Decision, grounds: ColumnInference, _ contract: ColumnContract) {
    converter = CellConverter(decision: decision)
    kernel = ColumnKernel(decision, grounds: grounds, contract)
    self.contract = contract
    self.grounds = grounds.withoutCounts()
  }

  /// Starts the next batch, with the memory of this one.
  mutating func removeAll() {
    for index in 0..<min(validity.count, (rows + 7) / 8) { validity[index] = 0 }
    for index in 0..<min(bits.count, (rows + 7) / 8) { bits[index] = 0 }
    rows = 0
    textBytes = 0
    wrongRows.removeAll(keepingCapacity: true)
  }

  /// Takes back all rows from `count` on.
  mutating func removeRows(from count: Int) {
    wrongRows.removeAll(keepingCapacity: true)
    guard count < rows else { return }
    validity.clearBits(from: count, to: rows)
    bits.clearBits(from: count, to: rows)
    if type == .utf8 { textBytes = Int(halves[count]) }
    rows = count
  }

  /// Forgets what was met, for the next block.
  mutating func forgetExceptions() {
    exceptions = ColumnInference()
    isContradicted = false
  }

  /// The sizes that the batch's shape states for this column.
  var sizes: [UInt64] { type == .utf8 ? [UInt64(textBytes)] : [] }

  /// The column's buffers, in the order of `ColumnPlace.ranges`.
  func withBuffers(_ body: (Span<UInt8>) throws -> Void) throws {
    guard type != .null else { return }
    try body(validity.span.extracting(first: (rows + 7) / 8))
    switch type {
    case .bool: try body(bits.span.extracting(first: (rows + 7) / 8))
    case .date: try halves.withBytes { try body($0.extracting(first: rows * 4)) }
    case .utf8:
      try halves.withBytes { try body($0.extracting(first: (rows + 1) * 4)) }
      try body(text.span.extracting(first: textBytes))
    case .decimal: try wides.withBytes { try body($0.extracting(first: rows * 16)) }
    default: try words.withBytes { try body($0.extracting(first: rows * 8)) }
    }
  }

  // MARK: Whole pieces

  /// Room that kernels write to, shared by all columns.
  struct Scratch {
    var valid: [UInt8] = []
    var flags: [UInt8] = []

    mutating func reserve(_ records: Int) {
      guard valid.count < records else { return }
      valid = [UInt8](repeating: 0, count: records)
      flags = valid
    }
  }

  /// Appends nulls until there are `count` rows: the cells that short records lack.
  ///
  /// Done in one go, so that a record costs what it holds, however many columns the table has.
  mutating func pad(to count: Int) {
    guard rows < count else { return }
    reserve(count - rows)
    switch type {
    case .null, .bool: break
    case .date: for row in rows..<count { halves[row] = 0 }
    case .utf8: for row in rows..<count { halves[row + 1] = Int32(truncatingIfNeeded: textBytes) }
    case .decimal: for row in rows..<count { wides[row] = 0 }
    default: for row in rows..<count { words[row] = 0 }
    }
    rows = count
  }

  /// Appends the column's cells of the records in the index.
  mutating func append(_ column: Int, of index: some CellIndex, _ bytes: MappedBytes, _ scratch: inout Scratch) {
    reserve(index.records)
    scratch.reserve(index.records)
    switch type {
    case .null: return appendNulls(column, of: index, bytes)
    case .utf8: appendText(column, of: index, bytes, &scratch)
    default: appendValues(column, of: index, bytes, &scratch)
    }
    validity.packBits(at: rows, scratch.valid, count: index.records)
    rows += index.records
  }

  private mutating func appendNulls(_ column: Int, of index: some CellIndex, _ bytes: MappedBytes) {
    if index.hasValues(column, of: bytes) { isContradicted = true }
    rows += index.records
  }

  private mutating func appendText(
    _ column: Int, of index: some CellIndex, _ bytes: MappedBytes, _ scratch: inout Scratch
  ) {
    reserveText(index.textRoom(column, of: bytes))
    var nulls = 0
    textBytes += index.gather(
      column, of: bytes, into: &text, used: textBytes, offsets: &halves, at: rows + 1, valid: &scratch.valid,
      nulls: &nulls)
    lastPresent = index.records - nulls
  }

  /// How many of the texts that were just appended, whose validity is in `scratch`, can be nothing but text, and which of
  /// them is the first.
  func plainInLast(_ count: Int, _ scratch: borrowing Scratch) -> (count: Int, first: Int) {
    precondition(count <= rows && halves.count > rows && text.count >= textBytes + 2 && scratch.valid.count >= count)
    let seconds = CellParser.secondBytesOfTypedCells
    let valid = scratch.valid
    return unsafe text.withUnsafeBufferPointer { text in
      unsafe halves.withUnsafeBufferPointer { offsets in
        guard let text = text.baseAddress, let offsets = offsets.baseAddress else { return (0, 0) }
        var first: UInt32 = 0
        // SAFETY: the offsets are this sink's own, which rise to `textBytes`, and there is a word for each byte.
        let plain = unsafe ingest_count_plain(text, offsets + (rows - count), valid, count, seconds, &first)
        return (plain, Int(first))
      }
    }
  }

  private mutating func appendValues(
    _ column: Int, of index: some CellIndex, _ bytes: MappedBytes, _ scratch: inout Scratch
  ) {
    var row = 0
    var nulls = 0
    let kernel = kernel.flatMap { index.suits($0, column, readsStrings: hasRule) ? $0 : nil }
    while row < index.records {
      if let kernel { row = convert(column, of: index, bytes, by: kernel, from: row, &scratch, &nulls) }
      guard row < index.records else { break }
      let value = look(at: index.field(row, column, in: bytes), bytes)
      scratch.valid[row] = put(value, at: row, &scratch.flags) ? 1 : 0
      row += 1
    }
    if type == .bool { bits.packBits(at: rows, scratch.flags, count: index.records) }
  }

  private mutating func convert(
    _ column: Int, of index: some CellIndex, _ bytes: MappedBytes, by kernel: ColumnKernel, from row: Int,
    _ scratch: inout Scratch, _ nulls: inout Int
  ) -> Int {
    switch kernel {
    case .booleans:
      index.convert(
        column, of: bytes, by: kernel, from: row, into: &scratch.flags, at: 0, valid: &scratch.valid, nulls: &nulls)
    case .dates:
      index.convert(
        column, of: bytes, by: kernel, from: row, into: &halves, at: rows, valid: &scratch.valid, nulls: &nulls)
    case .integers, .doubles, .timestamps:
      index.convert(
        column, of: bytes, by: kernel, from: row, into: &words, at: rows, valid: &scratch.valid, nulls: &nulls)
    }
  }

  // MARK: Single cells

  /// Appends one cell.
  mutating func append(_ field: FieldPlace, _ bytes: MappedBytes) {
    reserve(1)
    var isValid = false
    var flag: [UInt8] = [0]
    if type == .utf8 {
      isValid = appendText(field, bytes)
    } else if type == .null {
      isContradicted = isContradicted || !field.isAbsent
    } else {
      isValid = put(look(at: field, bytes), at: 0, &flag)
      if type == .bool { bits.packBits(at: rows, flag, count: 1) }
    }
    if type != .null { validity.packBits(at: rows, [isValid ? 1 : 0], count: 1) }
    rows += 1
  }

  private mutating func appendText(_ field: FieldPlace, _ bytes: MappedBytes) -> Bool {
    defer { halves[rows + 1] = Int32(truncatingIfNeeded: textBytes) }
    guard !field.isAbsent else { return false }
    var content: [UInt8] = []
    field.appendContent(of: bytes, to: &content)
    reserveText(content.count)
    for byte in content {
      text[textBytes] = byte
      textBytes += 1
    }
    return true
  }

  /// What a cell becomes that no kernel knows; notes it among the exceptions.
  private mutating func look(at field: FieldPlace, _ bytes: MappedBytes) -> CellConverter.Converted {
    guard !field.isAbsent else { return .absent }
    let kind = field.kind(in: bytes, converter.decision.extraNullWords, readsStrings: hasRule)
    if hasRule {
      // Decided from all cells.
      if converter.decision.wrongKinds.contains(kind.kind) { return .wrong }
      return kind.contains(.nullWord) ? .absent : converter.convert(field, bytes)
    }
    exceptions.add(kind, at: field)
    guard accepts(kind.withoutWord, at: field) else {
      isContradicted = true
      return .absent
    }
    return kind.contains(.nullWord) ? .absent : converter.convert(field, bytes)
  }

  private var hasRule: Bool { converter.decision.expected != nil }

  /// Whether the column would be of the same type had a cell of this class been among those that decided.
  private mutating func accepts(_ kind: CellClass, at field: FieldPlace) -> Bool {
    if kind == accepted { return true }
    var grounds = grounds
    grounds.add(kind, at: field)
    guard contract.decide(grounds).converts(like: converter.decision) else { return false }
    accepted = kind
    return true
  }

  /// Puts a value behind the last one, `offset` rows on; answers whether there is one.
  private mutating func put(_ value: CellConverter.Converted, at offset: Int, _ flags: inout [UInt8]) -> Bool {
    var word: UInt64 = 0
    var half: Int32 = 0
    var wide: Int128 = 0
    var flag: UInt8 = 0
    var isValid = true
    switch value {
    case .word(let value): word = value
    case .half(let value): half = value
    case .wide(let value): wide = value
    case .bit(let value): flag = value ? 1 : 0
    case .absent: isValid = false
    case .wrong:
      isValid = false
      if hasRule { wrongRows.append(rows + offset) } else { isContradicted = true }
    }
    switch type {
    case .bool: flags[offset] = flag
    case .date: halves[rows + offset] = half
    case .decimal: wides[rows + offset] = wide
    default: words[rows + offset] = word
    }
    return isValid
  }

  // MARK: Room

  private mutating func reserve(_ records: Int) {
    let needed = rows + records
    let bytes = (needed + 7) / 8
    guard type != .null else { return }
    validity.grow(to: bytes)
    switch type {
    case .bool: bits.grow(to: bytes)
    case .date: halves.grow(to: needed)
    case .utf8: halves.grow(to: needed + 1)
    case .decimal: wides.grow(to: needed)
    default: words.grow(to: needed)
    }
  }

  private mutating func reserveText(_ bytes: Int) { text.grow(to: textBytes + bytes + 32) }
}

extension ColumnKernel {
  /// The kernel for a column's common cells; nil where each is looked at.
  ///
  /// A kernel for floats does not tell which of its cells have a point or an exponent, so it needs grounds that no such
  /// cell changes.
  init?(_ decision: ColumnInference.Decision, grounds: ColumnInference, _ contract: ColumnContract) {
    // A word for null can look like a value.
    guard decision.extraNullWords.isEmpty else { return nil }
    let decimalCommas: CellClass = [.comma, .dotComma, .blankComma]
    guard decision.numberFormat.isEmpty else {
      // What has groups too is looked at one by one.
      guard decision.type == .float64, decision.numberFormat.isSubset(of: decimalCommas),
        grounds.union.contains(.isSurelyFraction)
      else { return nil }
      self = .doubles(point: UInt8(ascii: ","))
      return
    }
    switch decision.type {
    case .bool: self = .booleans
    case .int64: self = .integers(isSigned: true)
    case .uint64: self = .integers(isSigned: false)
    case .float64:
      guard decision.expected != nil || grounds.union.contains(.hasPoint) && !contract.hasDecimalComma else {
        return nil
      }
      self = .doubles(point: UInt8(ascii: "."))
    case .date: self.init(dateFormat: decision.dateFormat)
    // Of timestamps a kernel takes forms that a rule may not.
    case .timestamp(let isUTC) where decision.dateFormat.isEmpty && decision.wrongKinds.isEmpty:
      let hasT = !decision.timestampFormat.isDisjoint(with: [.timestampT, .zonedTimestampT])
      self = .timestamps(between: hasT ? UInt8(ascii: "T") : 0x20, isZoned: isUTC)
    case .null, .utf8, .listOfUTF8, .decimal, .time, .timestamp, .timestampNanoseconds: return nil
    }
  }

  private init?(dateFormat: CellClass) {
    let (dash, slash, dot) = (UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."))
    switch dateFormat {
    case .yearMonthDayDash: self = .dates(.yearMonthDay, separator: dash)
    case .yearMonthDaySlash: self = .dates(.yearMonthDay, separator: slash)
    case .yearMonthDayDot: self = .dates(.yearMonthDay, separator: dot)
    case .dayMonthYearDash: self = .dates(.dayMonthYear, separator: dash)
    case .dayMonthYearSlash: self = .dates(.dayMonthYear, separator: slash)
    case .dayMonthYearDot: self = .dates(.dayMonthYear, separator: dot)
    case .monthDayYearDash: self = .dates(.monthDayYear, separator: dash)
    case .monthDayYearSlash: self = .dates(.monthDayYear, separator: slash)
    case .monthDayYearDot: self = .dates(.monthDayYear, separator: dot)
    default: return nil
    }
  }
}

extension [UInt8] {
  /// Clears the bits of a range, as far as the array holds them.
  fileprivate mutating func clearBits(from start: Int, to end: Int) {
    let end = Swift.min(end, count * 8)
    guard start < end else { return }
    self[start / 8] &= (1 << UInt8(start % 8)) - 1
    for byte in start / 8 + 1..<Swift.max((end + 7) / 8, start / 8 + 1) { self[byte] = 0 }
  }
}

extension Array where Element: FixedWidthInteger {
  /// Makes the array at least this long, by half its length at a time.
  fileprivate mutating func grow(to length: Int) {
    guard count < length else { return }
    let room = Swift.max(length, count + count / 2)
    reserveCapacity(room)
    append(contentsOf: repeatElement(0, count: room - count))
  }
}
