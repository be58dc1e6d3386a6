// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// The formats that a text could have, from one look at the bytes at its start.
struct DialectCandidates {
  /// Delimiters, in the order in which they win ties.
  static let delimiters: [UInt8] = [
    UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"), UInt8(ascii: ":"), 0x20, UInt8(ascii: "#"),
    UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "="),
  ]
  /// Those that mark nothing else at the start of a line.
  private static let usual = DialectScore.common + [UInt8(ascii: ":"), 0x20]
  /// What lines of comment may start with.
  static let commentPrefixes: [[UInt8]] = ["#", "%", "//", "--", "!"].map { Array($0.utf8) }
  /// The bytes that are looked at.
  private static let window = 32 << 10

  private(set) var formats: [CSVFormat] = []
  /// What some lines start with, but not most.
  private(set) var comment: [UInt8]?

  init(_ bytes: MappedBytes, range: Range<Int>) {
    let window = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.window)
    let counts = MarkCounts(bytes, window)
    let lines = max(1, counts.lines)
    for (number, prefix) in Self.commentPrefixes.enumerated()
    where comment == nil && counts.commented[number] > 0
      && (counts.commented[number] * 2 <= lines + 1 || counts.areAbove(number, by: 2))
    {
      comment = prefix
    }
    for (number, delimiter) in Self.delimiters.enumerated() {
      let tally = counts.tally(ofDelimiter: number)
      guard tally.total > 0, !tally.onlyStartsLines || Self.usual.contains(delimiter) else { continue }
      if tally.doubled * 2 * 10 >= tally.total * 9, delimiter != 0x20 {
        add(CSVFormat.Delimiter(delimiter, delimiter), counts)
        // Two of the common ones stand around an empty cell as well.
        if delimiter != UInt8(ascii: ","), delimiter != UInt8(ascii: ";"), delimiter != 0x09 { continue }
      }
      if tally.spaced * 10 >= tally.total * 9, delimiter != 0x20, delimiter != 0x09 {
        add(CSVFormat.Delimiter(delimiter, 0x20), counts)
      }
      add(CSVFormat.Delimiter(delimiter), counts)
      // Columns that are aligned with blanks.
      if delimiter == 0x20, tally.doubled > 0 || tally.starting > 0 {
        var format = CSVFormat(delimiter: CSVFormat.Delimiter(delimiter), comment: comment)
        format.mergesBlanks = true
        formats.append(format)
      }
    }
    if formats.isEmpty { add(CSVFormat.Delimiter(UInt8(ascii: ",")), counts) }
  }

  /// Leaves only formats that are as the sender states.
  mutating func fix(_ options: DialectOptions) {
    if let text = options.comment { comment = Array(text.utf8) }
    var fixed: [CSVFormat] = []
    for format in formats {
      let format = format.fixed(options, comment: comment)
      if !fixed.contains(format) { fixed.append(format) }
    }
    formats = fixed
  }

  private mutating func add(_ delimiter: CSVFormat.Delimiter, _ counts: MarkCounts) {
    // An apostrophe is tried as a quote only where it stands at both ends of cells.
    let quotes =
      counts.opening > 1 && counts.closing > 1
      ? [CSVFormat.doubleQuote, CSVFormat.apostrophe] : [CSVFormat.doubleQuote]
    for quote in quotes {
      var format = CSVFormat(delimiter: delimiter, quote: quote, comment: comment)
      formats.append(format)
      if counts.padded > 0, delimiter.second == nil, DialectScore.common.contains(delimiter.first) {
        format.padsQuotes = true
        formats.append(format)
      }
      if counts.escaped.contains(quote) || counts.escaped.contains(delimiter.first) {
        formats.append(CSVFormat(delimiter: delimiter, quote: quote, escape: .backslash, comment: comment))
      }
    }
  }
}

extension CSVFormat {
  /// The format with what the sender states.
  func fixed(_ options: DialectOptions, comment: [UInt8]?) -> CSVFormat {
    var format = self
    format.comment = comment
    if let bytes = options.delimiter.map({ Array($0.utf8) }), let first = bytes.first {
      format.delimiter = Delimiter(first, bytes.dropFirst().first)
      format.mergesBlanks = mergesBlanks && bytes == [0x20]
    }
    switch options.quote {
    case .double: format.quote = Self.doubleQuote
    case .apostrophe: format.quote = Self.apostrophe
    case .some(.none): format.quote = nil
    case nil: break
    }
    switch options.escape {
    case .doubled: format.escape = .doubled
    case .backslash: format.escape = .backslash
    case nil: break
    }
    return format
  }
}
