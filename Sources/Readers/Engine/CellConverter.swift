// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// Converts single cells to the type that was decided for their column: what no kernel knows.
struct CellConverter {
  let decision: ColumnInference.Decision

  /// A cell's value, in the form in which its column keeps it.
  enum Converted {
    case absent
    case bit(Bool)
    case word(UInt64)
    case half(Int32)
    case wrong
  }

  /// The value of a cell that is not absent.
  func convert(_ field: FieldPlace, _ bytes: MappedBytes) -> Converted {
    bytes.withSpan(field.start..<field.end) { cell in
      let range = CellParser.trim(cell)
      guard !range.isEmpty else { return .wrong }
      switch decision.type {
      case .bool: return .bit(CellParser.matches(cell, range, "true"))
      case .int64: return .word(UInt64(bitPattern: CellParser.int64(cell, range)))
      case .uint64: return .word(CellParser.uint64(cell, range))
      case .date: return TimeShape.days(cell, range, format: decision.dateFormat).map(Converted.half) ?? .wrong
      case .timestamp:
        return TimeShape.timestamp(cell, range).map { .word(UInt64(bitPattern: $0.microseconds)) } ?? .wrong
      case .float64:
        let place = field.start + range.lowerBound..<field.start + range.upperBound
        return parseDouble(bytes, place).map { .word($0.bitPattern) } ?? .wrong
      case .null, .utf8, .listOfUTF8: return .wrong
      }
    }
  }
}
