// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

// What the score of the rows does not tell, and the names above them do.
extension DialectDetector {
  /// The format that parts the names above the rows too, evenly, where the best one parts what stands in a column of it.
  ///
  /// `id,tags` above `1,a;b;c` is a table of two columns.
  func outer(of best: Scored, among ranked: [Scored]) -> Scored {
    if let padded = ranked.first(where: { isCommon($0.format.delimiter) && isPadded($0) }) { return padding(padded) }
    if let tabs = tabs(around: best, among: ranked) { return tabs }
    let delimiter = best.format.delimiter
    if delimiter.first == 0x20, !best.format.mergesBlanks,
      let aligned = ranked.first(where: { isAligned($0, insteadOf: best) })
    {
      return aligned
    }
    guard best.score.above > 0, best.score.width > 1 else { return best }
    if delimiter.second == 0x20,
      let single = ranked.first(where: { $0.format.delimiter == CSVFormat.Delimiter(delimiter.first) }),
      single.score.above == 0, single.score.isEvenBelow, single.score.width == best.score.width
    {
      // Blanks only align the rows.
      return single
    }
    guard best.score.typed < 0.9, let other = ranked.first(where: { parts($0, namesAbove: best) }) else { return best }
    return hasNames(best.format, from: best.score.above) ? best : other
  }

  /// Tabs that stand evenly in each line: they are rarely text.
  private func tabs(around best: Scored, among ranked: [Scored]) -> Scored? {
    guard best.format.delimiter.first != 0x09, let tabs = ranked.first(where: { $0.format.delimiter.first == 0x09 }),
      tabs.score.above == 0, tabs.score.isEvenBelow, tabs.score.width > 1, tabs.score.records > 1
    else { return nil }
    let isEven = best.score.above == 0 && best.score.isEvenBelow
    let isBetter = isEven ? tabs.score.typed > best.score.typed : tabs.score.typed >= best.score.typed
    return isBetter ? tabs : nil
  }

  private func isCommon(_ delimiter: CSVFormat.Delimiter) -> Bool {
    delimiter.second == nil && DialectScore.common.contains(delimiter.first)
  }

  /// Whether a tab stands behind each delimiter of the first lines, and nowhere else: there it aligns what follows.
  private func isPadded(_ scored: Scored) -> Bool {
    guard scored.format.delimiter.first != 0x09, scored.score.isEvenBelow, scored.score.width > 2 else { return false }
    let looked = range.lowerBound..<min(range.upperBound, range.lowerBound + (16 << 10))
    let delimiter = scored.format.delimiter.first
    var (tabs, delimiters) = (0, 0)
    for place in looked {
      if bytes[place] == delimiter { delimiters += 1 }
      guard bytes[place] == 0x09 else { continue }
      guard place > looked.lowerBound, bytes[place - 1] == delimiter else { return false }
      tabs += 1
    }
    return tabs > 0 && tabs == delimiters
  }

  /// A format with a tab as the second byte of its delimiter.
  private func padding(_ scored: Scored) -> Scored {
    var format = scored.format
    format.delimiter = CSVFormat.Delimiter(format.delimiter.first, 0x09)
    return Scored(format: format, score: scored.score)
  }

  /// Whether blanks align all records, so that empty cells between all columns are none.
  private func isAligned(_ other: Scored, insteadOf best: Scored) -> Bool {
    guard other.format.mergesBlanks, other.score.above == 0, other.score.width > 1 else { return false }
    // A row may be short where single blanks leave whole columns empty.
    return other.score.isEvenBelow || other.score.uniformity > 0.5 && hasVoidColumn(best)
  }

  /// Whether nothing stands in a column of the first records.
  private func hasVoidColumn(_ scored: Scored) -> Bool {
    let (index, records) = filled(scored.format)
    return (0..<scored.score.width).contains { column in
      records.allSatisfy { index.cell(column, of: $0)?.isAbsent ?? true }
    }
  }

  /// Whether a format parts the lines above the rows of another one, and all below, evenly.
  private func parts(_ other: Scored, namesAbove best: Scored) -> Bool {
    let score = other.score
    return other.format.delimiter.first != best.format.delimiter.first && score.width > 1 && score.isEvenBelow
      && !score.isSpaced
      && (DialectScore.common.contains(other.format.delimiter.first) || score.typed > best.score.typed)
      && score.above < best.score.above && score.records - score.above > 2
      && isWhole(score.above..<best.score.above, best.format)
      && !readAsProse(score.above..<best.score.above, other.format)
  }

