// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

@Suite("UTF-8")
struct UTF8ValidatorTests {
  private func isValid(_ bytes: [UInt8], step: Int = .max, using instructions: VectorInstructions = .best) -> Bool {
    var validator = UTF8Validator(using: instructions)
    var index = 0
    while index < bytes.count {
      let end = step == .max ? bytes.count : min(index + step, bytes.count)
      if validator.consume(bytes.span.extracting(index..<end)) != nil { return false }
      index = end
    }
    return validator.isAtBoundary
  }

  private func check(_ bytes: [UInt8]) {
    let expected = String(validating: bytes, as: UTF8.self) != nil
    guard isValid(bytes) != expected || isValid(bytes, step: 1) != expected else { return }
    Issue.record("\(bytes)")
  }

  @Test("C29 All sequences of one and two bytes are judged as the standard library judges them")
  func short() {
    for first in UInt8.min...UInt8.max {
      check([first])
      for second in UInt8.min...UInt8.max { check([first, second]) }
    }
  }

  @Test("C29 Sequences of three and four bytes are judged alike, at every edge")
  func long() {
    let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
    for first in UInt8(0xC0)...0xFF {
      for second in edges {
        for third in edges {
          check([first, second, third])
          for fourth in [0x41, 0x80, 0xBF, 0xC0] as [UInt8] { check([first, second, third, fourth]) }
        }
      }
    }
    for value in stride(from: UInt32(0x80), through: 0x10_FFFF, by: 101) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      check(Array(String(scalar).utf8))
    }
  }

  @Test(
    "C29 The first byte that cannot be is named, wherever pieces end",
    arguments: [
      ([0x61, 0xFF], 1), ([0xC3, 0x28], 1), ([0xE2, 0x82, 0x41], 2), ([0xED, 0xA0, 0x80], 1),
      ([0xF0, 0x80, 0x80, 0x80], 1), ([0xF4, 0x90, 0x80, 0x80], 1),
      ([0xC0, 0xAF], 0), ([0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), (Array(repeating: 0x61, count: 23) + [0xFE], 23),
    ] as [([UInt8], Int)])
  func offsets(bytes: [UInt8], fault: Int) {
    for step in 1...max(1, bytes.count) {
      var validator = UTF8Validator()
      var found: Int?
      for start in stride(from: 0, to: bytes.count, by: step) where found == nil {
        found = validator.consume(bytes.span.extracting(start..<min(start + step, bytes.count))).map { $0 + start }
      }
      #expect(found == fault)
    }
  }

  @Test("A text that is cut inside of a character is not at a boundary")
  func boundaries() {
    let text = Array("aé日🌡z".utf8)
    for length in 0...text.count {
      var validator = UTF8Validator()
      #expect(validator.consume(text.span.extracting(0..<length)) == nil)
      #expect(validator.isAtBoundary == (String(validating: text.prefix(length), as: UTF8.self) != nil))
    }
  }

  @Test("Long texts with one wrong byte anywhere are judged alike, in pieces of any length")
  func pieces() {
    var generator = SeededGenerator(seed: 29)
    for _ in 0..<1_000 {
      var bytes = Array(
        (0..<6).map { _ in
          [
            "abcdefghij", "é", "日本", "🌡",
            " ",
          ].randomElement(using: &generator) ?? ""
        }.joined().utf8)
      if Bool.random(using: &generator), !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0x70...0xFF, using: &generator)
      }
      let expected = String(validating: bytes, as: UTF8.self) != nil
      for step in [1, 3, 8, .max] where isValid(bytes, step: step) != expected { Issue.record("\(bytes), \(step)") }
    }
  }
}
