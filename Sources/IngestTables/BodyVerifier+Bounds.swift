// SPDX-License-Identifier: Apache-2.0

extension BodyVerifier {
  /// Texts of a window that are compared at once; of longer ones only the starts are read.
  private static let comparedBytes = 8 << 20

  /// The bounds of texts that were verified.
  mutating func textBounds(
    _ place: Range<Int>, _ offsets: Range<Int>, _ text: Range<Int>, count: Int
  ) throws(BodyFault) -> ColumnBounds {
    // Some row has a value, and so has none of them a byte.
    guard !text.isEmpty else { return .texts(least: [], greatest: []) }
    // The windows hold what was verified last, which is all of a batch of the usual size.
    if count <= Self.windowRows, text.count <= Self.windowBytes { return boundsInWindows(rows: count, textStart: 0) }
    var found = ColumnBounds.none
    for window in Self.windows(count) {
      _ = try readValidity(place, rows: window, of: count)
      let start = offsets.lowerBound + window.lowerBound * 4
      try self.offsets.read(start..<start + (window.count + 1) * 4, of: file)
      let (first, end) = (offset(0), offset(window.count))
      if end - first <= Self.comparedBytes {
        guard first < end else {
          if checks.countBits(validity.storage.span.extracting(first: validity.count)) > 0 {
            found.add(.texts(least: [], greatest: []))
          }
          continue
        }
        try values.read(text.lowerBound + first..<text.lowerBound + end, of: file)
        found.add(boundsInWindows(rows: window.count, textStart: first))
      } else {
        for row in 0..<window.count where validity.storage.span.bit(row) {
          let start = offset(row)
          let length = min(offset(row + 1) - start, ColumnBounds.longestText)
          try values.read(text.lowerBound + start..<text.lowerBound + start + length, of: file)
          let bytes = Array(values.storage.prefix(length))
          found.add(.texts(least: bytes, greatest: bytes))
        }
      }
    }
    return found
  }

  private func offset(_ row: Int) -> Int { Int(offsets.storage.span.integer(at: row * 4, as: Int32.self)) }

  /// The bounds of the rows whose validity, offsets and text are in the windows.
  private func boundsInWindows(rows: Int, textStart: Int) -> ColumnBounds {
    let places = checks.textBounds(
      offsets.storage.span.extracting(first: offsets.count),
      validity: validity.storage.span.extracting(first: validity.count), rows: rows,
      text: values.storage.span.extracting(first: values.count), from: textStart)
    guard let places else { return .none }
    func text(_ row: Int) -> [UInt8] {
      let start = offset(row) - textStart
      return Array(values.storage[start..<min(offset(row + 1) - textStart, start + ColumnBounds.longestText)])
    }
    return .texts(least: text(places.least), greatest: text(places.greatest))
  }
}

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
