// SPDX-License-Identifier: Apache-2.0

import IngestTables
import WorkerProtocol

/// Columns that stay text, and what nearly made them something else.
extension ColumnInference {
  func text(_ values: [Tally], _ options: CellOptions) -> Decision {
    var decision = Decision(type: .utf8)
    if let hint = hint(values, options) ?? nearest(values) { decision.notes.append(hint) }
    return decision
  }

  /// What all cells have in common that is no type.
  private func hint(_ values: [Tally], _ options: CellOptions) -> Finding? {
    let common = values.reduce(values[0].kind) { $0.intersection($1.kind) }
    let first = values.min { $0.first.start < $1.first.start }?.first
    func finding(_ kind: Finding.Kind, _ type: ColumnType? = nil) -> Finding {
      Finding(kind: kind, type: type, count: present, first: first)
    }
    let dates = commonDates(values)
    if dates.intersection(.dates).rawValue.nonzeroBitCount > 1 {
      return finding(.ambiguousDates, dates.contains(.hasTime) ? .timestamp(isUTC: false) : .date)
    }
    if common.contains(.hasUnit) { return finding(.numbersWithUnits) }
    if common.contains(.booleanWord) { return finding(.booleanWords, .bool) }
    return commonFormats(values, options).isEmpty ? nil : finding(.ambiguousNumbers)
  }

  /// The type that all but a few cells have: at most one in ten, and at least two others.
  private func nearest(_ values: [Tally]) -> Finding? {
    let total = values.reduce(0) { $0 + $1.count }
    var best: Finding?
    for (type, has) in candidates(values) {
      let misses = values.filter { !has($0.kind) }
      let count = misses.reduce(0) { $0 + $1.count }
      guard count > 0, count <= total / 10, total - count >= 2, count < best?.count ?? .max else { continue }
      let first = misses.min { $0.first.start < $1.first.start }?.first
      best = Finding(kind: .nearMiss, type: type, count: count, first: first)
    }
    return best
  }

  /// Types, and the kinds of cells that are of them; of two that miss as many cells, the first counts.
  private func candidates(_ values: [Tally]) -> [(ColumnType, (CellClass) -> Bool)] {
    var candidates: [(ColumnType, (CellClass) -> Bool)] = [
      (.bool, { $0.contains(.bool) }), (.int64, { $0.contains(.int64) }), (.uint64, { $0.contains(.uint64) }),
      (.float64, { $0.contains(.float64) }), (.time, { $0.contains(.time) }),
    ]
    // A column has one format, so cells of another one are in its way.
    let formats = values.reduce(CellClass.text) { $0.union($1.kind.asNumericDate) }
    for format in CellClass.dates.intersection(formats).members {
      candidates.append((.date, { $0.contains(format) && !$0.contains(.hasTime) }))
      candidates.append((.timestamp(isUTC: false), { $0.asNumericDate.contains(format.union(.hasTime)) }))
    }
    for format in CellClass.timestamps.intersection(values.reduce(.text) { $0.union($1.kind) }).members {
      let isUTC = format == .zonedTimestampT || format == .zonedTimestampBlank
      candidates.append((.timestamp(isUTC: isUTC), { $0.contains(format) }))
    }
    if let exact = exactType(scale: scale) { candidates.append((exact, { $0.isDecimal })) }
    let sure: CellClass = [.isSurelyGrouped, .isSurelyFraction]
    for format in CellClass.singleNumberFormats
    where values.contains(where: { $0.kind.contains(format) && !$0.kind.isDisjoint(with: sure) }) {
      candidates.append((.float64, { $0.contains(format) || $0.isDecimal }))
    }
    return candidates
  }
}

extension CellClass {
  /// Each bit by itself.
  fileprivate var members: [CellClass] {
    (0..<UInt64(UInt64.bitWidth)).map { CellClass(rawValue: 1 << $0) }.filter(contains)
  }

  fileprivate static let singleNumberFormats: [CellClass] = [
    .comma, .commaPoint, .dotComma, .blankComma, .blankPoint, .apostrophePoint,
  ]
}
