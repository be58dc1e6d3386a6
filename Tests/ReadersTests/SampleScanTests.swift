// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import Readers

@Suite("The lines of a sample")
struct SampleScanTests {
  private static let cells = [
    "", "", "1", "2024-05-06", "\"\"", "\"a,b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", "ünïcödé", " ", "\t",
    "\"\"\"\"",
  ]
  private static let odd = ["a\"b", "\"c\"d", "\"open", "x\ry", "'q'", "\"p\" ", "\"l\n\"m\n"]
  /// The widths of records that follow each other, of which the first is the most common.
  private static let widths = [[4], [1, 4], [1, 0, 6, 0, 3], [2, 3, 4, 5], [1]]

  /// Records of changing widths, blank lines among them, and quotes where they do not belong now and then.
  private static func text(_ draw: inout SeededGenerator, _ format: CSVFormat) -> [UInt8] {
    let widths = widths.randomElement(using: &draw) ?? [1]
    let oddness = [0, 3, 60].randomElement(using: &draw) ?? 0
    let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &draw) ?? "\n"
    var text = ""
    for width in widths {
      for _ in 0..<([1, 2, 40, 900].randomElement(using: &draw) ?? 1) {
        let row = (0..<max(width, 1)).map { _ in
          let isOdd = Int.random(in: 0..<1000, using: &draw) < oddness
          return width == 0 ? "" : (isOdd ? odd : cells).randomElement(using: &draw) ?? ""
        }
        text += row.joined(separator: format.delimiter.text) + lineEnd
      }
    }
    return Array(text.utf8) + (Bool.random(using: &draw) ? [] : Array("1,2".utf8))
  }

  /// What a line of a sample tells, from a look at every cell.
  private static func lines(_ index: FieldIndex, _ bytes: MappedBytes) -> [[Int]] {
    (0..<index.recordCount).map { record in
      let cells = index.fields[index.fields(of: record)]
      let filled = index.isBlank(record, in: bytes) ? [] : cells.indices.filter { cells[$0].length > 0 }
      return [
        index.recordStarts[record], cells.count, filled.last.map { $0 - cells.startIndex + 1 } ?? 0, filled.count,
      ]
    }
  }

  private static func place(_ field: FieldPlace) -> [Int] {
    [field.start, Int(field.length), Int(field.flags.rawValue)]
  }

  private static let formats: [CSVFormat] = {
    var formats = [CSVFormat(delimiter: UInt8(ascii: ",")), CSVFormat(delimiter: .init(0x2C), quote: nil)]
    formats.append(CSVFormat(delimiter: .init(0x2C), escape: .backslash))
    formats.append(CSVFormat(delimiter: .init(0x2C), quote: CSVFormat.apostrophe))
    formats.append(CSVFormat(delimiter: .init(0x2C), comment: Array("1".utf8)))
    formats.append(CSVFormat(delimiter: .init(0x2C, 0x20)))
    return formats
  }()

  @Test("They are those that the scanner finds byte by byte, and their cells are found again", arguments: formats)
  func same(format: CSVFormat) {
    var draw = SeededGenerator(seed: 77)
    for _ in 0..<120 {
      let bytes = MappedBytes(Self.text(&draw, format))
      let whole = FieldIndex(of: bytes, 0..<bytes.count, format, isCut: false)
      let from = Bool.random(using: &draw) ? 0 : whole.recordStarts.randomElement(using: &draw) ?? 0
      let isCut = Bool.random(using: &draw)
      let range = from..<(isCut ? Int.random(in: from...bytes.count, using: &draw) : bytes.count)
      let keepsCells = Bool.random(using: &draw)
      let found = SampleLines(bytes, range: range, format: format, isCut: isCut, keepsCells: keepsCells)
      let expected = FieldIndex(of: bytes, range, format, isCut: isCut)
      let shapes: [[Int]] = found.lines.map { line in [line.start, line.width, line.effective, line.filled] }
      #expect(shapes == Self.lines(expected, bytes))
      for line in found.lines.indices.filter({ _ in Int.random(in: 0..<8, using: &draw) == 0 }) {
        let cells = expected.fields[expected.fields(of: line)]
        #expect(found.fields(line).map(Self.place) == cells.map(Self.place))
        let (index, records) = found.index.finding([0, line])
        #expect(index.fields[index.fields(of: records[1])].map(Self.place) == cells.map(Self.place))
      }
    }
  }

  @Test("As many records are counted of each width as there are, in any order")
  func tally() {
    var draw = SeededGenerator(seed: 3)
    for most in [1, 2, 5, 63, 64, 65, 300] {
      let widths = (0..<400).flatMap { _ in
        [Int](repeating: Int.random(in: 1...most, using: &draw), count: Int.random(in: 1..<4, using: &draw))
      }
      var tally = WidthTally()
      for width in widths { tally.add(width) }
      let counts = Dictionary(widths.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
      #expect(tally.counts.map { [$0.width, $0.count] } == counts.map { [$0.key, $0.value] })
      let most = counts.map(\.value).max() ?? 0
      #expect(tally.common.width == counts.last { $0.value == most }?.key)
      #expect(tally.common.share == Double(most) / Double(widths.count))
    }
  }

  @Test("The most common width is the larger of equals, and blank lines have none")
  func widths() {
    let bytes = MappedBytes(Array("1,2\n1,2,3\n\n1,2\n1,2,3\n,\n".utf8))
    let lines = SampleLines(bytes, range: 0..<bytes.count, format: CSVFormat(delimiter: 0x2C), isCut: false)
    let (width, share) = lines.commonWidth(lines.lines.indices)
    #expect(width == 3 && share == 0.5)
    #expect(lines.commonWidth(2..<3).width == 1 && lines.commonWidth(2..<3).share == 0)
  }
}

extension FieldIndex {
  /// The records of a range, one at a time; without what its end cuts.
  fileprivate init(of bytes: MappedBytes, _ range: Range<Int>, _ format: CSVFormat, isCut: Bool) {
    self.init()
    var scanner = CSVScanner(bytes, range: range, format: format, caps: .none)
    while !scanner.isAtEnd { try? scanner.scan(until: scanner.position + 1, into: &self) }
    while isCut, recordCount > 1, let last = recordStarts.last {
      recordStarts.removeLast()
      firstField.removeLast()
      fields.removeSubrange((firstField.last ?? 0)...)
      guard let quote = scanner.unclosedQuote, last > quote else { break }
    }
  }
}
