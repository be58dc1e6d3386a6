// SPDX-License-Identifier: Apache-2.0

extension ByteChecks {
  /// The bounds of values of a fixed width.
  func bounds(of type: ColumnType, _ values: Span<UInt8>, validity: Span<UInt8>, rows: Int) -> ColumnBounds {
    switch type {
    case .int64, .timestamp, .timestampNanoseconds, .time:
      return wordBounds(values, validity: validity, rows: rows, flip: 0)
    case .uint64: return wordBounds(values, validity: validity, rows: rows, flip: ColumnBounds.signBit)
    case .date: return dayBounds(values, validity: validity, rows: rows)
    case .float64: return floatBounds(values, validity: validity, rows: rows)
    case .decimal:
      var found = ColumnBounds.none
      for row in 0..<rows where validity.bit(row) {
        let value = values.integer(at: row * 16, as: Int128.self)
        found.add(.decimals(least: value, greatest: value))
      }
      return found
    case .null, .bool, .utf8, .listOfUTF8: return .none
    }
  }
}
