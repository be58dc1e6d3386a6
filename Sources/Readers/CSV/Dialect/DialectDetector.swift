// SPDX-License-Identifier: Apache-2.0

package import WorkerProtocol

/// Finds how the cells of a text are told apart, from its first bytes.
///
/// Each format that the bytes allow is scored on a few records (`DialectScore`), and where the best two are close, on
/// more. A text in which none makes even records of several cells is one column, which is a table too.
package struct DialectDetector {
  /// The text that is looked at.
  package static let sampleBytes = 128 << 10
  /// The records and bytes that are scored: at first, and where the best two are close.
  private static let scored = [(records: 60, bytes: 24 << 10), (records: 1000, bytes: 256 << 10)]
  /// What a format of several columns must reach.
  private static let threshold = 0.1

  let bytes: MappedBytes
  let range: Range<Int>
  private let isCut: Bool
  private let options: DialectOptions
  /// What the text itself says that parts its cells, where the sender does not.
  private let named: UInt8?

  package init(
    _ bytes: MappedBytes, range: Range<Int>, options: DialectOptions = DialectOptions(), named: UInt8? = nil
  ) {
    self.bytes = bytes
    self.options = options
    self.named = named
    self.range = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.sampleBytes)
    isCut = self.range.upperBound < range.upperBound
  }

  /// Whether the sample is the whole text.
  var seesAll: Bool { !isCut }

  /// A format and how well it fits.
  struct Scored {
    let format: CSVFormat
    let score: DialectScore
  }

  /// The most plausible format; a comma where there is only one column.
  func detect() -> (format: CSVFormat, comment: [UInt8]?, evidence: DialectEvidence) {
    var candidates = DialectCandidates(bytes, range: range)
    candidates.fix(options)
    let asNamed = rank(candidates.formats.filter { $0.delimiter.first == named }, by: Self.scored[1])
    if let best = asNamed.first, isTable(best) {
      return (best.format, candidates.comment, evidence(best, asNamed, stated: "the first line names the delimiter"))
    }
    var ranked = rank(candidates.formats, by: Self.scored[0])
    // Preambles and ragged starts can mislead a short look.
    if let best = ranked.first,
      best.score.uniformity < 0.95 || ranked.dropFirst().contains(where: { isClose($0, best) })
    {
      ranked = rank(ranked.prefix(4).map(\.format), by: Self.scored[1])
    }
    if options.delimiter != nil, let best = ranked.first {
      return (best.format, candidates.comment, evidence(best, ranked, stated: "the delimiter was given"))
    }
    let tables = ranked.filter(isTable)
    // A name of one word above lines of prose: only what parts the name too can part them.
    let likely = tables.first.flatMap { best in
      isProse(best) ? tables.first { $0.score.firstWidth == $0.score.width } : outer(of: best, among: ranked)
    }
    guard let best = likely, !isOneColumn(best, candidates) else {
      return (withFittingQuotes(wholeLines(candidates)), candidates.comment, oneColumn(ranked.first))
    }
    return (best.format, candidates.comment, evidence(best, ranked))
  }

  /// Whether a format makes a table: even records, or a first record of several cells that is no prose.
  ///
  /// The rows of a ragged table may have any number of cells, and those of a wide one may be cut short.
  private func isTable(_ scored: Scored) -> Bool {
    let (score, format) = (scored.score, scored.format)
    if score.value >= Self.threshold { return true }
    let isCommon = DialectScore.common.contains(format.delimiter.first) && format.delimiter.second == nil
    guard isCommon, !score.isProse else { return false }
    // A short table below many titles: few texts hold as many of these by chance in several lines.
    let isEven =
      format.delimiter.first == UInt8(ascii: ",")
      ? score.longestRun > (score.typed > 0.25 ? 2 : 3) : score.evenRecords > 2
    return score.firstWidth > 1 || isEven
  }

  /// Whether lines of text below a name of one word hold blanks, or commas as prose does.
  private func isProse(_ scored: Scored) -> Bool {
    let score = scored.score
    guard score.firstWidth == 1, score.typed < 0.2 else { return false }
    switch scored.format.delimiter.first {
    case UInt8(ascii: ","): return score.isSpaced
    case 0x20: return score.width > 2
    default: return false
    }
  }

  /// A format under which no line is parted: the unit separator is no text, so it stands nowhere.
  ///
  /// A delimiter behind some values, with nothing behind it, parts them from nothing.
  private func wholeLines(_ candidates: DialectCandidates) -> CSVFormat {
    let delimiters: [UInt8] = [UInt8(ascii: ","), 0x09, UInt8(ascii: "|"), UInt8(ascii: ";")]
    let most = 256 << 10
    let looked = range.lowerBound..<min(range.upperBound, range.lowerBound + most)
    var whole: CSVFormat?
    for delimiter in delimiters {
      let format = CSVFormat(delimiter: delimiter).fixed(options, comment: candidates.comment)
      if bytes.firstIndex(of: format.delimiter.first, in: looked) != nil {
        let index = sample(format, bytes: most).index
        if index.fields.count > index.recordCount {
          if isValueColumn(index) { return format }
          continue
        }
      }
      whole = whole ?? format
    }
    return whole ?? CSVFormat(delimiter: 0x1F).fixed(options, comment: candidates.comment)
  }

  /// The format of a text of one column with backslashes where only they make its quotes even, and without quotes where
  /// most lines hold more than one quoted text: nothing of them may be taken for quotes then.
  private func withFittingQuotes(_ format: CSVFormat) -> CSVFormat {
    guard options.quote == nil, options.escape == nil, format.quote != nil else { return format }
    let (index, strays, _) = sample(format)
    guard strays > 0 else { return format }
    var other = format
    other.escape = .backslash
    if sample(other).strays == 0 { return other }
    other = CSVFormat(delimiter: CSVFormat.Delimiter(0x1F), quote: nil, comment: format.comment)
    // A cell of several lines keeps its quotes.
    return strays > index.recordCount && sample(other).index.recordCount == index.recordCount ? other : format
  }

  /// Whether each record is a value, the first one aside, and has no other cell that is not empty.
  private func isValueColumn(_ index: FieldIndex) -> Bool {
    (0..<index.recordCount).allSatisfy { record in
      let fields = index.fields[index.fields(of: record)]
      guard let first = fields.first, fields.dropFirst().allSatisfy(\.isAbsent) else { return false }
      return record == 0 || first.isAbsent
        || ValueShape(of: first, in: bytes).isTyped
    }
  }

  private func isClose(_ other: Scored, _ best: Scored) -> Bool { other.score.value > 0.8 * best.score.value }

  private func rank(_ formats: [CSVFormat], by amount: (records: Int, bytes: Int)) -> [Scored] {
    var ranked: [Scored] = []
    for format in formats {
      let (index, strays, _) = sample(format, records: amount.records, bytes: amount.bytes)
      let scored = Scored(
        format: format, score: DialectScore(index, format: format, strays: strays, in: bytes))
      // The first of equals wins, whatever the sorting does.
      let place = ranked.firstIndex { $0.score.value * 1.000_001 < scored.score.value } ?? ranked.endIndex
      ranked.insert(scored, at: place)
    }
    return ranked
  }

  /// The lines of the whole sample.
  func lines(_ format: CSVFormat) -> SampleLines {
    SampleLines(bytes, range: range, format: format, isCut: isCut, keepsCells: true)
  }

  /// The first records of the text, and the quotes in them that no format accounts for.
  ///
  /// The last record is left out where it may be cut off.
  func sample(
    _ format: CSVFormat, records: Int = .max, bytes most: Int = sampleBytes
  ) -> (index: FieldIndex, strays: Int, lineEnds: CSVScanner.LineEnds) {
    let range = range.lowerBound..<min(range.upperBound, range.lowerBound + most)
    var scanner = CSVScanner(bytes, range: range, format: format, caps: .none)
    var index = FieldIndex()
    index.fields.reserveCapacity(min(range.count / 4, 4_096))
    while !scanner.isAtEnd, index.recordCount < records {
      do { try scanner.scan(until: scanner.position + 1, into: &index) } catch { break }
    }
    let isCut = isCut || range.upperBound < self.range.upperBound
    if scanner.isAtEnd, isCut { index.removeCutRecords(from: scanner.unclosedQuote) }
    return (index, scanner.strayQuotes + (scanner.unclosedQuote == nil || isCut ? 0 : 1), scanner.lineEnds)
  }

  /// Whether the lines as they are look more like values than what stands between the best delimiters: `12:30`, `a b`.
  private func isOneColumn(_ best: Scored, _ candidates: DialectCandidates) -> Bool {
    if isTorn(best) { return true }
    let delimiter = best.format.delimiter.first
    guard delimiter != 0x09, delimiter != UInt8(ascii: ";"), delimiter != UInt8(ascii: "|") else { return false }
    let isComma = delimiter == UInt8(ascii: ",")
    // Most texts show by a few lines that they are none: of 60 at most 7 are no values.
    let few = wholeLines(10, candidates)
    guard few.count(where: { !isValue($0, isComma, best) }) < 9 else { return false }
    let lines = wholeLines(60, candidates)
    let values = lines.count { isValue($0, isComma, best) }
    guard let first = lines.first else { return false }
    let isNamed = !first.shape.isTyped
    // Names that are parted like the rows, below a title.
    let titles = lines.dropFirst(isNamed ? 1 : 0).prefix { !$0.shape.isTyped }
    guard !titles.contains(where: { line in holds(delimiter, line.place) }) else { return false }
    let needed = isNamed ? lines.count - 1 : lines.count
    guard values >= max(1, needed * 9 / 10) else { return false }
    return !isComma || isNamed && best.score.firstWidth == 1
  }

  private func holds(_ byte: UInt8, _ place: FieldPlace) -> Bool {
    bytes.firstIndex(of: byte, in: place.start..<place.end) != nil
  }

  /// Whether a line as it stands is a value.
  private func isValue(_ line: (place: FieldPlace, shape: ValueShape), _ isComma: Bool, _ best: Scored) -> Bool {
    let shape = line.shape
    guard isComma else { return shape != .number && shape.isTyped }
    // A comma parts two numbers as often as it stands in one: only a name without one above it tells.
    return shape == .date
      || shape == .number && best.score.width <= 2
        && bytes.withSpan(line.place.start..<line.place.end, DecimalMarks.areInOrder)
  }

  /// The first lines that are not blank, as they stand.
  private func wholeLines(
    _ records: Int, _ candidates: DialectCandidates
  ) -> [(place: FieldPlace, shape: ValueShape)] {
    // No byte of a text is 0, so this is every line.
    let format = CSVFormat(delimiter: CSVFormat.Delimiter(0), quote: nil, comment: candidates.comment)
    let index = sample(format, records: records, bytes: 24 << 10).index
    return (0..<index.recordCount).filter { !index.isBlank($0, in: bytes) }.map { record in
      let place = index.fields[index.firstField[record]]
      return (place, ValueShape(of: place, in: bytes))
    }
  }
}

