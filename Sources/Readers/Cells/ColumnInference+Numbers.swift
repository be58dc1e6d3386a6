// SPDX-License-Identifier: Apache-2.0

import IngestTables
import WorkerProtocol

/// Columns of numbers with thousands or a decimal comma.
extension ColumnInference {
  /// The number formats, each before those that are more daring.
  private static let formats: [CellClass] = [
    .comma, .commaPoint, .dotComma, .apostrophePoint, .blankComma, .blankPoint,
  ]

  func formattedNumbers(_ values: [Tally], _ options: CellOptions) -> Decision? {
    guard let format = numberFormat(values, options) else { return nil }
    return numberType(format, values).map { Decision(type: $0, numberFormat: format) }
  }

  /// The one format that some cell proves, or that was said.
  func numberFormat(_ values: [Tally], _ options: CellOptions) -> CellClass? {
    let common = commonFormats(values, options)
    if options.hasDecimalComma {
      let commas: [CellClass] = [.comma, .dotComma, .blankComma]
      return commas.first { format in
        common.contains(format) && !(format == .comma && values.contains { $0.kind.isPointed })
      }
    }
    return Self.formats.first { common.contains($0) && isSure($0, values) }
  }

  /// The formats in which every cell is a number; empty where all cells are plain, unless commas are decimal ones.
  func commonFormats(_ values: [Tally], _ options: CellOptions) -> CellClass {
    let hasFormatted = values.contains { !$0.kind.isDisjoint(with: .numberFormats) || options.hasDecimalComma }
    guard hasFormatted, !union.contains(.hasExponent) else { return [] }
    return values.reduce(.numberFormats) { $0.intersection(formats(of: $1.kind)) }
  }

  /// The formats in which a cell is a number.
  private func formats(of kind: CellClass) -> CellClass {
    guard kind.isDecimal else { return kind.intersection(.numberFormats) }
    guard kind.contains(.hasPoint) else { return .numberFormats }
    let points: CellClass = [.commaPoint, .blankPoint, .apostrophePoint]
    return union.contains(.isSurelyPoint) ? points : points.union(.dotComma)
  }

  /// Whether some cell proves the format.
  private func isSure(_ format: CellClass, _ values: [Tally]) -> Bool {
    if format == .comma { return values.contains { $0.kind.contains(.isSurelyFraction) } }
    guard values.contains(where: { $0.kind.contains([.isSurelyGrouped, format]) }) else { return false }
    // Numbers in groups that are all of one length may be telephone numbers, versions or addresses.
    let isCodeLike = format != .commaPoint && format != .apostrophePoint
    return !isCodeLike || union.hasManyLengths || scale > 0 || values.contains { $0.kind.isDecimal }
  }

  private func numberType(_ format: CellClass, _ values: [Tally]) -> ColumnType? {
    let kinds = values.map { plainKind(of: $0.kind, in: format) }
    let common = kinds.reduce(kinds[0]) { $0.intersection($1) }
    if common.contains(.int64) { return .int64 }
    if common.contains(.uint64) { return .uint64 }
    if common.contains(.float64) { return .float64 }
    // A comma that could stand between thousands was not counted as a decimal one.
    let isFraction = kinds.contains { $0.contains(.hasPoint) }
    return exactType(scale: isFraction ? max(scale, 3) : scale)
  }

  /// What the plain form of a cell is; `hasPoint` marks one with three digits behind its comma.
  func plainKind(of kind: CellClass, in format: CellClass) -> CellClass {
    if kind.isDecimal {
      // A point between thousands: at most six digits.
      return kind.contains(.hasPoint) && format == .dotComma ? [.int64, .float64] : kind.intersection(.plainNumbers)
    }
    if kind.contains([.commaPoint, .comma]), format != .commaPoint { return [.float64, .hasPoint] }
    var plain: CellClass = []
    if kind.contains(.formattedInt64) { plain.insert(.int64) }
    if kind.contains(.formattedUInt64) { plain.insert(.uint64) }
    if kind.contains(.formattedFloat64) { plain.insert(.float64) }
    return plain
  }
}
