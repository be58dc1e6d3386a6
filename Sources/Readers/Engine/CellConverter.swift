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
    case wide(Int128)
    case wrong
  }

  /// The value of a cell that is not absent.
  func convert(_ field: FieldPlace, _ bytes: MappedBytes) -> Converted {
    bytes.withSpan(field.start..<field.end) { cell in
      let range = CellParser.trim(cell)
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
      case .decimal(_, let scale): return decimal(cell, range, scale: scale)
      case .float64:
        let place = field.start + range.lowerBound..<field.start + range.upperBound
        return parseDouble(bytes, place).map { .word($0.bitPattern) } ?? .wrong
      case .null, .utf8, .listOfUTF8: return .wrong
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
}
