// SPDX-License-Identifier: Apache-2.0

import Glibc
import IngestTables

/// What a text that looks like a number can be without losing a digit.
enum NumberShape {
  /// Digits of a binary64 beyond which a value cannot be told from its neighbour.
  private static let mostDigits = 17
  /// Up to here every decimal has a binary64 of its own.
  private static let safeDigits = 15
  /// Up to here every integer is a binary64.
  private static let largestExactInteger: UInt64 = 1 << 53

  /// Classifies `[-]digits[.digits][(e|E)[±]digits]`; a leading zero or plus, or anything else, is text.
  ///
  /// What neither a 64-bit integer nor a binary64 holds is a decimal where it has at most 38 digits and no exponent.
  static func classify(_ cell: Span<UInt8>, _ range: Range<Int>) -> CellClass {
    var number = NumberScan(at: range.lowerBound)
    guard number.run(cell, end: range.upperBound) else { return .text }
    if !number.hasPoint, !number.hasExponent { return integer(number) }
    guard number.significantDigits <= mostDigits, keepsDigits(number, cell, range) else { return decimal(number) }
    let mark: CellClass = number.hasPoint || number.hasSignedExponent ? .hasPoint : .hasBareExponent
    return CellClass.float64.union(mark).union(number.gathered)
  }

  private static func decimal(_ number: NumberScan) -> CellClass {
    guard !number.hasExponent, number.integerDigits + number.fractionDigits <= DecimalText.mostDigits else {
      return .text
    }
    let point: CellClass = number.hasPoint ? [.hasPoint, .isSurelyPoint] : []
    return point.union(.decimal).union(number.digits)
  }

  private static func integer(_ number: NumberScan) -> CellClass {
    guard !number.overflowed else { return decimal(number) }
    // A negative zero is no integer: it would lose its sign.
    if number.isNegative, number.magnitude == 0 { return [.float64, .isNegativeZero] }
    var kind: CellClass = number.magnitude <= largestExactInteger ? .float64 : []
    if number.isNegative {
      if number.magnitude <= 1 << 63 { kind.insert(.int64) }
    } else {
      if number.magnitude < 1 << 63 { kind.insert(.int64) }
      kind.insert(.uint64)
    }
    // At most 20 digits.
    return kind.isEmpty ? decimal(number) : CellClass(rawValue: kind.rawValue | UInt64(number.integerDigits) << 40)
  }

  /// Whether the value is a finite binary64 that still has its digits: beyond 15 of them, and near the ends of the
  /// range, some may be lost.
  private static func keepsDigits(_ number: NumberScan, _ cell: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let exponent = number.decimalExponent else { return false }
    let isInner = (-290...306).contains(exponent)
    if number.significantDigits == 0 || isInner && number.significantDigits <= safeDigits { return true }
    if isInner {
      let places = number.significantDigits - 1 - exponent
      if let answer = survives(significand(cell, range, number.significantDigits), places: places) { return answer }
    }
    guard (-324...308).contains(exponent),
      let value = Double(String(decoding: range.map { cell[$0] }, as: UTF8.self)), value.isFinite, value != 0
    else { return false }
    let given = digits(of: range.map { cell[$0] })
    return digits(of: value.description.utf8) == given
      || isInner && digits(of: rounded(value, to: number.significantDigits)) == given
  }

  /// The first `count` significant digits, as a number; `count` is at most 17.
  private static func significand(_ cell: Span<UInt8>, _ range: Range<Int>, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    var rest = count
    for index in range where cell[index].isDigit && rest > 0 {
      value = value * 10 + UInt64(cell[index] &- 0x30)
      if value > 0 { rest -= 1 }
    }
    return value
  }

  /// Powers of ten that leave 128 bits room for 53 more and some to round by.
  private static let powers: [UInt128] = (0...21).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  /// Whether the binary64 nearest to `digits` × 10^-`places` gives these digits again when it is rounded to as many
  /// places.
  ///
  /// The common case of what `rounded` answers for all, without a text.
  ///
  /// - Parameter digits: at most 17 digits.
  /// - Returns: nil where the power is out of reach.
  private static func survives(_ digits: UInt64, places: Int) -> Bool? {
    guard powers.indices.contains(places), digits > 0 else { return nil }
    // The quotient has 57 to 127 bits; the value is its first 53, rounded, times a power of two.
    let up = 63 + digits.leadingZeroBitCount
    let (quotient, remainder) = (UInt128(digits) << up).quotientAndRemainder(dividingBy: powers[places])
    let excess = 75 - quotient.leadingZeroBitCount
    let value = quotient.shiftedToEven(right: excess, isAbove: remainder > 0)
    let product = value * powers[places]
    let again = up > excess ? product.shiftedToEven(right: up - excess, isAbove: false) : product << (excess - up)
    return again == digits
  }

  /// The value in scientific notation with `count` digits, at most 17, correctly rounded: many programs write 17
  /// always, so that 0.1 is `0.10000000000000001`.
  private static func rounded(_ value: Double, to count: Int) -> [UInt8] {
    var text = [CChar](repeating: 0, count: 32)
    // SAFETY: the format takes an int and a double, and no more than the array's length is written.
    _ = unsafe withVaList([Int32(count - 1), value]) { arguments in
      unsafe text.withUnsafeMutableBufferPointer { buffer in
        unsafe vsnprintf(buffer.baseAddress, buffer.count, "%.*e", arguments)
      }
    }
    return text.map { UInt8(bitPattern: $0) }
  }

