// SPDX-License-Identifier: Apache-2.0

package import IngestTables
package import WorkerProtocol

/// Decides a column's type from the classes of all its cells.
package struct ColumnInference: Sendable {
  /// How often a kind was seen, and where first.
  struct Tally {
    let kind: CellClass
    var count: UInt64
    var first: FieldPlaceKey
  }
  /// The offset and length of a cell.
  package struct FieldPlaceKey: Sendable, Hashable {
    package let start: Int
    package let length: Int
  }

  private(set) var tallies: [Tally] = []
  private var lastHit = 0
  /// The cell before, which is the tally's at `lastHit`.
  private var last: CellClass?
  /// Cells that are not absent.
  package private(set) var present: UInt64 = 0
  /// Everything that any cell is.
  private(set) var union: CellClass = []
  /// The largest number of digits before a point, and behind one.
  private(set) var integerDigits: UInt64 = 0
  private(set) var scale: UInt64 = 0

  package init() {}

  @inline(__always)
  package mutating func add(_ cell: CellClass, at place: FieldPlace) {
    present &+= 1
    // Neighbours are mostly of one kind, and then have nothing new to gather.
    if cell == last {
      tallies[lastHit].count &+= 1
    } else {
      addAnother(cell, at: place)
    }
  }

  private mutating func addAnother(_ cell: CellClass, at place: FieldPlace) {
    last = cell
    gather(cell)
    let kind = cell.kind
    if lastHit < tallies.count, tallies[lastHit].kind == kind {
      tallies[lastHit].count &+= 1
    } else {
      addSlowly(kind, at: place)
    }
  }

  /// Adds `count` cells of one class, of which `place` is the first; others may have been added out of turn.
  mutating func add(_ kind: CellClass, count: Int, at place: FieldPlace) {
    guard count > 0 else { return }
    add(kind, at: place)
    present += UInt64(count - 1)
    tallies[lastHit].count += UInt64(count - 1)
    if place.start < tallies[lastHit].first.start {
      tallies[lastHit].first = FieldPlaceKey(start: place.start, length: Int(place.length))
    }
  }

  /// Adds the cells of a later part of the column.
  mutating func add(_ later: ColumnInference) {
    for tally in later.tallies {
      if let index = tallies.firstIndex(where: { $0.kind == tally.kind }) {
        tallies[index].count += tally.count
      } else {
        tallies.append(tally)
      }
    }
    present += later.present
    union.formUnion(later.union)
    integerDigits = max(integerDigits, later.integerDigits)
    scale = max(scale, later.scale)
  }

  /// Adds what is only gathered of a cell that is counted elsewhere.
  mutating func gather(_ cell: CellClass) {
    guard !cell.contains(.nullWord) else { return }
    union.formUnion(cell)
    integerDigits = max(integerDigits, cell.integerDigits)
    scale = max(scale, cell.scale)
  }

  /// The same classes, each as if it had not been seen yet: for cells that will be counted again.
  func withoutCounts() -> ColumnInference {
    var kinds = self
    for index in tallies.indices { kinds.tallies[index].count = 0 }
    kinds.present = 0
    return kinds
  }

  /// The cells but those of one kind, of which `first` is the first; what was only gathered stays.
  func withoutKind(of first: FieldPlaceKey) -> (cells: ColumnInference, kind: CellClass)? {
    guard let index = tallies.firstIndex(where: { $0.first == first }) else { return nil }
    var others = self
    let tally = others.tallies.remove(at: index)
    others.present -= tally.count
    (others.lastHit, others.last) = (0, nil)
    return (others, tally.kind)
  }

  /// The share of cells that can be nothing but text, from 0 to 1.
  var plainShare: Double {
    let plain = tallies.first { $0.kind == .text }?.count ?? 0
    return present == 0 ? 0 : Double(plain) / Double(present)
  }

  private mutating func addSlowly(_ kind: CellClass, at place: FieldPlace) {
    if let index = tallies.firstIndex(where: { $0.kind == kind }) {
      tallies[index].count += 1
      lastHit = index
    } else {
      tallies.append(
        Tally(kind: kind, count: 1, first: FieldPlaceKey(start: place.start, length: Int(place.length))))
      lastHit = tallies.count - 1
    }
  }

  /// How a column's cells are converted.
  package struct Decision: Sendable, Hashable {
    package var type: ColumnType
    /// The one date format of a column of dates, or of timestamps that are not ISO 8601.
    package var dateFormat: CellClass = .text
    /// The one way in which a timestamp column separates date, time and zone.
    package var timestampFormat: CellClass = .text
    /// The one format of a column of numbers with thousands or a decimal comma.
    package var numberFormat: CellClass = .text
    /// Words that stand for null.
    package var nullWords: UInt64 = 0
    /// Words that stand for null beside the documented ones.
    var extraNullWords = NullWords()
    /// The type that was asked for, where one was: a record with a cell that is not of it is in no row.
    var expected: RequestedType?
    /// The kinds of cells that are not of the type that was asked for.
    var wrongKinds: Set<CellClass> = []
    package var notes: [Finding] = []

    /// Whether the same cells become the same values.
    func converts(like other: Decision) -> Bool {
      type == other.type && dateFormat == other.dateFormat && timestampFormat == other.timestampFormat
        && numberFormat == other.numberFormat
    }
  }

  /// Something to report about the column.
  package struct Finding: Sendable, Hashable {
    package enum Kind: Sendable {
      case nearMiss, ambiguousDates, nullWords, offsetsNormalised, ambiguousNumbers, numbersWithUnits, booleanWords
    }
    package var kind: Kind
    package var type: ColumnType?
    package var count: UInt64
    package var first: FieldPlaceKey?
    /// Of words for null, one cell of each and how many there are, the most frequent first.
    package var words: [Word] = []
  }

  /// A word for null.
  package struct Word: Sendable, Hashable {
    package let first: FieldPlaceKey
    package let count: UInt64
  }

  /// The type that loses nothing.
  package func decide(_ options: CellOptions = CellOptions()) -> Decision {
    if options.isAllText { return Decision(type: .utf8) }
    let values = tallies.filter { !$0.kind.contains(.nullWord) }
    guard !values.isEmpty else {
      // Words alone are text: nothing says that they stand for null.
      return Decision(type: nullWordFinding == nil ? .null : .utf8)
    }
    guard var decision = typed(values, options) else { return text(values, options) }
    if let words = nullWordFinding {
      decision.nullWords = words.count
      decision.notes.append(words)
    }
    return decision
  }

  /// The type that `decide()` finds, without what it finds to report.
  var plainType: ColumnType {
    let values = tallies.filter { !$0.kind.contains(.nullWord) }
    guard !values.isEmpty else { return tallies.isEmpty ? .null : .utf8 }
    return typed(values, CellOptions())?.type ?? .utf8
  }

  var nullWordFinding: Finding? {
    let words = tallies.filter { $0.kind.contains(.nullWord) }
    guard !words.isEmpty else { return nil }
    return Finding(
      kind: .nullWords, type: nil, count: words.reduce(0) { $0 + $1.count },
      first: words.min { $0.first.start < $1.first.start }?.first,
      words: words.sorted { ($0.count, $1.first.start) > ($1.count, $0.first.start) }.map {
        Word(first: $0.first, count: $0.count)
      })
  }

  private func typed(_ values: [Tally], _ options: CellOptions) -> Decision? {
    if options.hasDecimalComma, values.contains(where: { $0.kind.isPointed }) {
      return formattedNumbers(values, options)
    }
    let common = values.reduce(values[0].kind) { $0.intersection($1.kind) }
    if common.contains(.bool) { return Decision(type: .bool) }
    if common.contains(.int64) { return Decision(type: .int64) }
    if common.contains(.uint64) { return Decision(type: .uint64) }
    if common.contains(.float64), isFloat(values) { return Decision(type: .float64) }
    if common.contains(.time) { return Decision(type: .time) }
    return decimal(values) ?? timestamps(common, values) ?? dates(values, options)
      ?? formattedNumbers(values, options)
  }

  /// A float needs a finite number, and an exponent counts only beside a point or a signed exponent: `1E10` alone is a
  /// part number.
  private func isFloat(_ values: [Tally]) -> Bool {
    let all = values.reduce(CellClass.text) { $0.union($1.kind) }
    guard values.contains(where: { !$0.kind.contains(.isNonFinite) }) else { return false }
    return !all.contains(.hasBareExponent) || all.contains(.hasPoint)
  }

  /// Numbers of which not all fit a 64-bit integer or a binary64, without an exponent.
  private func decimal(_ values: [Tally]) -> Decision? {
    guard values.allSatisfy({ $0.kind.isDecimal }) else { return nil }
    return exactType(scale: scale).map { Decision(type: $0) }
  }

  /// The decimal type that holds all numbers; nil where there is none.
  func exactType(scale: UInt64) -> ColumnType? {
    // A decimal has no exponent and no negative zero.
    guard union.isDisjoint(with: [.hasExponent, .isNegativeZero]) else { return nil }
    let precision = max(1, Int(integerDigits + scale))
    return precision <= DecimalText.mostDigits ? .decimal(precision: precision, scale: Int(scale)) : nil
  }

  private func timestamps(_ common: CellClass, _ values: [Tally]) -> Decision? {
    let isZoned = common.contains(.zonedTimestampT) || common.contains(.zonedTimestampBlank)
    guard isZoned || common.contains(.timestampT) || common.contains(.timestampBlank) else { return nil }
    let isFine = values.contains { $0.kind.contains(.hasNanoseconds) }
    if isFine, union.contains(.isBeyondNanoseconds) { return nil }
    var decision = Decision(type: isFine ? .timestampNanoseconds(isUTC: isZoned) : .timestamp(isUTC: isZoned))
    decision.timestampFormat = common.intersection(.timestamps)
    if let offsets = offsetFinding(values) { decision.notes.append(offsets) }
    return decision
  }

  /// What is to be said where offsets other than UTC were converted.
  func offsetFinding(_ values: [Tally]) -> Finding? {
    let shifted = values.filter { $0.kind.contains(.hasOffset) }
    guard !shifted.isEmpty else { return nil }
    return Finding(
      kind: .offsetsNormalised, type: nil, count: shifted.reduce(0) { $0 + $1.count },
      first: shifted.min { $0.first.start < $1.first.start }?.first)
  }
}

extension CellClass {
  /// Whether this is a plain number with a point, which is no decimal one where commas are.
  var isPointed: Bool { contains(.hasPoint) && isDecimal }

  /// Whether a plain number is a decimal too; an exponent and a negative zero show in what is gathered.
  var isDecimal: Bool { !isDisjoint(with: .plainNumbers) && !contains(.isNonFinite) }
}
