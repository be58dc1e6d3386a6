// SPDX-License-Identifier: Apache-2.0

import IngestTables
import WorkerProtocol

/// Columns whose type is given: records with cells that are not of it are in no row.
extension ColumnInference {
  /// A kind of cell that is not of the type, and where it stands first.
  struct Violation: Error {
    let first: FieldPlaceKey
  }

  /// How the cells are converted to the type that a rule asks for, and which kinds of them are not of it.
  ///
  /// A kind that cannot be of the type, or not together with those that stand before it, is put aside, and the others
  /// are asked again.
  func decide(_ rule: CellOptions.Rule, _ options: CellOptions) -> Decision {
    var cells = self
    var wrong: Set<CellClass> = []
    while true {
      do throws(Violation) {
        var decision = try cells.decideStrictly(rule, options)
        decision.wrongKinds = wrong
        return decision
      } catch {
        guard let (others, kind) = cells.withoutKind(of: error.first) else {
          return Decision(type: rule.type.emptyType, expected: rule.type, wrongKinds: Set(tallies.map(\.kind)))
        }
        wrong.insert(kind)
        cells = others
      }
    }
  }

  /// - Throws: the first cell whose kind does not do.
  private func decideStrictly(_ rule: CellOptions.Rule, _ options: CellOptions) throws(Violation) -> Decision {
    if rule.type == .text { return Decision(type: .utf8, expected: .text) }
    var options = options
    options.dateOrder = rule.dateOrder ?? options.dateOrder
    let values = tallies.filter { !$0.kind.contains(.nullWord) }
    var decision = values.isEmpty ? Decision(type: rule.type.emptyType) : try contracted(values, rule, options)
    decision.expected = rule.type
    if let words = nullWordFinding {
      decision.nullWords = words.count
      decision.notes.append(words)
    }
    return decision
  }

  private func contracted(
    _ values: [Tally], _ rule: CellOptions.Rule, _ options: CellOptions
  ) throws(Violation) -> Decision {
    switch rule.type {
    case .bool:
      try demand(values) { $0.contains(.bool) || $0.contains(.booleanWord) || $0.contains(.int64) }
      return Decision(type: .bool)
    case .time:
      try demand(values) { $0.contains(.time) }
      return Decision(type: .time)
    case .date: return try contractedDates(values, rule, options, hasTime: false)
    case .timestamp, .timestampNanoseconds: return try contractedTimestamps(values, rule, options)
    default: return try contractedNumbers(values, rule.type, options)
    }
  }

  /// - Throws: the first cell whose kind does not do.
  private func demand(_ values: [Tally], _ does: (CellClass) -> Bool) throws(Violation) {
    let wrong = values.filter { !does($0.kind) }.min { $0.first.start < $1.first.start }
    if let wrong { throw Violation(first: wrong.first) }
  }

  // MARK: Times

  private func contractedDates(
    _ values: [Tally], _ rule: CellOptions.Rule, _ options: CellOptions, hasTime: Bool
  ) throws(Violation) -> Decision {
    // A column's own order is part of its type; that of the file only decides what reads both ways.
    let allowed: CellClass = rule.dateOrder.map { $0 == .dmy ? .daysFirst : .monthsFirst } ?? .dates
    try demand(values) { kind in
      let kind = kind.asNumericDate
      return !kind.isDisjoint(with: allowed) && kind.contains(.hasTime) == hasTime
    }
    if let decision = dates(values, options) { return decision }
    // Who has not the format that most have is at fault; where no cell shows a format, all are.
    let format = commonest(values.map { ($0, $0.kind.asNumericDate.format(by: options.dateOrder)) })
    try demand(values) { kind in format.map { kind.asNumericDate.contains($0) } ?? false }
    return Decision(type: .date)
  }

  /// The format that most cells show, of two the one that stands first; nil where none shows any.
  private func commonest(_ shown: [(tally: Tally, format: CellClass?)]) -> CellClass? {
    var counts: [CellClass: (count: UInt64, first: Int)] = [:]
    for (tally, format) in shown {
      guard let format else { continue }
      let known = counts[format] ?? (0, .max)
      counts[format] = (known.count + tally.count, min(known.first, tally.first.start))
    }
    return counts.min { ($1.value.count, $0.value.first) < ($0.value.count, $1.value.first) }?.key
  }

