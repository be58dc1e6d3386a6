// SPDX-License-Identifier: Apache-2.0

/// How well a format fits a sample: how alike its records are in shape, and how much its cells look like values.
///
/// After van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019), which
/// multiplies a score of patterns by one of types, and García, "Table uniformity method" (2024), which weighs how even
/// the records are. Here the shape is the chance that two records are of the same length, so that a few odd lines above,
/// below and inside of the table weigh little.
struct DialectScore: Sendable {
  /// The two scores together, from 0 to 1.
  let value: Double
  /// The share of records of the most common length, and that length.
  let uniformity: Double
  let width: Int
  /// The share of cells that look like values.
  let typed: Double
  let records: Int
  /// The cells of the first record.
  let firstWidth: Int
  /// The records above the first of the most common length.
  let above: Int
  /// Whether all records from that on have that length.
  let isEvenBelow: Bool
  /// The most records of one length of several cells, more than two, that there are and that follow each other.
  let evenRecords: Int
  let longestRun: Int
  /// Whether blanks follow the delimiters, and any number of them stands in a line.
  let isProse: Bool
  /// Whether a blank follows every delimiter.
  let isSpaced: Bool

  init(_ index: FieldIndex, format: CSVFormat, strays: Int, in bytes: MappedBytes) {
    var tally = WidthTally()
    var known = 0.0
    var cells = 0
    var typedCells = 0
    var blankStarts = 0
    var firstWidth = 0
    var counts: [Int] = []
    for record in 0..<index.recordCount where !index.isBlank(record, in: bytes) {
      let fields = index.fields(of: record)
      tally.add(fields.count)
      if firstWidth == 0 { firstWidth = fields.count }
      counts.append(fields.count)
      for field in fields {
        let place = index.fields[field]
        if field > fields.lowerBound, !place.isQuoted, place.length > 0,
          format.delimiter.second == 0x20 || bytes[place.start] == 0x20
        {
          blankStarts += 1
        }
        guard !place.isAbsent else { continue }
        let (weight, isTyped) = Self.weight(place, format, in: bytes)
        known += weight
        cells += 1
        if isTyped { typedCells += 1 }
      }
    }
    let widths = tally.counts
    records = counts.count
    (width, uniformity) = tally.common
    let common = width
    above = counts.firstIndex(of: common) ?? 0
    isEvenBelow = counts.dropFirst(above).allSatisfy { $0 == common }
    evenRecords = widths.reduce(0) { $1.width > 2 ? max($0, $1.count) : $0 }
    longestRun = Self.longestRun(in: counts)
    typed = cells == 0 ? 0 : Double(typedCells) / Double(cells)
    let shape = Self.shape(widths, records)
    let types = cells == 0 ? 0.5 : max(0, known - Double(strays)) / Double(cells)
    self.firstWidth = firstWidth
    let inner = index.fields.count - index.recordCount
    isSpaced = inner > 0 && blankStarts == inner
    isProse = inner > 0 && uniformity < 0.85 && typed < 0.2 && Double(blankStarts) > 0.7 * Double(inner)
    let firstCells = index.recordCount > 0 ? index.fields[index.fields(of: 0)] : []
    let prior = Self.prior(
      format, width: width, uniformity: uniformity, typed: typed, hasQuotedNames: firstCells.allSatisfy(\.isQuoted))
    value = shape * types * types * prior * (isProse ? 0.2 : 1)
  }

  private static func longestRun(in counts: [Int]) -> Int {
    var (run, longest, last) = (0, 0, 0)
    for count in counts {
      run = count == last ? run + 1 : 1
      last = count
      if count > 2 { longest = max(longest, run) }
    }
    return longest
  }

  /// The chance that two records are of one length of more than one cell; more cells weigh a little more.
  private static func shape(_ widths: [(width: Int, count: Int)], _ records: Int) -> Double {
    // Summed in one order, or rounding would depend on it.
    widths.reduce(0.0) { sum, entry in
      let share = Double(entry.count) / Double(records)
      return sum + share * share * Double(entry.width - 1) / Double(entry.width)
    }
  }

