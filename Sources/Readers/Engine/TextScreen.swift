// SPDX-License-Identifier: Apache-2.0

/// Watches a column of text for what nearly made it something else.
///
/// A near miss is reported where at most one cell in ten is in the way. A column in whose sample far more cells can be
/// nothing but text has none, unless the rest of it is quite different: then the whole column is looked at again.
struct TextScreen {
  /// Above this share of plain text in the sample only plain cells are counted.
  private static let plainShare = 0.3
  /// Above this share only every fourth block is looked at: enough to know that far more than one cell in ten is text.
  private static let nearlyAll = 0.8
  private static let blocksPerLook = 4

  /// Whether each cell that could be more than text is classified.
  let isThorough: Bool
  private let words: NullWords
  private let isSparing: Bool
  /// Whether a JSON string is read for what it says, as every cell of a delimited text is.
  private let readsStrings: Bool
  private var isDue = true
  /// All cells where the screen is thorough; else what of them is plain text.
  private(set) var cells = ColumnInference()
  /// Cells that could be more than text but were not classified.
  private(set) var unknown = 0

  init(isThorough: Bool, isSparing: Bool = false, readsStrings: Bool = false, _ words: NullWords) {
    self.isThorough = isThorough
    self.readsStrings = readsStrings
    self.isSparing = isSparing
    self.words = words
  }

  /// A screen for a column whose sample is known.
  init(sample: ColumnInference, _ words: NullWords) {
    let share = sample.plainShare
    self.init(isThorough: share < Self.plainShare, isSparing: share >= Self.nearlyAll, words)
  }

  /// Starts a block.
  mutating func start(block: Int) {
    isDue = !isSparing || block.isMultiple(of: Self.blocksPerLook)
    cells = ColumnInference()
    unknown = 0
  }

  /// Whether it may be enough to count which of a column's cells can be nothing but text.
  ///
  /// Of strings it is where they are enough of them: digits in a string are text too, which only a look at it tells.
  func mayCount(_ mix: CellMix) -> Bool { isDue && !isThorough && words.isEmpty && (readsStrings || mix != .mixed) }

  /// Whether so many cells are text that no near miss is left, with some to spare.
  static func isEnough(_ plain: Int, of present: Int) -> Bool { plain > present / 4 }

  /// Adds cells of which `plain` can be nothing but text, the first of them at `first`.
  mutating func add(plain: Int, of present: Int, at first: FieldPlace) {
    if plain > 0 { cells.add(.text, count: plain, at: first) }
    unknown += present - plain
  }

  /// Looks at a column's cells.
  ///
  /// - Parameter present: how many of them are not absent.
  mutating func look(
    at column: Int, of index: some CellIndex, _ bytes: MappedBytes, present: Int, _ others: inout [UInt32]
  ) {
    guard isDue else {
      unknown += present
      return
    }
    let mix = readsStrings ? .plain : index.mix(of: column)
    guard words.isEmpty, mix != .mixed else {
      for row in 0..<index.records { look(at: index.field(row, column, in: bytes), bytes) }
      return
    }
    if others.count < index.records { others = [UInt32](repeating: 0, count: index.records) }
    let (tally, count) = index.screen(column, of: bytes, mask: CellParser.firstBytesOfTypedCells, others: &others)
    let plain = { index.field(tally.firstPlain, column, in: bytes) }
    for word in tally.words { look(at: index.field(word.firstRow, column, in: bytes), count: word.count, bytes) }
    // A string of digits is none but a string.
    if mix == .strings, tally.naturals > 0 {
      cells.add(.text, count: tally.naturals, at: index.field(tally.firstNatural, column, in: bytes))
    }
    let naturals = mix == .strings ? 0 : tally.naturals
    guard isThorough else {
      unknown += count + naturals
      if tally.plain > 0 { cells.add(.text, count: tally.plain, at: plain()) }
      return
    }
    for number in 0..<count { look(at: index.field(Int(others[number]), column, in: bytes), bytes) }
    if tally.plain > 0 { cells.add(.text, count: tally.plain, at: plain()) }
    if naturals > 0 {
      let first = index.field(tally.firstNatural, column, in: bytes)
      cells.add(classify(first, bytes), count: naturals, at: first)
      cells.gather(classify(index.field(tally.longestNatural, column, in: bytes), bytes))
    }
  }

  mutating func look(at field: FieldPlace, _ bytes: MappedBytes) {
    guard !field.isAbsent else { return }
    look(at: field, count: 1, bytes)
  }

  /// Looks at a cell that stands in `count` rows, of which this is the first.
  private mutating func look(at field: FieldPlace, count: Int, _ bytes: MappedBytes) {
    let kind = classify(field, bytes)
    if isThorough || kind == .text { cells.add(kind, count: count, at: field) } else { unknown += count }
  }

  private func classify(_ field: FieldPlace, _ bytes: MappedBytes) -> CellClass {
    field.kind(in: bytes, words, readsStrings: readsStrings)
  }

  /// Adds what a later block saw.
  mutating func add(_ later: TextScreen) {
    cells.add(later.cells)
    unknown += later.unknown
  }

  /// Whether so little is known to be plain text that the column must be looked at again.
  var isInconclusive: Bool {
    let total = cells.present + UInt64(unknown)
    return !isThorough && unknown > 0 && cells.present <= total / 8
  }
}