  private func contractedTimestamps(
    _ values: [Tally], _ rule: CellOptions.Rule, _ options: CellOptions
  ) throws(Violation) -> Decision {
    let isFine = rule.type == .timestampNanoseconds
    try demand(values) { kind in
      (!kind.isDisjoint(with: .timestamps) || kind.contains(.hasTime)) && (isFine || !kind.contains(.hasNanoseconds))
    }
    var decision: Decision
    if rule.dateOrder != nil || values.contains(where: { $0.kind.contains(.hasTime) }) {
      decision = try contractedDates(values, rule, options, hasTime: true)
    } else {
      let zoned: CellClass = [.zonedTimestampT, .zonedTimestampBlank]
      let most = commonest(values.map { ($0, $0.kind.isDisjoint(with: zoned) ? .timestampT : .zonedTimestampT) })
      let isZoned = most == .zonedTimestampT
      try demand(values) { $0.isDisjoint(with: zoned) != isZoned }
      decision = Decision(type: .timestamp(isUTC: isZoned))
      if let offsets = offsetFinding(values) { decision.notes.append(offsets) }
    }
    if isFine, case .timestamp(let isUTC) = decision.type { decision.type = .timestampNanoseconds(isUTC: isUTC) }
    return decision
  }

  // MARK: Numbers

  private func contractedNumbers(
    _ values: [Tally], _ type: RequestedType, _ options: CellOptions
  ) throws(Violation) -> Decision {
    let isPlain = values.allSatisfy { !$0.kind.isDisjoint(with: .plainNumbers) }
    // What is no number at all must not hide the format of the others.
    let numbers = values.filter { !$0.kind.isDisjoint(with: CellClass.plainNumbers.union(.numberFormats)) }
    if !numbers.isEmpty, let format = numberFormat(numbers, options), !isPlain || options.hasDecimalComma {
      let kinds = values.map { plainKind(of: $0.kind, in: format) }
      let wrong = zip(values, kinds).filter { !type.accepts($1) }.min { $0.0.first.start < $1.0.first.start }
      if let wrong { throw Violation(first: wrong.0.first) }
      let places = kinds.contains { $0.contains(.hasPoint) } ? max(scale, 3) : scale
      return Decision(type: columnType(type, kinds, places: places), numberFormat: format)
    }
    try demand(values) { !$0.isDisjoint(with: .plainNumbers) && type.accepts($0) }
    return Decision(type: columnType(type, values.map(\.kind), places: scale))
  }

  /// The column's type, where each of its numbers is accepted.
  private func columnType(_ type: RequestedType, _ kinds: [CellClass], places: UInt64) -> ColumnType {
    let common = kinds.reduce(kinds[0]) { $0.intersection($1) }
    switch type {
    case .int64: return .int64
    case .uint64: return .uint64
    case .float64: return .float64
    case .decimal(let precision, let scale): return .decimal(precision: precision, scale: scale)
    case .integer where common.contains(.int64): return .int64
    case .integer where common.contains(.uint64): return .uint64
    case .number where common.contains(.float64): return .float64
    default:
      // Where no decimal holds all of them, the conversion finds the first that is too long.
      let scale = type == .integer ? 0 : min(Int(places), DecimalText.mostDigits)
      return exactType(scale: UInt64(scale)) ?? .decimal(precision: DecimalText.mostDigits, scale: scale)
    }
  }
}

extension CellClass {
  /// The one date format that a cell is of, by this order where it reads both ways; nil where it shows none.
  fileprivate func format(by order: CellOptions.DateOrder?) -> CellClass? {
    var formats = intersection(.dates)
    if formats.rawValue.nonzeroBitCount > 1, let order {
      formats.formIntersection(order == .dmy ? .daysFirst : .monthsFirst)
    }
    return formats.rawValue.nonzeroBitCount == 1 ? formats : nil
  }
}

extension RequestedType {
  /// The type of a column without values.
  fileprivate var emptyType: ColumnType {
    switch self {
    case .bool: .bool
    case .int64, .integer: .int64
    case .uint64: .uint64
    case .float64, .number: .float64
    case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
    case .anyDecimal: .decimal(precision: 1, scale: 0)
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp(isUTC: false)
    case .timestampNanoseconds: .timestampNanoseconds(isUTC: false)
    case .text: .utf8
    }
  }

  /// Whether a plain number of this kind may be of the type; a decimal's size shows only when it is converted.
  fileprivate func accepts(_ kind: CellClass) -> Bool {
    switch self {
    case .int64: kind.contains(.int64)
    case .uint64: kind.contains(.uint64)
    case .integer:
      kind.contains(.int64) || kind.contains(.uint64) || kind.contains(.decimal) && !kind.contains(.hasPoint)
    case .float64: kind.contains(.float64)
    case .number: !kind.isDisjoint(with: .plainNumbers)
    default: kind.isDecimal
    }
  }
}