  /// The first records of a format that are not blank, as many as are scored at most.
  private func filled(_ format: CSVFormat) -> (index: FieldIndex, records: [Int]) {
    let index = sample(format, records: 1_000, bytes: 64 << 10).index
    return (index, (0..<index.recordCount).filter { !index.isBlank($0, in: bytes) })
  }

  /// Whether none of some records, counted without blank ones, is parted by a format.
  private func isWhole(_ range: Range<Int>, _ format: CSVFormat) -> Bool {
    let (index, records) = filled(format)
    return records.dropFirst(range.lowerBound).prefix(range.count).allSatisfy { index.fields(of: $0).count == 1 }
  }

  /// Whether a blank follows a delimiter in some records, as in a title, and not as a rule below (`isSpaced`).
  private func readAsProse(_ range: Range<Int>, _ format: CSVFormat) -> Bool {
    let (index, records) = filled(format)
    return records.dropFirst(range.lowerBound).prefix(range.count).contains { record in
      index.fields[index.fields(of: record)].dropFirst().contains { $0.length > 0 && bytes[$0.start] == 0x20 }
    }
  }

  /// Whether the records of a format from one on, counted without blank ones, start with names.
  private func hasNames(_ format: CSVFormat, from first: Int) -> Bool {
    let (index, records) = filled(format)
    let sample = SampleIndex(index, format: format, in: bytes)
    return HeaderDetector(sample, records: Array(records.dropFirst(first).prefix(60)), in: bytes).finding() == .present
  }

  /// Whether a name of one word stands above values that a rare delimiter would tear apart, such as phone numbers.
  func isTorn(_ best: Scored) -> Bool {
    let delimiter = best.format.delimiter
    guard !DialectScore.common.contains(delimiter.first), delimiter.second == nil,
      delimiter.first != UInt8(ascii: "^"), delimiter.first != UInt8(ascii: "~"), best.score.firstWidth == 1,
      best.score.width > 1
    else { return false }
    let (index, records) = filled(best.format)
    guard let name = records.first, !ValueShape(of: index.fields[index.firstField[name]], in: bytes).isTyped,
      !hasNames(best.format, from: 1)
    else { return false }
    let rows = records.dropFirst().prefix(60).map { Array(index.fields[index.fields(of: $0)]) }
    return !rows.contains { $0.count > 1 && $0.contains(where: \.isQuoted) } && !isMatrix(rows, delimiter.first)
      && !(delimiter.first == UInt8(ascii: ":") && best.score.width > 3 && areTextsAndValues(rows))
  }

  /// Whether rows are three numbers and more between blanks, of which none starts with a plus or a needless zero as those of
  /// phones do, and whose last ones differ in length as groups of digits do not.
  private func isMatrix(_ rows: [[FieldPlace]], _ delimiter: UInt8) -> Bool {
    guard delimiter == 0x20, let width = rows.first?.count, width > 2 else { return false }
    let lasts = rows.compactMap(\.last)
    return rows.allSatisfy { row in
      row.count == width && row.allSatisfy { ValueShape(of: $0, in: bytes) == .number && !startsLikePhone($0) }
    } && (Set(lasts.map(\.length)).count > 1 || lasts.allSatisfy { $0.length == 1 })
  }

  private func startsLikePhone(_ cell: FieldPlace) -> Bool {
    guard cell.length > 1 else { return false }
    let (first, second) = (bytes[cell.start], bytes[cell.start + 1])
    return first == UInt8(ascii: "+")
      || first == UInt8(ascii: "0") && second != UInt8(ascii: ".") && second != UInt8(ascii: ",")
  }

  /// Whether a column holds values and another one words.
  private func areTextsAndValues(_ rows: [[FieldPlace]]) -> Bool {
    let columns = (0..<(rows.first?.count ?? 0)).map { column in
      rows.compactMap { column < $0.count ? ValueShape(of: $0[column], in: bytes) : nil }
    }
    return columns.contains { $0.allSatisfy(\.isTyped) }
      && columns.contains { $0.allSatisfy { $0 == .word || $0 == .text } }
  }
}
