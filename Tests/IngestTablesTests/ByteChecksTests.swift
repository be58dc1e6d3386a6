// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

/// The checks once more for arrays, since spans do not go into expectations.
extension ByteChecks {
  fileprivate func countBits(_ bytes: [UInt8]) -> Int { countBits(bytes.span) }
  fileprivate func isZero(_ bytes: [UInt8]) -> Bool { isZero(bytes.span) }
  fileprivate func isSubset(_ bits: [UInt8], of allowed: [UInt8]) -> Bool { isSubset(bits.span, of: allowed.span) }
  fileprivate func areDays(_ values: [UInt8], in range: ClosedRange<Int32>) -> Bool { areDays(values.span, in: range) }
  fileprivate func areTimes(_ values: [UInt8], in range: ClosedRange<Int64>) -> Bool {
    areTimes(values.span, in: range)
  }
  fileprivate func areNullsZero(_ values: [UInt8], width: Int, validity: [UInt8], rows: Int) -> Bool {
    areNullsZero(values.span, width: width, validity: validity.span, rows: rows)
  }
  fileprivate func areOffsets(_ offsets: [UInt8], validity: [UInt8], rows: Int) -> Bool {
    areOffsets(offsets.span, validity: validity.span, rows: rows)
  }
  fileprivate func textBounds(
    _ offsets: [UInt8], validity: [UInt8], rows: Int, _ text: [UInt8], from base: Int
  ) -> (least: Int, greatest: Int)? {
    textBounds(offsets.span, validity: validity.span, rows: rows, text: text.span, from: base)
  }
  fileprivate func boundaries(_ offsets: [UInt8], in text: [UInt8], from base: Int) -> Int? {
    boundaries(offsets.span, in: text.span, from: base)
  }
}

@Suite("Checks of many bytes")
struct ByteChecksTests {
  private static let counts = [0, 1, 7, 8, 63, 64, 65, 127, 128, 1000]

