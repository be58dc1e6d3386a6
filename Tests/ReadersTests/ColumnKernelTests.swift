// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing
import Validation

@testable import Readers

@Suite("The kernels that convert columns")
struct ColumnKernelTests {
  private static let digits = Array("0123456789")

  private static func number(_ generator: inout SeededGenerator, whole: ClosedRange<Int>, places: ClosedRange<Int>)
    -> String
  {
    func run(_ length: Int) -> String {
      String((0..<length).map { _ in digits.randomElement(using: &generator) ?? "0" })
    }
    let whole = run(Int.random(in: whole, using: &generator))
    let fraction = run(Int.random(in: places, using: &generator))
    return (Bool.random(using: &generator) ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// A cell of the kind that a kernel is for, as people and programs write it, and sometimes something else.
  private static func cell(_ kernel: ColumnKernel, _ generator: inout SeededGenerator) -> String {
    let odd = [
      "", "", "\"\"", " 12", "12 ", "-", "--1", "1.", ".5", "1.2.3", "1e5", "1.5e-3", "x", "007", "-0", "0.0", "-0.00",
      "1:2", "12345678901234567890", "9007199254740993", "0.1234567890123456789", "true", "falsey", "TRUE", "fals",
      "2024-02-30T00:00:00", "2024-01-01T24:00:00", "2024-01-01T23:59:60", "2024-01-01T23:59", "2024-1-1T00:00:00",
      "2024-01-01T00:00:00.25", "2024-01-01 00:00:00", "0000-01-01T00:00:00", "2024-13-01", "/", ":",
    ]
    guard Int.random(in: 0..<24, using: &generator) > 0 else { return odd.randomElement(using: &generator) ?? "" }
    switch kernel {
    case .integers: return number(&generator, whole: 1...19, places: 0...0)
    case .doubles:
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: return number(&generator, whole: 1...5, places: 0...6)
      case 1: return "\(Double.random(in: -1000...1000, using: &generator))"
      default: return number(&generator, whole: 1...16, places: 0...18)
      }
    case .booleans: return ["true", "false", "True", "FALSE"].randomElement(using: &generator) ?? ""
    case .dates, .timestamps:
      func two(_ range: ClosedRange<Int>) -> String {
        let text = "\(Int.random(in: range, using: &generator))"
        return text.count < 2 ? "0" + text : text
      }
      let date = "\(Int.random(in: 1000...9999, using: &generator))-\(two(1...12))-\(two(1...31))"
      guard case .timestamps(_, let isZoned) = kernel else { return date }
      return date + "T\(two(0...23)):\(two(0...59)):\(two(0...59))" + (isZoned ? "Z" : "")
    }
  }

  private struct Converted: Equatable {
    var words: [UInt64]
    var valid: [UInt8]
    var nulls: Int
    var unknown: [Int]
  }

  /// Converts one column, and notes the cells that the kernel does not know.
  private static func convert(
    _ bytes: MappedBytes, _ column: Int, columns: Int, _ kernel: ColumnKernel, _ set: ScanSet
  ) -> Converted {
    let format = CSVFormat(delimiter: UInt8(ascii: ","))
    var index = RecordIndex(RecordIndex.Structure(format), columns: columns, set: set)
    _ = index.scan(bytes, from: 0, to: bytes.count, limit: bytes.count)
    var answer = Converted(
      words: [], valid: [UInt8](repeating: 9, count: index.records), nulls: 0, unknown: [])
    var (words, halves, flags) = ([UInt64](), [Int32](), [UInt8]())
    words = .init(repeating: 0, count: index.records)
    halves = .init(repeating: 0, count: index.records)
    flags = .init(repeating: 0, count: index.records)
    var row = 0
    while row < index.records {
      switch kernel {
      case .booleans:
        row = index.convert(
          column, of: bytes, by: kernel, from: row, into: &flags, at: 0, valid: &answer.valid, nulls: &answer.nulls)
      case .dates:
        row = index.convert(
          column, of: bytes, by: kernel, from: row, into: &halves, at: 0, valid: &answer.valid, nulls: &answer.nulls)
      default:
        row = index.convert(
          column, of: bytes, by: kernel, from: row, into: &words, at: 0, valid: &answer.valid, nulls: &answer.nulls)
      }
      guard row < index.records else { break }
      answer.unknown.append(row)
      (words[row], halves[row], flags[row], answer.valid[row]) = (0, 0, 0, 0)
      row += 1
    }
    answer.words = words + halves.map { UInt64(bitPattern: Int64($0)) } + flags.map(UInt64.init)
    return answer
  }

  @Test(
    "Every set of instructions converts the same cells to the same values, and leaves the same ones",
    arguments: [
      ColumnKernel.integers(isSigned: true), .integers(isSigned: false), .doubles(point: UInt8(ascii: ".")),
      .booleans, .dates(.yearMonthDay, separator: UInt8(ascii: "-")),
      .timestamps(between: UInt8(ascii: "T"), isZoned: false), .timestamps(between: UInt8(ascii: "T"), isZoned: true),
    ])
  func same(kernel: ColumnKernel) {
    var generator = SeededGenerator(seed: 99)
    for _ in 0..<60 {
      let columns = Int.random(in: 1...3, using: &generator)
      let isQuoted = Int.random(in: 0..<4, using: &generator) == 0
      var text = ""
      for _ in 0..<Int.random(in: 1...150, using: &generator) {
        let cells = (0..<columns).map { _ in Self.cell(kernel, &generator) }
        text += cells.map { isQuoted && !$0.hasPrefix("\"") ? "\"\($0)\"" : $0 }.joined(separator: ",") + "\n"
      }
      let bytes = MappedBytes(Array(text.utf8))
      for column in 0..<columns {
        let expected = Self.convert(bytes, column, columns: columns, kernel, .portable)
        for set in RecordIndexTests.sets where set != .portable {
          #expect(Self.convert(bytes, column, columns: columns, kernel, set) == expected, "\(set)")
        }
      }
    }
  }

  @Test("A number's binary64 is the nearest one, by every set of instructions")
  func nearest() {
    var generator = SeededGenerator(seed: 3)
    let texts = (0..<4000).map { _ in
      Bool.random(using: &generator)
        ? "\(Double.random(in: -1e6...1e6, using: &generator))" : Self.number(&generator, whole: 1...9, places: 1...9)
    }
    let bytes = MappedBytes(Array((texts.joined(separator: "\n") + "\n").utf8))
    for set in RecordIndexTests.sets {
      let found = Self.convert(bytes, 0, columns: 1, .doubles(point: UInt8(ascii: ".")), set)
      let unknown = Set(found.unknown)
      for (row, text) in texts.enumerated() where !unknown.contains(row) {
        #expect(Double(bitPattern: found.words[row]) == Double(text), "\(text) by \(set)")
      }
      #expect(found.unknown.count < texts.count / 2)
    }
  }
}
