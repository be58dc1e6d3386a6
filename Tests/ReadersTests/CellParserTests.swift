// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTables
import IngestTesting
import Testing

@testable import Readers

@Suite("Cells")
struct CellParserTests {
  private func classify(_ text: String, isQuoted: Bool = false) -> CellClass {
    CellParser.classify(text.utf8Span.span, isQuoted: isQuoted).kind.withoutWord
  }

  @Test("A cell is what SEMANTICS says", arguments: CellTable.all)
  func classes(cell: String, kind: Kind) {
    #expect(classify(cell) == kind.cellClass)
  }

  @Test("The table has more than 150 cells, and none twice")
  func coverage() {
    #expect(CellTable.all.count >= 150)
    #expect(Set(CellTable.all.map(\.0)).count == CellTable.all.count)
  }

  @Test("A quoted word never stands for null, and all else is as without quotes", arguments: CellTable.all)
  func quoted(cell: String, kind: Kind) {
    #expect(classify(cell, isQuoted: true) == (kind == .nullWord ? .text : kind.cellClass))
  }

  /// Whether the first bytes of a cell leave open what it is.
  private func canBeTyped(_ cell: [UInt8]) -> Bool {
    let second = cell.count > 1 ? cell[1] : 0
    return CellParser.secondBytesOfTypedCells[Int(cell[0])] >> UInt32(second & 31) & 1 != 0
  }

  @Test("No cell that its first two bytes make plain text is anything else")
  func plain() {
    let cells = CellTable.all.flatMap { [$0.0, $0.0.uppercased(), $0.0.lowercased(), " " + $0.0] }.map {
      Array($0.utf8)
    }
    let pairs = (UInt8.min ... .max).flatMap { first in [[first]] + (UInt8.min ... .max).map { [first, $0] } }
    for cell in cells + pairs where !cell.isEmpty && !canBeTyped(cell) {
      #expect(CellParser.classify(cell.span, isQuoted: false) == .text, "\(cell)")
    }
    #expect(["Iceland", "item-17", "France", "total", "x"].allSatisfy { !canBeTyped(Array($0.utf8)) })
  }

  @Test("C32 A million digits take linear time", arguments: ["9", "0", "0.0", "1.0", "1e0", "1.9", "-", ".", "1e9"])
  func long(start: String) {
    let digit = start.last.map(String.init) ?? "0"
    let time = ContinuousClock().measure { _ = classify(start + String(repeating: digit, count: 1_000_000)) }
    #expect(time < .seconds(20))
  }

  @Test("Neither length nor content traps, wherever a cell is cut", arguments: CellTable.all)
  func truncated(cell: String, kind: Kind) {
    for length in 1...max(1, min(40, cell.utf8.count)) {
      let piece = Array(cell.utf8.prefix(length))
      _ = CellParser.classify(piece.span, isQuoted: false)
      _ = CellParser.classify(([0x20] + piece + [0x09]).span, isQuoted: true)
    }
  }

