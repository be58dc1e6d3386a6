// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

/// The rules once more, one byte after the other and from the standard library.
private struct SlowText {
  /// The offset of the first byte that cannot be; nil also where a character is cut by the end.
  static func fault(in bytes: [UInt8]) -> Int? {
    var start = 0
    while start < bytes.count {
      guard bytes[start] > 127 else {
        start += 1
        continue
      }
      guard let length = (1...4).first(where: { isCharacter(bytes[start..<min(start + $0, bytes.count)]) }) else {
        return faultOfCharacter(bytes[start...])
      }
      start += length
    }
    return nil
  }

  static func control(in bytes: [UInt8]) -> Int? {
    bytes.firstIndex { [UInt8](0...8).contains($0) || (14...31).contains($0) || $0 == 127 }
  }

  private static func isCharacter(_ bytes: ArraySlice<UInt8>) -> Bool {
    String(validating: bytes, as: UTF8.self)?.unicodeScalars.count == 1
  }

  /// The first byte behind which no bytes at all could make a character.
  private static func faultOfCharacter(_ bytes: ArraySlice<UInt8>) -> Int? {
    let ends: [[UInt8]] = [
      [], [0x80], [0x90], [0xA0], [0x80, 0x80], [0x90, 0x80], [0xA0, 0x80], [0x80, 0x80, 0x80], [0x90, 0x80, 0x80],
    ]
    for length in 1...min(4, bytes.count) {
      let begin = bytes.prefix(length)
      if !ends.contains(where: { isCharacter(begin + $0) }) { return bytes.startIndex + length - 1 }
    }
    return nil
  }
}

@Suite("Text by vectors")
struct TextVectorTests {
  private static let words = ["abcdefgh", "\t\n\r", "é", "߿", "ࠀ", "日本", "\u{D7FF}\u{E000}", "🌡", "\u{10FFFF}", " "]

  /// Text of at least `length` bytes, mostly of one word.
  private static func text(_ length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    let usual = words.randomElement(using: &generator) ?? ""
    var bytes: [UInt8] = []
    while bytes.count < length {
      let isUsual = Int.random(in: 0..<4, using: &generator) > 0
      bytes += (isUsual ? usual : words.randomElement(using: &generator) ?? "").utf8
    }
    return bytes
  }

  private func check(_ bytes: [UInt8], _ instructions: VectorInstructions) {
    var validator = UTF8Validator(using: instructions)
    let fault = validator.consume(bytes.span)
    let isWhole = String(validating: bytes, as: UTF8.self) != nil
    if fault != SlowText.fault(in: bytes) || (fault == nil && validator.isAtBoundary) != isWhole {
      Issue.record("\(instructions): \(bytes)")
    }
    if fault == nil, validator.isASCII, bytes.contains(where: { $0 > 127 }) { Issue.record("no ASCII: \(bytes)") }
    var text = UTF8Validator(using: instructions)
    let expected = SlowText.control(in: bytes).map(TextFault.control) ?? fault.map(TextFault.malformed)
    if text.consumeText(bytes.span) != expected { Issue.record("\(instructions), as text: \(bytes)") }
  }

  @Test("This machine has other instructions than the portable ones")
  func instructions() {
    #expect(VectorInstructions.available.contains(.portable))
    #expect(VectorInstructions.available.contains(.best) && VectorInstructions.best != .portable)
  }

  @Test("C29 Every way of checking finds the first fault of damaged texts", arguments: VectorInstructions.available)
  func damaged(instructions: VectorInstructions) {
    var generator = SeededGenerator(seed: 2020)
    for _ in 0..<Soak.rounds(250, soak: 1_500) {
      var bytes = Self.text(Int.random(in: 0...400, using: &generator), &generator)
      for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
        let damage: [UInt8] = [
          0x00, 0x0B, 0x1F, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xF5, 0xFF,
        ]
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = damage.randomElement(using: &generator) ?? 0
      }
      check(bytes, instructions)
      check(Array(bytes.dropLast(Int.random(in: 0...min(3, bytes.count), using: &generator))), instructions)
    }
  }

  @Test("C29 A faulty sequence is found wherever it lies in a block", arguments: VectorInstructions.available)
  func places(instructions: VectorInstructions) {
    let sequences: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0xC3], [0xE0, 0x9F, 0x80], [0xE0, 0xA0], [0xED, 0xA0, 0x80],
      [0xEF, 0xBF], [0xF0, 0x8F, 0x80, 0x80], [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xC3, 0xA9, 0xA9], [0xE2, 0x82, 0xAC, 0x80], [0x00], [0x1B], [0x7F],
    ]
    for sequence in sequences {
      // Each place near the borders of vectors and blocks.
      for place in 0...264 where Soak.isOn || [0, 1, 2, 31].contains(place % 32) {
        var bytes = [UInt8](repeating: 0x61, count: 264)
        bytes.insert(contentsOf: sequence, at: place)
        check(bytes, instructions)
      }
    }
  }

  @Test("C29 Pieces of any length make no difference", arguments: VectorInstructions.available)
  func splits(instructions: VectorInstructions) {
    var generator = SeededGenerator(seed: 13)
    for turn in 0..<12 {
      var bytes = Self.text(300, &generator)
      if turn % 2 == 1 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = 0xED }
      let expected = SlowText.fault(in: bytes)
      for split in 0...bytes.count {
        var validator = UTF8Validator(using: instructions)
        let first = validator.consume(bytes.span.extracting(0..<split))
        let second = first == nil ? validator.consume(bytes.span.extracting(split..<bytes.count)) : nil
        #expect(first ?? second.map { $0 + split } == expected, "\(split) of \(bytes)")
      }
    }
  }
}
