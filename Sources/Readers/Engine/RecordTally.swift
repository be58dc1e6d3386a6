// SPDX-License-Identifier: Apache-2.0

/// What was noticed about records, beside their cells.
struct RecordTally: Sendable {
  /// How often something was seen, and where first.
  struct Sighting: Sendable {
    private(set) var count: UInt64 = 0
    private(set) var first: Int?

    /// Adds what was seen, not always in the order of the file: a scan and a scanner take turns.
    mutating func add(_ count: Int = 1, at offset: Int?) {
      self.count += UInt64(count)
      if let offset { first = min(first ?? offset, offset) }
    }

    mutating func add(_ other: Sighting) {
      count += other.count
      if let offset = other.first { first = min(first ?? offset, offset) }
    }
  }

  /// Records that are rows.
  var rows: UInt64 = 0
  var short = Sighting()
  var long = Sighting()
  var blank = Sighting()
  var strayQuotes = Sighting()
  var unclosedQuotes = Sighting()
  /// Lines of comment, which are no records.
  var comments = Sighting()
  /// Whether a record has surplus cells that are not absent.
  var hasExtra = false
  var hasQuotes = false
  var lineEnds: CSVScanner.LineEnds = []

  mutating func add(_ later: RecordTally) {
    rows += later.rows
    short.add(later.short)
    long.add(later.long)
    blank.add(later.blank)
    strayQuotes.add(later.strayQuotes)
    unclosedQuotes.add(later.unclosedQuotes)
    comments.add(later.comments)
    hasExtra = hasExtra || later.hasExtra
    hasQuotes = hasQuotes || later.hasQuotes
    lineEnds.formUnion(later.lineEnds)
  }

  /// Adds what a scanner noticed since it was made.
  mutating func add(_ scanner: CSVScanner) {
    strayQuotes.add(scanner.strayQuotes, at: scanner.firstStrayQuote)
    if let quote = scanner.unclosedQuote { unclosedQuotes.add(at: quote) }
    comments.add(Int(clamping: scanner.comments), at: scanner.firstComment)
    hasQuotes = hasQuotes || scanner.hasQuotes
    lineEnds.formUnion(scanner.lineEnds)
  }
}