  /// What stands between cells rarely needs more to speak for it.
  private static func prior(
    _ format: CSVFormat, width: Int, uniformity: Double, typed: Double, hasQuotedNames: Bool
  ) -> Double {
    let escape = format.escape == .backslash ? 0.999 : 1
    let blanks = format.mergesBlanks ? 0.99 : 1
    let quote = (format.quote == CSVFormat.apostrophe && !hasQuotedNames ? 0.99 : 1) * (format.padsQuotes ? 0.998 : 1)
    let second = format.delimiter.second == nil ? 1 : 1.02
    let isDoubled = format.delimiter.second == format.delimiter.first
    let delimiter: Double =
      switch format.delimiter.first {
      case _ where isDoubled: 1
      case UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"): 1
      // Words stand between blanks, times hold colons: only an even table speaks for those.
      case 0x20: width > 2 || typed > 0.4 ? 0.6 * uniformity : 0.15
      case UInt8(ascii: ":"): 0.6 * uniformity
      default: 0.8 * uniformity
      }
    return escape * quote * second * delimiter * blanks
  }

  /// How much a cell looks like what stands between delimiters, and whether it is a value.
  private static func weight(
    _ field: FieldPlace, _ format: CSVFormat, in bytes: MappedBytes
  ) -> (weight: Double, isTyped: Bool) {
    bytes.withSpan(field.start..<min(field.end, field.start + 400)) { cell in
      // Digits and a point are no delimiter.
      if !field.isQuoted, ValueShape.isPlainNumber(cell) { return (1, true) }
      let shape = ValueShape(cell)
      if field.isQuoted { return (1, shape.isTyped) }
      if shape.isTyped, !holdsOther(cell, format) || format.delimiter.first == 0x20 && isDecimal(cell, shape),
        !isQuotedOtherwise(cell), bracketDepth(cell) == 0
      {
        return (1, true)
      }
      return (textWeight(cell, shape, format), false)
    }
  }

  private static func textWeight(_ cell: Span<UInt8>, _ shape: ValueShape, _ format: CSVFormat) -> Double {
    var weight = shape == .text ? 0.88 : 0.95
    var brackets = 0
    for index in cell.indices {
      let byte = cell[index]
      guard byte != format.delimiter.first else { continue }
      brackets += bracket(byte)
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: ";"):
        // Punctuation is followed by a blank, and what stands in brackets belongs together.
        let isProse = brackets > 0 || index + 1 < cell.count && cell[index + 1] == 0x20
        weight = min(weight, isProse ? 0.7 : 0.4)
      case 0x09: weight = min(weight, 0.1)
      case UInt8(ascii: "|"): weight = min(weight, 0.4)
      case UInt8(ascii: ":") where index + 1 < cell.count && cell[index + 1] == byte: weight = min(weight, 0.4)
      case CSVFormat.doubleQuote where format.quote == byte: weight = min(weight, 0.5)
      default: break
      }
    }
    if brackets != 0 { weight = min(weight, 0.5) }
    guard cell.count > 1 else { return weight }
    if format.quote == CSVFormat.apostrophe, cell[0] == CSVFormat.doubleQuote, cell[cell.count - 1] == cell[0] {
      return min(weight, 0.5)
    }
    let isHalf = cell[0] == CSVFormat.apostrophe || cell[cell.count - 1] == CSVFormat.apostrophe
    return isHalf ? min(weight, 0.5) : weight
  }

  /// 1 for an opening bracket, -1 for a closing one, else 0.
  private static func bracket(_ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): -1
    default: 0
    }
  }

  /// How many more brackets a cell opens than it closes.
  private static func bracketDepth(_ cell: Span<UInt8>) -> Int {
    cell.indices.reduce(0) { $0 + bracket(cell[$1]) }
  }

  /// Whether a cell stands between apostrophes that are no quotes.
  private static func isQuotedOtherwise(_ cell: Span<UInt8>) -> Bool {
    cell.count > 1 && cell[0] == CSVFormat.apostrophe && cell[cell.count - 1] == CSVFormat.apostrophe
  }

  /// Whether a cell is a number with one comma, such as `1,5`.
  private static func isDecimal(_ cell: Span<UInt8>, _ shape: ValueShape) -> Bool {
    var commas = 0
    for index in cell.indices where common.contains(cell[index]) {
      guard cell[index] == UInt8(ascii: ","), index + 1 < cell.count else { return false }
      commas += 1
    }
    return shape == .number && commas == 1
  }

  static let common: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]

  /// Whether a value holds a delimiter that is more likely than the one that is tried: `10:30,5` holds a comma.
  private static func holdsOther(_ cell: Span<UInt8>, _ format: CSVFormat) -> Bool {
    let isCommon = common.contains(format.delimiter.first)
    for index in cell.indices where cell[index] != format.delimiter.first {
      if cell[index] == 0x09 || !isCommon && common.contains(cell[index]) { return true }
      // The hours of a time that stands before other values.
      if format.delimiter.first == UInt8(ascii: ":"), cell[index] == 0x20 { return true }
    }
    return false
  }
}
