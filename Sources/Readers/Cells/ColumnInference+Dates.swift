// SPDX-License-Identifier: Apache-2.0

import IngestTables
import WorkerProtocol

/// Columns of dates, with times or without, all in one format.
extension ColumnInference {
  func dates(_ values: [Tally], _ options: CellOptions) -> Decision? {
    let common = commonDates(values)
    var formats = common.intersection(.dates)
    if formats.rawValue.nonzeroBitCount > 1, let order = options.dateOrder {
      formats.formIntersection(order == .dmy ? .daysFirst : .monthsFirst)
    }
    guard formats.rawValue.nonzeroBitCount == 1 else { return nil }
    return Decision(type: common.contains(.hasTime) ? .timestamp(isUTC: false) : .date, dateFormat: formats)
  }

  /// The formats that all dates have, with `hasTime` where all have a time; empty where only some have one.
  func commonDates(_ values: [Tally]) -> CellClass {
    let kinds = values.map { $0.kind.asNumericDate }
    let hasTime = kinds[0].contains(.hasTime)
    guard kinds.allSatisfy({ $0.contains(.hasTime) == hasTime }) else { return [] }
    return kinds.reduce(kinds[0]) { $0.intersection($1) }.intersection(CellClass.dates.union(.hasTime))
  }
}

extension CellClass {
  /// An ISO 8601 timestamp with a blank is a date with a time too, beside `2024-1-5 10:00`.
  var asNumericDate: CellClass {
    contains(.timestampBlank) && !contains(.hasNanoseconds) ? [.yearMonthDayDash, .hasTime] : self
  }
}
