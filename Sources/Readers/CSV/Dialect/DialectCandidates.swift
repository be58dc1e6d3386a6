// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// The formats that a text could have, from one look at the bytes at its start.
struct DialectCandidates {
  /// Delimiters, in the order in which they win ties.
  static let delimiters: [UInt8] = [
    UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"), UInt8(ascii: ":"), 0x20, UInt8(ascii: "#"),
    UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "="),
  ]
  /// What lines of comment may start with.
  static let commentPrefixes: [[UInt8]] = ["#", "%", "//", "--", "!"].map { Array($0.utf8) }
  private static let commentStarts = ByteSet(commentPrefixes.compactMap(\.first))
  /// The bytes that are looked at.
  private static let window = 32 << 10

  private(set) var formats: [CSVFormat] = []
  /// What some lines start with, but not most.
  private(set) var comment: [UInt8]?

  init(_ bytes: MappedBytes, range: Range<Int>) {
    let window = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.window)
    let counts = Counts(bytes, window)
    let lines = max(1, counts.lines)
    for (number, prefix) in Self.commentPrefixes.enumerated()
    where counts.commented[number] > 0 && counts.commented[number] * 2 <= lines + 1 && comment == nil {
      comment = prefix
    }
    for delimiter in Self.delimiters {
      let count = counts.total[Int(delimiter)]
      guard count > 0 else { continue }
      if counts.doubled[Int(delimiter)] * 2 * 10 >= count * 9, delimiter != 0x20 {
        add(CSVFormat.Delimiter(delimiter, delimiter), counts)
        // Two of the common ones stand around an empty cell as well.
        if delimiter != UInt8(ascii: ","), delimiter != UInt8(ascii: ";"), delimiter != 0x09 { continue }
      }
      if counts.spaced[Int(delimiter)] * 10 >= count * 9, delimiter != 0x20, delimiter != 0x09 {
        add(CSVFormat.Delimiter(delimiter, 0x20), counts)
      }
      add(CSVFormat.Delimiter(delimiter), counts)
    }
    if formats.isEmpty { add(CSVFormat.Delimiter(UInt8(ascii: ",")), counts) }
  }

  /// Leaves only formats that are as the sender states.
  mutating func fix(_ options: DialectOptions) {
    if let text = options.comment { comment = Array(text.utf8) }
    var seen: Set<CSVFormat> = []
    formats = formats.map { $0.fixed(options, comment: comment) }.filter { seen.insert($0).inserted }
  }

  private mutating func add(_ delimiter: CSVFormat.Delimiter, _ counts: Counts) {
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

  /// How often marks stand where.
  private struct Counts {
    var total = InlineArray<256, Int>(repeating: 0)
    /// Pairs of the same byte.
    var doubled = InlineArray<256, Int>(repeating: 0)
    /// Bytes before a blank, or a line end.
    var spaced = InlineArray<256, Int>(repeating: 0)
    /// Bytes behind a backslash.
    var escaped: Set<UInt8> = []
    /// Apostrophes where a quoted cell could start, and where one could end.
    var opening = 0
    var closing = 0
    /// Quotes beside a blank, on whose other side a quoted cell could end.
    var padded = 0
    var lines = 0
    var commented = [Int](repeating: 0, count: DialectCandidates.commentPrefixes.count)

    init(_ bytes: MappedBytes, _ range: Range<Int>) {
      var previous: UInt8 = 0x0A
      // The last byte that is no blank.
      var start: UInt8 = 0x0A
      var isPaired = false
      var followsMark = true
      let marks = Self.marks
      for index in range {
        let byte = bytes[index]
        let isMarked = marks.contains(byte)
        defer { followsMark = isMarked }
        // Letters and digits among their like, most of a text, tell nothing.
        guard isMarked || followsMark else {
          (start, previous) = (byte, byte)
          continue
        }
        total[Int(byte)] += 1
        if Self.isLineEnd(previous), !Self.isLineEnd(byte) { startLine(bytes, index, range.upperBound) }
        isPaired = byte == previous && !isPaired
        if isPaired { doubled[Int(byte)] += 1 }
        if byte == 0x20 || Self.isLineEnd(byte) { spaced[Int(previous)] += 1 }
        if previous == CSVFormat.backslash { escaped.insert(byte) }
        if byte == CSVFormat.apostrophe, Self.isBoundary(previous) { opening += 1 }
        if previous == 0x20, Self.isQuote(byte), Self.isBoundary(start) { padded += 1 }
        if previous == 0x20, Self.isQuote(start), Self.isBoundary(byte) { padded += 1 }
        if byte != 0x20 { start = byte }
        if previous == CSVFormat.apostrophe, Self.isBoundary(byte) { closing += 1 }
        previous = byte
      }
    }

    private mutating func startLine(_ bytes: MappedBytes, _ index: Int, _ end: Int) {
      lines += 1
      guard DialectCandidates.commentStarts.contains(bytes[index]) else { return }
      for (number, prefix) in DialectCandidates.commentPrefixes.enumerated()
      where bytes.starts(with: prefix, at: index, end: end) {
        commented[number] += 1
      }
    }

    /// Bytes that may part cells, records or words, quote or escape.
    private static let marks: ByteSet = {
      ByteSet(
        DialectCandidates.delimiters + [0x0A, 0x0D, CSVFormat.doubleQuote, CSVFormat.apostrophe, CSVFormat.backslash])
    }()

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    private static func isQuote(_ byte: UInt8) -> Bool {
      byte == CSVFormat.doubleQuote || byte == CSVFormat.apostrophe
    }

    private static func isBoundary(_ byte: UInt8) -> Bool {
      isLineEnd(byte) || DialectCandidates.delimiters.contains(byte)
    }
  }
}

/// Some of the ASCII characters.
private struct ByteSet {
  private var bits: (UInt64, UInt64) = (0, 0)

  init(_ bytes: [UInt8]) {
    for byte in bytes {
      if byte < 64 { bits.0 |= 1 << UInt64(byte) } else { bits.1 |= 1 << UInt64(byte - 64) }
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? bits.0 >> UInt64(byte) & 1 == 1 : byte < 128 && bits.1 >> UInt64(byte - 64) & 1 == 1
  }
}

extension CSVFormat {
  /// The format with what the sender states.
  func fixed(_ options: DialectOptions, comment: [UInt8]?) -> CSVFormat {
    var format = self
    format.comment = comment
    if let bytes = options.delimiter.map({ Array($0.utf8) }), let first = bytes.first {
      format.delimiter = Delimiter(first, bytes.dropFirst().first)
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
