// SPDX-License-Identifier: Apache-2.0

/// Numbers with thousands in groups or with a decimal comma: `1,234.5`, `1.234,5`, `1 234,5`, `1'234.5`, `1234,5`.
///
/// A blank between groups is U+0020, U+00A0 or U+202F, the same throughout a cell.
enum FormattedNumber {
  /// No number of 38 digits, grouped by the longest blanks, is longer.
  private static let mostBytes = 80

  /// Classifies a text that is no plain number.
  static func classify(_ cell: Span<UInt8>, _ range: Range<Int>) -> CellClass {
    guard range.count <= mostBytes, cell[range.upperBound - 1].isDigit, let groups = Groups(cell, range) else {
      return .text
    }
    let formats = groups.formats
    guard !formats.isEmpty else { return .text }
    let isAmbiguous = formats.contains([.commaPoint, .comma])
    let mark = isAmbiguous ? nil : groups.decimalMark
    let plain = normalised(cell, range, decimalMark: mark)
    let number = NumberShape.classify(plain.span, 0..<plain.count)
    guard !number.isDisjoint(with: .plainNumbers), !number.contains(.hasExponent) else { return .text }
    return formats.union(formatted(number)).union(.length(groups.digits))
  }

  /// The bits of a plain number as those of a formatted one.
  private static func formatted(_ number: CellClass) -> CellClass {
    var kind = number.subtracting(number.kind).subtracting(.isSurelyPoint)
    if number.contains(.int64) { kind.insert(.formattedInt64) }
    if number.contains(.uint64) { kind.insert(.formattedUInt64) }
    if number.contains(.float64) { kind.insert(.formattedFloat64) }
    if number.contains(.decimal) { kind.insert(.formattedDecimal) }
    return kind
  }

  /// The plain form of a cell of a column of this format.
  static func normalised(_ cell: Span<UInt8>, _ range: Range<Int>, format: CellClass) -> [UInt8] {
    let isComma = !format.isDisjoint(with: [.dotComma, .blankComma, .comma])
    return normalised(cell, range, decimalMark: UInt8(ascii: isComma ? "," : "."))
  }

  private static func normalised(_ cell: Span<UInt8>, _ range: Range<Int>, decimalMark: UInt8?) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(range.count)
    for index in range {
      let byte = cell[index]
      if byte == decimalMark {
        plain.append(UInt8(ascii: "."))
      } else if byte.isDigit || byte == UInt8(ascii: "-") || byte | 0x20 >= UInt8(ascii: "a") && byte < 0x7F {
        // Letters belong to the words for what is not finite.
        plain.append(byte)
      }
    }
    return plain
  }

  /// What stands between two runs of digits.
  private enum Mark: Equatable {
    case comma, point, apostrophe, blank, noBreakSpace, narrowNoBreakSpace

    var isBlank: Bool { self == .blank || self == .noBreakSpace || self == .narrowNoBreakSpace }

    /// Reads the mark at `index` and moves behind it.
    init?(_ cell: Span<UInt8>, _ index: inout Int, end: Int) {
      func follows(_ bytes: [UInt8]) -> Bool {
        index + bytes.count <= end && bytes.indices.allSatisfy { cell[index + $0] == bytes[$0] }
      }
      switch cell[index] {
      case UInt8(ascii: ","): self = .comma
      case UInt8(ascii: "."): self = .point
      case UInt8(ascii: "'"): self = .apostrophe
      case 0x20: self = .blank
      case 0xC2 where follows([0xC2, 0xA0]): self = .noBreakSpace
      case 0xE2 where follows([0xE2, 0x80, 0xAF]): self = .narrowNoBreakSpace
      default: return nil
      }
      index += self == .noBreakSpace ? 2 : self == .narrowNoBreakSpace ? 3 : 1
    }
  }

  /// The runs of digits of a cell, and what is between them.
  private struct Groups {
    private(set) var digits = 0
    private var first = 0
    private var startsWithZero = false
    private var marks = 0
    /// The mark before the last one, and all before that.
    private var groupMark: Mark?
    private var lastMark: Mark?
    private var last = 0
    /// Whether every run is at most 255, as in an IPv4 address.
    private var areOctets = true

    init?(_ cell: Span<UInt8>, _ range: Range<Int>) {
      var index = range.lowerBound + (cell[range.lowerBound] == UInt8(ascii: "-") ? 1 : 0)
      guard index < range.upperBound, cell[index].isDigit else { return nil }
      startsWithZero = cell[index] == UInt8(ascii: "0")
      first = run(cell, &index, range.upperBound)
      while index < range.upperBound {
        guard let mark = Mark(cell, &index, end: range.upperBound) else { return nil }
        if let lastMark {
          // Only the last run may have any other length, and only the last mark may be another.
          guard groupMark == nil || groupMark == lastMark, last == 3 else { return nil }
          groupMark = lastMark
        }
        lastMark = mark
        marks += 1
        last = run(cell, &index, range.upperBound)
        guard last > 0 else { return nil }
      }
    }

    private mutating func run(_ cell: Span<UInt8>, _ index: inout Int, _ end: Int) -> Int {
      let start = index
      var value = 0
      while index < end, cell[index].isDigit {
        value = min(value * 10 + Int(cell[index] - 0x30), 1000)
        index += 1
      }
      areOctets = areOctets && value <= 255
      digits += index - start
      return index - start
    }

    private var hasGroups: Bool { (1...3).contains(first) && !startsWithZero }

    /// The decimal mark of a cell that can be read in one way only.
    var decimalMark: UInt8? {
      switch lastMark {
      case .comma where groupMark != .comma: UInt8(ascii: ",")
      case .point where groupMark != .point: UInt8(ascii: ".")
      default: nil
      }
    }

    /// The formats in which the cell is a number, and how sure they are.
    var formats: CellClass {
      guard let lastMark, first == 1 || !startsWithZero else { return .text }
      guard let groupMark else { return single(lastMark) }
      guard hasGroups else { return .text }
      if groupMark == lastMark {
        guard last == 3, !(groupMark == .point && marks == 3 && areOctets) else { return .text }
        return grouped(by: groupMark).union(.isSurelyGrouped)
      }
      let format: CellClass =
        switch (groupMark, lastMark) {
        case (.comma, .point): .commaPoint
        case (.point, .comma): .dotComma
        case (.apostrophe, .point): .apostrophePoint
        case (_, .comma) where groupMark.isBlank: .blankComma
        case (_, .point) where groupMark.isBlank: .blankPoint
        default: .text
        }
      return format.isEmpty ? .text : format.union(.isSurelyGrouped)
    }

    /// A cell with one mark.
    private func single(_ mark: Mark) -> CellClass {
      let isGroup = hasGroups && last == 3
      if mark == .comma {
        let fraction: CellClass = [.comma, .dotComma, .blankComma]
        return isGroup ? fraction.union(.commaPoint) : fraction.union(.isSurelyFraction)
      }
      return isGroup && mark != .point ? grouped(by: mark) : .text
    }

    private func grouped(by mark: Mark) -> CellClass {
      switch mark {
      case .comma: .commaPoint
      case .point: .dotComma
      case .apostrophe: .apostrophePoint
      case .blank, .noBreakSpace, .narrowNoBreakSpace: [.blankComma, .blankPoint]
      }
    }
  }
}