  @Test("C48 Noise of a number's or a date's characters never traps")
  func noise() {
    var generator = SeededGenerator(seed: 32)
    let alphabet = Array("0123456789--//..::++eETZ nNaA,'%$".utf8)
    for _ in 0..<30_000 {
      let cell =
        (0..<Int.random(
          in: 1...36,
          using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      let kind = CellParser.classify(cell.span, isQuoted: false)
      let range = CellParser.trim(cell.span)
      if !kind.isDisjoint(with: .timestamps) { #expect(TimeShape.timestamp(cell.span, range) != nil) }
      if kind.contains(.int64) { #expect(String(CellParser.int64(cell.span, range)).utf8.elementsEqual(cell[range])) }
    }
  }

  @Test("Integers at the ends of their range keep their value")
  func edges() {
    for value in [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max] {
      let text = String(value)
      #expect(classify(text).contains(.int64))
      #expect(CellParser.int64(text.utf8Span.span, 0..<text.utf8.count) == value)
    }
    for value in [UInt64.min, UInt64(Int64.max), 1 << 63, .max] {
      let text = String(value)
      #expect(classify(text).contains(.uint64))
      #expect(CellParser.uint64(text.utf8Span.span, 0..<text.utf8.count) == value)
    }
    #expect(classify("-9223372036854775808") == .int64)
    #expect(classify("-9223372036854775809") == .decimal)
  }

  @Test("Every double that Swift writes is a float, with its value kept")
  func doubles() throws {
    var generator = SeededGenerator(seed: 64)
    for _ in 0..<3_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let text = value.description
      let kind = classify(text)
      #expect(kind.contains(.float64), "\(text)")
      let parsed = parseDouble(MappedBytes(Array(text.utf8)), 0..<text.utf8.count)
      #expect(parsed?.bitPattern == value.bitPattern, "\(text)")
    }
  }

  @Test("A float of 16 or 17 digits is one only where its value, rounded to as many, has its digits")
  func longDigits() throws {
    var generator = SeededGenerator(seed: 17)
    for round in 0..<8_000 {
      let count = Int.random(in: 15...16, using: &generator)
      var digits = String(Int.random(in: 1...9, using: &generator))
      for _ in 0..<count { digits += String(Int.random(in: 0...9, using: &generator)) }
      // What programs write is in half of them; the other half are any digits.
      if round.isMultiple(of: 2) {
        let value = Double(
          bitPattern: UInt64.random(
            in: 0x3FE0_0000_0000_0000...0x4000_0000_0000_0000,
            using: &generator))
        digits = String(format: "%.*e", count, value).prefix { $0 != "e" }.filter { $0 != "." }
      }
      let power = Int.random(in: -30...24, using: &generator)
      let text = "\(digits.prefix(1)).\(digits.dropFirst())e\(power < 0 ? "-" : "+")\(abs(power))"
      let value = try #require(Double(text))
      let given = try #require(Rendering.Decimal10(text))
      let kept = Rendering.Decimal10(String(format: "%.*e", given.digits.count - 1, value)) == given
      #expect(classify(text).contains(.float64) == kept, "\(text)")
    }
  }

  @Test("What is classified as a float is a number to the converter too", arguments: CellTable.all)
  func convertible(cell: String, kind: Kind) {
    guard kind.cellClass.contains(.float64) else { return }
    let bytes = Array(cell.utf8)
    #expect(parseDouble(MappedBytes(bytes), CellParser.trim(bytes.span)) != nil)
  }

  @Test(
    "Days and microseconds are those of the calendar",
    arguments: [
      ("1970-01-01T00:00", 0), ("1969-12-31T23:59:59.999999", -1), ("2000-02-29 12:00:00", 951_825_600_000_000),
      ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T18:30-0530", 0),
      ("0001-01-01T00:00:00", CivilDate.microseconds.lowerBound),
      ("9999-12-31T23:59:59.999999Z", CivilDate.microseconds.upperBound), ("1970-01-01T00:00:00.1", 100_000),
      ("1970-01-01T00:00:00.000010", 10),
    ])
  func microseconds(text: String, value: Int64) {
    #expect(TimeShape.timestamp(text.utf8Span.span, 0..<text.utf8.count)?.microseconds == value)
  }

  @Test(
    "Nanoseconds are those of the calendar, as far as 64 bits reach",
    arguments: [
      ("1970-01-01T00:00:00.000000001", 1), ("1969-12-31T23:59:59.999999999", -1),
      ("2262-04-11T23:47:16.854775807", Int64.max), ("2262-04-11T23:47:16.854775808", nil),
      ("1677-09-21T00:12:43.145225", Int64.min + 808), ("1677-09-21T00:12:43.145224", nil), ("9999-12-31T00:00", nil),
    ] as [(String, Int64?)])
  func nanoseconds(text: String, value: Int64?) {
    let timestamp = TimeShape.timestamp(text.utf8Span.span, 0..<text.utf8.count)
    #expect(timestamp?.inNanoseconds == value)
    #expect(timestamp?.kind.contains(.isBeyondNanoseconds) == (value == nil))
  }

  @Test(
    "A decimal is exact, at any scale that holds it",
    arguments: [
      ("0", 0, 0), ("-0.5", 1, -5), ("1.5", 3, 1500), ("12345678901234567890.5", 1, 123_456_789_012_345_678_905),
      ("99999999999999999999999999999999999999", 0, DecimalText.powers[38] - 1),
      ("-0.99999999999999999999999999999999999999", 38, 1 - DecimalText.powers[38]), ("5.", 0, 5), (".5", 1, 5),
      ("1.55", 1, nil), ("100000000000000000000000000000000000000", 0, nil), ("1", 38, nil), ("0", 38, 0),
      ("1e5", 2, nil), ("1..5", 2, nil), ("1,5", 1, nil), ("x", 0, nil),
    ] as [(String, Int, Int128?)])
  func decimals(text: String, scale: Int, value: Int128?) {
    #expect(DecimalParser.unscaled(text.utf8Span.span, 0..<text.utf8.count, scale: scale) == value)
  }
}
