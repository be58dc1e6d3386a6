// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import Readers

@Suite("Marks at the start of a text")
struct MarkCountsTests {
  private static let alphabet = Array(",,;\t|:   #*~^=\n\n\r\"\"''\\ab1é/-!%".utf8)

  /// A text of marks for the most part, in runs here and there.
  private static func text(_ draw: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = []
    let wished = [0, 1, 2, 63, 64, 65, 300, 5_000].randomElement(using: &draw) ?? 0
    while text.count < wished {
      let byte = alphabet.randomElement(using: &draw) ?? 0
      let run = Int.random(in: 0..<20, using: &draw) == 0 ? Int.random(in: 1..<90, using: &draw) : 1
      text += [UInt8](repeating: byte, count: run)
    }
    return text
  }

  @Test("They are found where they stand, by every set of instructions", arguments: ScanSet.allCases)
  func places(set: ScanSet) {
    guard set.isAvailable else { return }
    var draw = SeededGenerator(seed: 5)
    for round in 0..<20 {
      let text = Self.text(&draw) + (round % 3 == 0 ? Array(UInt8.min ... .max) : [])
      let wanted = (0..<Int.random(in: 1..<9, using: &draw)).map { _ in UInt8.random(in: 0..<128, using: &draw) }
      let from = Int.random(in: 0...text.count, using: &draw)
      var places = BytePlaces(of: ByteSet(wanted), set: set)
      places.find(in: MappedBytes(text), from..<text.count)
      let found = (0..<places.count).map { places[$0] }
      #expect(found == (from..<text.count).filter { wanted.contains(text[$0]) })
    }
  }

  @Test("They are counted as a look at each byte and its neighbours counts them")
  func counts() {
    var draw = SeededGenerator(seed: 9)
    for _ in 0..<30 {
      let text = Self.text(&draw)
      let counts = MarkCounts(MappedBytes(text), 0..<text.count)
      let look = Look(text)
      for (number, delimiter) in DialectCandidates.delimiters.enumerated() {
        let tally = counts.tally(ofDelimiter: number)
        #expect(tally.total == text.count { $0 == delimiter })
        #expect(tally.doubled == look.pairs(of: delimiter))
        #expect(tally.spaced == text.indices.count { text[$0] == delimiter && look.isSpaced($0) })
      }
      #expect(counts.opening == text.indices.count { text[$0] == Look.apostrophe && look.isBoundary($0 - 1) })
      let closing = text.indices.dropFirst().count { text[$0 - 1] == Look.apostrophe && look.isBoundary($0) }
      #expect(counts.closing == closing)
      #expect((counts.padded > 0) == text.indices.contains(where: look.pads))
      #expect(counts.lines == text.indices.count(where: look.startsLine))
      for (number, prefix) in DialectCandidates.commentPrefixes.enumerated() {
        let commented = text.indices.count { look.startsLine($0) && text[$0...].starts(with: prefix) }
        #expect(counts.commented[number] == commented)
      }
      for byte in UInt8.min..<128 {
        let isEscaped = text.indices.dropFirst().contains { text[$0] == byte && text[$0 - 1] == UInt8(ascii: "\\") }
        #expect(counts.escaped.contains(byte) == isEscaped)
      }
    }
  }

  /// What is true of one byte of a text; before it stands a line end.
  private struct Look {
    static let apostrophe = UInt8(ascii: "'")
    let text: [UInt8]

    init(_ text: [UInt8]) { self.text = text }

    private func byte(_ index: Int) -> UInt8 { index < 0 ? 0x0A : text[index] }

    private func isLineEnd(_ index: Int) -> Bool { byte(index) == 0x0A || byte(index) == 0x0D }

    private func isQuote(_ index: Int) -> Bool { byte(index) == UInt8(ascii: "\"") || byte(index) == Self.apostrophe }

    func isBoundary(_ index: Int) -> Bool {
      isLineEnd(index) || DialectCandidates.delimiters.contains(byte(index))
    }

    func startsLine(_ index: Int) -> Bool { isLineEnd(index - 1) && !isLineEnd(index) }

    func isSpaced(_ index: Int) -> Bool {
      index + 1 < text.count && (byte(index + 1) == 0x20 || isLineEnd(index + 1))
    }

    /// Two of a byte, and two more of it behind them.
    func pairs(of delimiter: UInt8) -> Int {
      text.split(whereSeparator: { $0 != delimiter }).reduce(0) { $0 + $1.count / 2 }
    }

    /// Whether a quote and what a cell could end with stand on both sides of the blanks before a byte.
    func pads(_ index: Int) -> Bool {
      guard byte(index - 1) == 0x20 else { return false }
      let outer = text[..<index].lastIndex { $0 != 0x20 } ?? -1
      return isQuote(index) && isBoundary(outer) || isQuote(outer) && isBoundary(index)
    }
  }
}