extension DialectDetector {
  private func oneColumn(_ best: Scored?) -> DialectEvidence {
    var evidence = DialectEvidence()
    let rival = min(1, best?.score.value ?? 0)
    evidence.confidence = best == nil ? 0.5 : max(0.5, 1 - 2 * rival)
    evidence.reasons = ["no delimiter makes even records of several cells, so each line is one cell"]
    if let best, best.score.value > 0.05, best.score.width > 1 { evidence.runnerUp = best.format }
    return evidence
  }

  private func evidence(_ best: Scored, _ ranked: [Scored], stated reason: String) -> DialectEvidence {
    var evidence = evidence(best, ranked)
    evidence.confidence = 1
    evidence.reasons.insert(reason, at: 0)
    return evidence
  }

  private func evidence(_ best: Scored, _ ranked: [Scored]) -> DialectEvidence {
    var evidence = DialectEvidence()
    let score = best.score
    let rival = ranked.first { $0.format.delimiter != best.format.delimiter }
    let lead = score.value > 0 ? max(0, 1 - (rival?.score.value ?? 0) / score.value) : 0
    evidence.confidence = min(1, max(0.05, (0.55 + 0.45 * lead) * (0.5 + 0.5 * score.uniformity)))
    let percent = Int(score.uniformity * 100 + 0.5)
    evidence.reasons = [
      "\(percent) % of the first \(score.records) records have \(score.width) cells",
      "\(Int(score.typed * 100 + 0.5)) % of their cells are numbers, dates or other values",
    ]
    if best.format.escape == .backslash { evidence.reasons.append("backslashes escape quotes or delimiters") }
    if best.format.quote == CSVFormat.apostrophe { evidence.reasons.append("cells stand between apostrophes") }
    if best.format.mergesBlanks { evidence.reasons.append("any number of blanks stands between two cells") }
    if best.format.padsQuotes { evidence.reasons.append("blanks stand around quoted cells") }
    if let rival, rival.score.value > 0.5 * score.value {
      evidence.runnerUp = rival.format
      evidence.reasons.append("another delimiter makes \(rival.score.width) cells in most records")
    }
    return evidence
  }
}

extension FieldIndex {
  /// Removes what the end of the sample cut: the last record, and all since a quote that only seems to be unclosed.
  fileprivate mutating func removeCutRecords(from quote: Int?) {
    while recordCount > 1, let last = recordStarts.last {
      removeLastRecord()
      guard let quote, last > quote else { break }
    }
  }

  /// Removes the last record.
  mutating func removeLastRecord() {
    guard recordCount > 0 else { return }
    recordStarts.removeLast()
    firstField.removeLast()
    fields.removeSubrange((firstField.last ?? 0)...)
  }
}