  /// The digits of a number's significand, without zeros at either end.
  private static func digits(of text: some Sequence<UInt8>) -> [UInt8] {
    let significand = text.prefix { $0 != 0 && $0 | 0x20 != UInt8(ascii: "e") }
      .filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let zero = UInt8(ascii: "0")
    return Array(significand.drop { $0 == zero }.reversed().drop { $0 == zero }.reversed())
  }
}

/// One pass over the characters of a number.
private struct NumberScan {
  private var index: Int
  private(set) var isNegative = false
  /// The digits before the point, without a lone zero, and those behind it.
  private(set) var integerDigits = 0
  private(set) var fractionDigits = 0
  /// The digits before the point, as a number; meaningless where it overflowed.
  private(set) var magnitude: UInt64 = 0
  private(set) var overflowed = false
  private(set) var hasPoint = false
  private(set) var hasExponent = false
  private(set) var hasSignedExponent = false
  /// Digits from the first to the last that is not zero.
  private(set) var significantDigits = 0
  /// The exponent as it is written; nil where it is absurd.
  private var exponent: Int? = 0
  /// The power of ten of the first significant digit.
  private var firstDigitPower = 0
  private var pendingZeros = 0

  init(at start: Int) { index = start }

  /// The exponent of the value in scientific notation; nil where it is absurd.
  var decimalExponent: Int? { exponent.map { $0 + firstDigitPower } }

  /// Whether all characters up to `end` are a number.
  @inline(__always)
  mutating func run(_ cell: Span<UInt8>, end: Int) -> Bool {
    if cell[index] == UInt8(ascii: "-") {
      isNegative = true
      index += 1
    }
    let integerStart = index
    scanInteger(cell, end)
    let length = index - integerStart
    let isZero = length > 0 && cell[integerStart] == UInt8(ascii: "0")
    // A code or a phone number, not a number: 007.
    if length > 1, isZero { return false }
    integerDigits = isZero ? 0 : length
    if index == end { return length > 0 }
    if cell[index] == UInt8(ascii: ".") {
      hasPoint = true
      index += 1
      fractionDigits = scanFraction(cell, end)
    }
    guard length + fractionDigits > 0 else { return false }
    return index == end || scanExponent(cell, end)
  }

  @inline(__always)
  var digits: CellClass { .digits(integer: integerDigits, scale: fractionDigits) }

  /// What is gathered of a float.
  @inline(__always)
  var gathered: CellClass {
    var facts = digits
    let isGroup = fractionDigits == 3 && UInt(bitPattern: integerDigits &- 1) < 3
    facts.formUnion(isGroup ? [] : .isSurelyPoint)
    if hasExponent { facts.formUnion([.hasExponent, .isSurelyPoint]) }
    if significantDigits == 0, isNegative { facts.insert(.isNegativeZero) }
    return facts
  }

  @inline(__always)
  private mutating func scanInteger(_ cell: Span<UInt8>, _ end: Int) {
    let start = index
    while index < end, cell[index].isDigit {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, overflowAgain) = product.addingReportingOverflow(UInt64(cell[index] &- 0x30))
      overflowed = overflowed || overflow || overflowAgain
      magnitude = sum
      countDigit(cell[index])
      index &+= 1
    }
    // Leading zeros do not count; the first digit that does has the power of what follows it.
    firstDigitPower =
      significantDigits + pendingZeros > 0 && magnitude | (overflowed ? 1 : 0) != 0
      ? significantDigits + pendingZeros - 1 : 0
    if start == index { firstDigitPower = 0 }
  }

  private mutating func scanFraction(_ cell: Span<UInt8>, _ end: Int) -> Int {
    let start = index
    while index < end, cell[index].isDigit {
      if significantDigits == 0, cell[index] != 0x30 { firstDigitPower = start - index - 1 }
      countDigit(cell[index])
      index &+= 1
    }
    return index - start
  }

  @inline(__always)
  private mutating func countDigit(_ byte: UInt8) {
    if byte == 0x30 {
      if significantDigits > 0 { pendingZeros &+= 1 }
    } else {
      significantDigits &+= pendingZeros &+ 1
      pendingZeros = 0
    }
  }

  private mutating func scanExponent(_ cell: Span<UInt8>, _ end: Int) -> Bool {
    guard cell[index] | 0x20 == UInt8(ascii: "e") else { return false }
    hasExponent = true
    index += 1
    var isMinus = false
    if index < end, cell[index] == UInt8(ascii: "-") || cell[index] == UInt8(ascii: "+") {
      hasSignedExponent = true
      isMinus = cell[index] == UInt8(ascii: "-")
      index += 1
    }
    let start = index
    var value = 0
    while index < end, cell[index].isDigit {
      value = min(value * 10 + Int(cell[index] - 0x30), 1_000_000)
      index += 1
    }
    exponent = value >= 1_000_000 ? nil : isMinus ? -value : value
    return index == end && index > start
  }
}

extension UInt8 {
  @inline(__always)
  var isDigit: Bool { self &- 0x30 < 10 }
}

extension UInt128 {
  /// The number without its last `bits` bits, at least one, rounded to the nearest and to even in the middle.
  ///
  /// - Parameter isAbove: whether the number stands for something a little greater.
  fileprivate func shiftedToEven(right bits: Int, isAbove: Bool) -> UInt128 {
    let kept = self >> bits
    let half: UInt128 = 1 << (bits - 1)
    let rest = self & (half << 1 &- 1)
    let isUp = rest > half || rest == half && (isAbove || kept & 1 == 1)
    return isUp ? kept + 1 : kept
  }
}
