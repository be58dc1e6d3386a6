// SPDX-License-Identifier: Apache-2.0

/// What a cell looks like to somebody who looks for the structure of a file.
///
/// This is wider than the types that a column can have: `1.234,50 €` is a number here, `3 Mar 2024` a date.
enum ValueShape: UInt8, Sendable {
  case empty, number, date, time, bool, address, code, word, text
  /// Digits in several parts, such as a phone number or a pair of coordinates.
  case parts

  /// Whether the shape alone tells that this is a value and not a name or prose.
  var isTyped: Bool {
    switch self {
    case .number, .date, .time, .bool, .address: true
    case .empty, .code, .word, .text, .parts: false
    }
  }

  /// The shape of a cell, by one look at its bytes.
  init(_ cell: Span<UInt8>) {
    let range = CellParser.trim(cell)
    guard !range.isEmpty else {
      self = .empty
      return
    }
    if let plain = Self.plain(cell, range) {
      self = plain
      return
    }
    let facts = Facts(cell, range)
    self = Self.typed(facts, cell, range) ?? Self.untyped(facts, cell, range)
  }

  /// The shape of a cell of a text, by its start.
  init(of cell: FieldPlace, in bytes: MappedBytes) {
    self = bytes.withSpan(cell.start..<min(cell.end, cell.start + 400)) { ValueShape($0) }
  }

  /// The longest value, addresses aside, and how far a cell is looked at.
  private static let longest = (value: 40, look: 120)

  /// What can be told of most cells of a table without counting: that they are digits, or several words.
  private static func plain(_ cell: Span<UInt8>, _ range: Range<Int>) -> ValueShape? {
    guard range.count <= longest.value else {
      // No address holds a blank.
      return range.prefix(longest.look).contains { cell[$0] == 0x20 || cell[$0] == 0x09 } ? .text : nil
    }
    return isPlainNumber(cell, range) ? .number : nil
  }

  /// Whether a cell is nothing but digits with a sign before them or a point among them.
  static func isPlainNumber(_ cell: Span<UInt8>) -> Bool {
    cell.count <= longest.value && isPlainNumber(cell, 0..<cell.count)
  }

