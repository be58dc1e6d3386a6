// SPDX-License-Identifier: Apache-2.0

/// Texts, which are read once, some rows at a time: what is read is looked at three times while the processor's cache
/// still holds it.
extension BodyVerifier {
  /// Checks offsets and the text that they cut, and finds the first and the last text.
  ///
  /// - Returns: the rows without a value.
  mutating func verifyText(
    validity: Range<Int>, offsets: Range<Int>, text: Range<Int>, count: Int, _ bounds: inout ColumnBounds
  ) throws(BodyFault) -> Int {
    var utf8 = UTF8Validator()
    var found = ColumnBounds.none
    values.begin(text)
    let nulls = try verifyOffsets(validity: validity, offsets: offsets, end: text.count, count: count) {
      verifier, rows throws(BodyFault) in
      var row = 0
      while row < rows {
        let end = verifier.endOfPiece(from: row, of: rows)
        try verifier.verifyText(ofRows: row..<end, in: text, &utf8, &found)
        row = end
      }
    }
    try endBuffer(values.checksum, text)
    guard utf8.isAtBoundary else { throw .invalidUTF8(offset: text.upperBound) }
    bounds = found
    return nulls
  }

  /// The end of a piece of the rows in the window, which starts at one of them: at most a window of text, but 8 rows at
  /// least, since validity starts at a byte.
  private func endOfPiece(from row: Int, of rows: Int) -> Int {
    let most = offset(row) + Self.windowBytes
    var groups = 1...max(1, (rows - row + 7) / 8)
    while groups.count > 1 {
      let middle = (groups.lowerBound + groups.upperBound + 1) / 2
      let isShort = offset(min(row + middle * 8, rows)) <= most
      groups = isShort ? middle...groups.upperBound : groups.lowerBound...middle - 1
    }
    return min(row + groups.lowerBound * 8, rows)
  }

  private mutating func verifyText(
    ofRows rows: Range<Int>, in text: Range<Int>, _ utf8: inout UTF8Validator, _ bounds: inout ColumnBounds
  ) throws(BodyFault) {
    let (first, end) = (offset(rows.lowerBound), offset(rows.upperBound))
    for start in stride(from: first, to: end, by: Self.windowBytes) {
      let place = text.lowerBound + start
      try values.read(place..<place + min(Self.windowBytes, end - start), of: file)
      let piece = values.storage.span.extracting(first: values.count)
      if let fault = utf8.consume(piece) { throw .invalidUTF8(offset: place + fault) }
      // In ASCII nothing can be cut.
      guard !utf8.isASCII, let cut = firstCut(of: rows, in: piece, from: start) else { continue }
      throw .characterCut(offset: text.lowerBound + cut)
    }
    bounds.add(
      end - first <= Self.windowBytes ? boundsInWindows(rows) : try boundsByStarts(of: rows, in: text))
  }

  /// The first offset that points into a character of a piece of text, which is UTF-8 as far as it is shown.
  private func firstCut(of rows: Range<Int>, in piece: Span<UInt8>, from base: Int) -> Int? {
    let starts = offsets.storage.span.extracting(rows.lowerBound * 4..<rows.upperBound * 4)
    guard checks.boundaries(starts, in: piece, from: base) == nil else { return nil }
    for row in rows {
      let place = offset(row) - base
      if piece.indices.contains(place), piece[place] & 0xC0 == 0x80 { return base + place }
    }
    return nil
  }

  // MARK: Bounds

  /// The bounds of rows whose validity, offsets and whole text are in the windows.
  private func boundsInWindows(_ rows: Range<Int>) -> ColumnBounds {
    let validity = validity.storage.span.extracting(rows.lowerBound / 8..<(rows.upperBound + 7) / 8)
    let base = offset(rows.lowerBound)
    guard offset(rows.upperBound) > base else {
      let isNull = rows.allSatisfy { !validity.bit($0 - rows.lowerBound) }
      return isNull ? .none : .texts(least: [], greatest: [])
    }
    let places = checks.textBounds(
      offsets.storage.span.extracting(rows.lowerBound * 4..<(rows.upperBound + 1) * 4), validity: validity,
      rows: rows.count, text: values.storage.span.extracting(first: values.count), from: base)
    guard let places else { return .none }
    func text(_ row: Int) -> [UInt8] {
      let (start, end) = (offset(rows.lowerBound + row), offset(rows.lowerBound + row + 1))
      return Array(values.storage[start - base..<min(end, start + ColumnBounds.longestText) - base])
    }
    return .texts(least: text(places.least), greatest: text(places.greatest))
  }

  /// The bounds of a few rows whose text is longer than a window.
  private func boundsByStarts(of rows: Range<Int>, in text: Range<Int>) throws(BodyFault) -> ColumnBounds {
    var found = ColumnBounds.none
    var window = FileWindow()
    for row in rows where validity.storage.span.bit(row) {
      let start = text.lowerBound + offset(row)
      let end = min(text.lowerBound + offset(row + 1), start + ColumnBounds.longestText)
      try window.read(start..<end, of: file)
      let bytes = Array(window.storage.prefix(end - start))
      found.add(.texts(least: bytes, greatest: bytes))
    }
    return found
  }
}