  private func bytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
    values.flatMap { value in (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) } }
  }

  private func bits(_ rows: [Bool]) -> [UInt8] {
    stride(from: 0, to: rows.count, by: 8).map { start in
      (0..<min(8, rows.count - start)).reduce(0) { $0 | (rows[start + $1] ? 1 << UInt8($1) : 0) }
    }
  }

  @Test("Bits are counted, and zeros and subsets told", arguments: VectorInstructions.available)
  func simple(instructions: VectorInstructions) {
    let checks = ByteChecks(instructions)
    for count in Self.counts {
      var bytes = [UInt8](repeating: 0, count: count)
      #expect(checks.isZero(bytes) && checks.countBits(bytes) == 0)
      for index in Set([0, count / 2, count - 1]) where count > 0 {
        bytes[index] = 0x40
        #expect(!checks.isZero(bytes) && checks.countBits(bytes) == 1)
        var allowed = [UInt8](repeating: 0xBF, count: count)
        #expect(!checks.isSubset(bytes, of: allowed))
        allowed[index] = 0xC0
        #expect(checks.isSubset(bytes, of: allowed))
        bytes[index] = 0
      }
      #expect(checks.countBits([UInt8](repeating: 0xFF, count: count)) == count * 8)
    }
  }

  @Test("One value out of range is seen wherever it stands", arguments: VectorInstructions.available)
  func ranges(instructions: VectorInstructions) {
    let checks = ByteChecks(instructions)
    for count in Self.counts {
      var days = [Int32](repeating: 5, count: count)
      var times = [Int64](repeating: -5, count: count)
      if count > 1 { (days[0], times[0], days[1], times[1]) = (-7, -7, 9, 9) }
      #expect(checks.areDays(bytes(days), in: -7...9) && checks.areTimes(bytes(times), in: -7...9))
      for index in 0..<count where Soak.isOn || index < 20 || index % 5 == 0 {
        for wrong in [-8, 10, Int.min, Int.max] {
          (days[index], times[index]) = (Int32(clamping: wrong), Int64(wrong))
          #expect(!checks.areDays(bytes(days), in: -7...9) && !checks.areTimes(bytes(times), in: -7...9))
          (days[index], times[index]) = (0, 0)
        }
        if count > 128, index > 20 { break }
      }
    }
  }

  @Test("A value under a null is seen, and any where there is one is not", arguments: VectorInstructions.available)
  func nulls(instructions: VectorInstructions) {
    let checks = ByteChecks(instructions)
    var generator = SeededGenerator(seed: 7)
    for count in Self.counts {
      for width in [1, 2, 4, 8, 16] {
        let valid = (0..<count).map { _ in Int.random(in: 0..<3, using: &generator) > 0 }
        let validity = bits(valid)
        var values = valid.flatMap { [UInt8](repeating: $0 ? 0xA5 : 0, count: width) }
        let answer = { (values: [UInt8]) in
          checks.areNullsZero(values, width: width, validity: validity, rows: count)
        }
        #expect(answer(values))
        for row in valid.indices.filter({ !valid[$0] }).prefix(30) {
          values[row * width + row % width] = 0x10
          #expect(!answer(values))
          values[row * width + row % width] = 0
        }
      }
    }
  }

  @Test("An offset that falls, and a null that is not empty, are seen", arguments: VectorInstructions.available)
  func offsets(instructions: VectorInstructions) {
    let checks = ByteChecks(instructions)
    var generator = SeededGenerator(seed: 8)
    for count in Self.counts where count > 0 {
      let valid = (0..<count).map { _ in Int.random(in: 0..<3, using: &generator) > 0 }
      let validity = bits(valid)
      var offsets: [Int32] = [0]
      for isValid in valid { offsets.append((offsets.last ?? 0) + (isValid ? 3 : 0)) }
      let answer = { (values: [UInt8]) in
        checks.areOffsets(values, validity: validity, rows: count)
      }
      #expect(answer(bytes(offsets)))
      for row in 0..<min(count, 70) {
        var wrong = offsets
        // Behind a null, one more is a null that is not empty; behind a value, one less than before falls.
        wrong[row + 1] = valid[row] ? offsets[row] - 1 : offsets[row + 1] + 1
        #expect(!answer(bytes(wrong)))
      }
    }
  }

  @Test("The first and the last text are found, however alike they are", arguments: VectorInstructions.available)
  func textBounds(instructions: VectorInstructions) {
    let checks = ByteChecks(instructions)
    var generator = SeededGenerator(seed: 11)
    let parts = ["", "\u{0}", "a", "ab", "abcdefgh", "abcdefg", "é", "\u{7F}", "日本語", "🌡"].map { Array($0.utf8) }
    for round in 0..<300 {
      let few = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
        (0..<Int.random(in: 0...4, using: &generator)).flatMap { _ in parts.randomElement(using: &generator) ?? [] }
      }
      let rows: [[UInt8]?] = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
        round.isMultiple(of: 3) && Bool.random(using: &generator) ? nil : few.randomElement(using: &generator)
      }
      let base = Int32.random(in: 0...9, using: &generator)
      var offsets = [base]
      for row in rows { offsets.append((offsets.last ?? 0) + Int32(row?.count ?? 0)) }
      let text: [UInt8] = rows.flatMap { $0 ?? [] } + [0]
      let present = rows.map { $0 != nil }
      func bounds(_ offsets: [Int32]) -> (least: Int, greatest: Int)? {
        checks.textBounds(bytes(offsets), validity: bits(present), rows: rows.count, text, from: Int(base))
      }
      let found = bounds(offsets)
      let ordered = rows.compactMap(\.self).sorted { $0.lexicographicallyPrecedes($1) }
      #expect(found.flatMap { rows[$0.least] } == ordered.first)
      #expect(found.flatMap { rows[$0.greatest] } == ordered.last)
      // An offset that lies elsewhere is no offset of this text.
      for _ in 0..<4 where !rows.isEmpty {
        var wrong = offsets
        wrong[Int.random(in: 0..<wrong.count, using: &generator)] =
          [-1, .min, .max, base - 1, base + Int32(text.count) + 1]
          .randomElement(using: &generator) ?? -1
        #expect(bounds(wrong) == nil)
      }
    }
  }

  @Test("A cut character is seen, and offsets outside of the piece are not looked at")
  func boundaries() {
    let text = Array("aé日z".utf8)
    let checks = ByteChecks()
    let offsets = { (values: [Int32]) in bytes(values) }
    #expect(checks.boundaries(offsets([4, 10, 11, 13, 16, 17, 17]), in: text, from: 10) == 5)
    #expect(checks.boundaries(offsets([4, 9]), in: text, from: 10) == 2)
    #expect(checks.boundaries(offsets([17, 18]), in: text, from: 10) == 0)
    for cut in [12, 14, 15] as [Int32] {
      #expect(checks.boundaries(offsets([10, cut, 17]), in: text, from: 10) == nil)
    }
  }
}