  private static func isPlainNumber(_ cell: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var points = 0
    let unsigned = range.first.map { cell[$0] } == UInt8(ascii: "-") ? range.dropFirst() : range
    for index in unsigned {
      let byte = cell[index]
      if byte == UInt8(ascii: ".") {
        points += 1
      } else if !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        return false
      }
    }
    return points < 2 && unsigned.count > points
  }

  private static func typed(_ facts: Facts, _ cell: Span<UInt8>, _ range: Range<Int>) -> ValueShape? {
    if CellParser.matches(cell, range, "true") || CellParser.matches(cell, range, "false") { return .bool }
    if facts.isAddress { return .address }
    guard facts.digits > 0, range.count <= longest.value else { return nil }
    // Two or three parts of digits, and for dates the name of a month at most.
    let parts = facts.colons
    if parts > 0, parts < 3, facts.letters <= 3, facts.others == 0, facts.slashes + facts.dashes < 4, facts.commas < 2,
      colonsPartDigits(cell, range)
    {
      let hasDay = facts.dashes + facts.slashes + facts.points >= 2
      // More runs of digits than a moment has are several values.
      let isShort = hasDay ? facts.blanks <= 3 : facts.blanks <= 1 && facts.digits <= 15
      if isShort, facts.blanks == 0 || endsAsMoment(cell, range, hasDay) { return hasDay ? .date : .time }
    }
    if facts.letters == 0 || facts.letters == 1 && facts.dashes == 2, facts.others == 0, facts.signs == 0,
      facts.digits >= 4, facts.digits <= 14, facts.commas == 0,
      facts.slashes == 2 || facts.dashes == 2 && facts.hasInnerDash || facts.points == 2 && facts.digits <= 8,
      facts.blanks == 0 || !holdsParts(cell, range, group: 0)
    {
      return .date
    }
    if (3...9).contains(facts.letters), facts.letterRuns == 1, facts.others == 0, facts.digits >= 3, facts.digits <= 6,
      facts.blanks + facts.dashes + facts.slashes >= 1, facts.hasMonth
    {
      return .date
    }
    let hasUnit = facts.letters == 0 || facts.letters <= 3 && facts.letterRuns == 1 && facts.isExponent
    if hasUnit, facts.others == 0, facts.slashes == 0, !facts.hasInnerDash || facts.isExponent {
      return facts.blanks == 0 || !holdsParts(cell, range, group: 3) ? .number : .parts
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Whether what follows the last blank belongs to a moment: a clock, an offset, letters, or the day behind a clock.
  private static func endsAsMoment(_ cell: Span<UInt8>, _ range: Range<Int>, _ hasDay: Bool) -> Bool {
    guard let blank = range.last(where: { cell[$0] == 0x20 || cell[$0] == 0x09 }) else { return true }
    let last = blank + 1..<range.upperBound
    func count(_ byte: Character) -> Int { last.count { cell[$0] == byte.asciiValue } }
    if count(":") > 0 || !last.contains(where: { isDigit(cell[$0]) }) { return true }
    let first = cell[last.lowerBound]
    if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { return count(".") == 0 }
    return hasDay && (count("/") == 2 || count("-") == 2 || count(".") == 2) || first > UInt8(ascii: "9")
  }

  /// Whether blanks part numbers: `1.5 2.5` is two.
  ///
  /// - Parameter group: the digits that may stand behind one blank, as in `1 234`; 0 for none.
  private static func holdsParts(_ cell: Span<UInt8>, _ range: Range<Int>, group: Int) -> Bool {
    func isBlank(_ index: Int) -> Bool { cell[index] == 0x20 || cell[index] == 0x09 }
    return range.contains { index in
      guard isBlank(index), index > range.lowerBound, isDigit(cell[index - 1]) else { return false }
      let next = (index + 1..<range.upperBound).first { !isBlank($0) } ?? range.upperBound
      let isSigned = next < range.upperBound && cell[next] == UInt8(ascii: "-")
      let digits = (next + (isSigned ? 1 : 0)..<range.upperBound).prefix { isDigit(cell[$0]) }.count
      return digits > 0 && (digits != group || isSigned || next > index + 1)
    }
  }

  /// Whether a digit stands before and behind each colon: `1:x:2` is no time.
  private static func colonsPartDigits(_ cell: Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.allSatisfy { index in
      cell[index] != UInt8(ascii: ":")
        || index > range.lowerBound && index + 1 < range.upperBound && isDigit(cell[index - 1])
          && isDigit(cell[index + 1])
    }
  }

  private static func untyped(_ facts: Facts, _ cell: Span<UInt8>, _ range: Range<Int>) -> ValueShape {
    if facts.blanks == 0, facts.digits > 0, facts.letters > 0, facts.others == 0, range.count <= longest.value {
      return .code
    }
    return facts.blanks == 0 ? .word : .text
  }

  /// What stands in a cell, counted.
  private struct Facts {
    var digits = 0
    var letters = 0
    var letterRuns = 0
    var points = 0
    var commas = 0
    var colons = 0
    var slashes = 0
    var dashes = 0
    var blanks = 0
    /// Plus, percent and currency signs, parentheses.
    var signs = 0
    var others = 0
    var hasInnerDash = false
    var isExponent = false
    var isAddress = false
    var hasMonth = false

    /// What a byte counts as; which one it is is hard to foresee, so nothing branches on it.
    private enum Kind: UInt8, CaseIterable {
      case other, digit, letter, point, comma, colon, slash, dash, blank, plus, sign, at
    }

    private static let kinds: [UInt8] = {
      var kinds = [UInt8](repeating: Kind.other.rawValue, count: 256)
      func set(_ kind: Kind, _ bytes: some Sequence<UInt8>) {
        for byte in bytes { kinds[Int(byte)] = kind.rawValue }
      }
      set(.digit, UInt8(ascii: "0")...UInt8(ascii: "9"))
      set(.letter, UInt8(ascii: "a")...UInt8(ascii: "z"))
      set(.letter, UInt8(ascii: "A")...UInt8(ascii: "Z"))
      set(.point, ".".utf8)
      set(.comma, ",".utf8)
      set(.colon, ":".utf8)
      set(.slash, "/".utf8)
      set(.dash, "-".utf8)
      set(.blank, " \t".utf8)
      set(.plus, "+".utf8)
      set(.sign, "%$()'".utf8)
      // The euro, pound and yen signs, the no-break and narrow blanks, and the minus sign, by their bytes.
      set(.sign, [0xE2, 0x82, 0xAC, 0xC2, 0xA3, 0xA5, 0xA0, 0x80, 0xAF, 0x88, 0x92])
      set(.at, "@".utf8)
      return kinds
    }()

    init(_ cell: Span<UInt8>, _ range: Range<Int>) {
      let kinds = Self.kinds
      var counts = InlineArray<16, Int>(repeating: 0)
      func count(_ kind: Kind) -> Int { counts[Int(kind.rawValue)] }
      var wasLetter = false
      for index in range.prefix(ValueShape.longest.look) {
        let byte = cell[index]
        let kind = kinds[Int(byte)]
        let isLetter = kind == Kind.letter.rawValue
        if isLetter, !wasLetter {
          letterRuns += 1
          isExponent = byte | 0x20 == UInt8(ascii: "e") && count(.digit) > 0 || isCurrency(cell, index, range)
          hasMonth = isMonth(cell, index, range)
        }
        wasLetter = isLetter
        counts[Int(kind)] += 1
      }
      (digits, letters, points) = (count(.digit), count(.letter), count(.point))
      (commas, colons, slashes) = (count(.comma), count(.colon), count(.slash))
      (dashes, blanks) = (count(.dash), count(.blank))
      let first = cell[range.lowerBound]
      hasInnerDash = dashes > (first == UInt8(ascii: "-") ? 1 : 0)
      // A plus is a sign where it comes first.
      let leading = first == UInt8(ascii: "+") ? 1 : 0
      signs = count(.sign) + leading
      // And the one of an exponent too: `1.5e+03`.
      let inner = count(.plus) - leading
      others = count(.other) + (isExponent && inner == 1 ? 0 : inner)
      let at = count(.at)
      let isMail = at == 1 && points > 0 && blanks == 0 && letters > 3 && commas == 0
      let isLink = slashes >= 2 && colons >= 1 && blanks == 0 && letters > 4 && commas == 0 && hasScheme(cell, range)
      isAddress = isMail || isLink
    }

    private func hasScheme(_ cell: Span<UInt8>, _ range: Range<Int>) -> Bool {
      for index in range.prefix(10) where cell[index] == UInt8(ascii: ":") {
        return index + 2 < range.upperBound && cell[index + 1] == UInt8(ascii: "/")
          && cell[index + 2] == UInt8(ascii: "/")
      }
      return false
    }

    /// Whether three capitals start here, such as `EUR`.
    private func isCurrency(_ cell: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
      guard index + 3 <= range.upperBound else { return false }
      for offset in 0..<3 where !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(cell[index + offset]) {
        return false
      }
      return (index == range.lowerBound || cell[index - 1] == 0x20)
        && (index + 3 == range.upperBound || cell[index + 3] == 0x20)
    }

    /// The first three letters of months, in one number each.
    private static let months = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ].map { name in name.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }

    private func isMonth(_ cell: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
      guard index + 3 <= range.upperBound else { return false }
      let (first, second, third) = (UInt32(cell[index]), UInt32(cell[index + 1]), UInt32(cell[index + 2]))
      return Self.months.contains((first << 16 | second << 8 | third) | 0x20_2020)
    }
  }
}
