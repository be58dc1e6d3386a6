// SPDX-License-Identifier: Apache-2.0

/// How often marks stand where at the start of a text: bytes that may part cells, records or words, quote or escape.
struct MarkCounts {
  /// The delimiters of one kind, by its place among `DialectCandidates.delimiters`.
  struct Tally {
    var total = 0
    /// Pairs of the same byte.
    var doubled = 0
    /// Those before a blank, or a line end.
    var spaced = 0
    /// Those that start a line.
    var starting = 0

    /// Whether it stands at the start of lines alone, once or twice.
    var onlyStartsLines: Bool {
      guard starting > 0 else { return false }
      return total <= starting + 1 || (starting - 1...starting + 1).contains(doubled) && total <= 2 * (starting + 1)
    }
  }

  /// One for each kind of byte (`kinds`).
  private var tallies = InlineArray<16, Tally>(repeating: Tally())
  /// Characters behind a backslash.
  private(set) var escaped = ByteSet()
  /// Apostrophes where a quoted cell could start, and where one could end.
  private(set) var opening = 0
  private(set) var closing = 0
  /// Quotes beside a blank, on whose other side a quoted cell could end.
  private(set) var padded = 0
  private(set) var lines = 0
  /// Lines that start with each of `DialectCandidates.commentPrefixes`, of which there are five.
  private(set) var commented = InlineArray<5, Int>(repeating: 0)
  /// Of them those above any other line.
  private var leading = InlineArray<5, Int>(repeating: 0)

  /// What a byte is: 0 is no mark, the delimiters follow in their order, and then these.
  private static var lineEnd: UInt8 { 12 }
  private static var doubleQuote: UInt8 { 13 }
  private static var apostrophe: UInt8 { 14 }
  private static var backslash: UInt8 { 15 }

  private static let kinds: InlineArray<256, UInt8> = {
    var kinds = InlineArray<256, UInt8>(repeating: 0)
    for (number, delimiter) in DialectCandidates.delimiters.enumerated() { kinds[Int(delimiter)] = UInt8(number + 1) }
    (kinds[0x0A], kinds[0x0D]) = (lineEnd, lineEnd)
    kinds[Int(CSVFormat.doubleQuote)] = doubleQuote
    kinds[Int(CSVFormat.apostrophe)] = apostrophe
    kinds[Int(CSVFormat.backslash)] = backslash
    return kinds
  }()

  private static let marks = ByteSet(
    DialectCandidates.delimiters + [0x0A, 0x0D, CSVFormat.doubleQuote, CSVFormat.apostrophe, CSVFormat.backslash])
  private static let commentStarts = ByteSet(DialectCandidates.commentPrefixes.compactMap(\.first))
  /// The bytes whose marks are found in one go.
  private static let piece = 4 << 10

  init(_ bytes: MappedBytes, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var places = BytePlaces(of: Self.marks)
    var last = Last()
    if Self.kinds[Int(bytes[range.lowerBound])] != Self.lineEnd { startLine(bytes, range) }
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
      places.find(in: bytes, start..<min(start + Self.piece, range.upperBound))
      for number in 0..<places.count { add(places[number], bytes, range, &last) }
    }
  }

  /// How often a delimiter stands where.
  func tally(ofDelimiter number: Int) -> Tally { tallies[number + 1] }

  /// Whether all lines with a comment prefix stand above at least some others.
  func areAbove(_ prefix: Int, by others: Int) -> Bool {
    leading[prefix] > 0 && leading[prefix] == commented[prefix] && lines >= leading[prefix] + others
  }

  /// What is known of the bytes before a mark.
  private struct Last {
    /// The last byte that is no blank; a text starts as behind a line end.
    var filled: UInt8 = 0x0A
    /// The last mark that was the second one of a pair.
    var paired = Int.min
  }

  @inline(__always)
  private mutating func add(_ place: Int, _ bytes: MappedBytes, _ range: Range<Int>, _ last: inout Last) {
    let byte = bytes[place]
    let before = place > range.lowerBound ? bytes[place - 1] : 0x0A
    let kind = Self.kinds[Int(byte)]
    if before != 0x20 { last.filled = before }
    tallies[Int(kind)].total += 1
    if before == 0x0A { tallies[Int(kind)].starting += 1 }
    if byte == 0x20 || kind == Self.lineEnd { tallies[Int(Self.kinds[Int(before)])].spaced += 1 }
    if byte == before, last.paired != place - 1 {
      tallies[Int(kind)].doubled += 1
      last.paired = place
    }
    if before == 0x20 || before == CSVFormat.apostrophe || kind >= Self.lineEnd && kind != Self.doubleQuote {
      addRare(place, bytes, range, before, last.filled)
    }
  }

  /// What only some marks tell.
  private mutating func addRare(
    _ place: Int, _ bytes: MappedBytes, _ range: Range<Int>, _ before: UInt8, _ filled: UInt8
  ) {
    let kind = Self.kinds[Int(bytes[place])]
    if place + 1 < range.upperBound {
      let next = bytes[place + 1]
      if kind == Self.backslash { escaped.insert(next) }
      if kind == Self.lineEnd, Self.kinds[Int(next)] != Self.lineEnd { startLine(bytes, place + 1..<range.upperBound) }
    }
    if kind == Self.apostrophe, Self.isBoundary(Self.kinds[Int(before)]) { opening += 1 }
    if before == CSVFormat.apostrophe, Self.isBoundary(kind) { closing += 1 }
    guard before == 0x20 else { return }
    let outer = Self.kinds[Int(filled)]
    if Self.isQuote(kind) && Self.isBoundary(outer) || Self.isQuote(outer) && Self.isBoundary(kind) { padded += 1 }
  }

  private mutating func startLine(_ bytes: MappedBytes, _ rest: Range<Int>) {
    lines += 1
    guard Self.commentStarts.contains(bytes[rest.lowerBound]) else { return }
    for (number, prefix) in DialectCandidates.commentPrefixes.enumerated()
    where bytes.starts(with: prefix, at: rest.lowerBound, end: rest.upperBound) {
      commented[number] += 1
      let next = rest.lowerBound + prefix.count
      let isSpaced = next < rest.upperBound && (bytes[next] == 0x20 || bytes[next] == prefix[0])
      if isSpaced, commented[number] == lines { leading[number] += 1 }
    }
  }

  private static func isQuote(_ kind: UInt8) -> Bool { kind == doubleQuote || kind == apostrophe }

  /// Whether a cell could end before a mark, or start behind one: it is a delimiter, or ends a line.
  private static func isBoundary(_ kind: UInt8) -> Bool { 1...lineEnd ~= kind }
}
