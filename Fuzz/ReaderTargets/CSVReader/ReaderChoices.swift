// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import Readers
import Validation
import WorkerProtocol

/// How a text is read: options, caps and sizes that a fuzzer chose, and the text behind them.
///
/// Zeros are the defaults, and blocks of 16 bytes.
struct ReaderChoices {
  var options = ReadOptions()
  var limits = Limits()
  let block: Int
  let sample: Int
  let piece: Int
  let text: [UInt8]

  private static let types: [RequestedType] = [
    .bool, .int64, .uint64, .integer, .float64, .number, .decimal(precision: 12, scale: 3), .anyDecimal, .date, .time,
    .timestamp, .timestampNanoseconds, .text,
  ]
  /// Texts that are repeated stay below this.
  private static let longest = 24 << 10

  init(_ input: inout FuzzInput) {
    let flags = input.byte()
    let choice = Int(input.byte())
    block = 16 + Int(input.integer(UInt16.self) & 0xFFF)
    sample = 1 + Int(input.integer(UInt16.self) & 0x3FF)
    piece = 1 + Int(input.integer(UInt16.self) & 0xFFF)
    let copies = Int(input.byte())
    text = Self.repeated(input.remainder(), copies)
    options = ReadOptions(header: [.auto, .always, .never, .auto][Int(flags & 3)], isVerbatim: flags & 0x24 == 0x24)
    options.cells.hasDecimalComma = flags & 8 != 0
    options.cells.dateOrder = flags & 16 == 0 ? nil : flags & 32 == 0 ? .dmy : .mdy
    if flags & 64 != 0 { options.cells.nullWords = ["k.A.", "7"] }
    // The upper bits name no type: rejects and strictness, off in what was found before there were any.
    let (type, more) = (choice & 15, choice >> 4)
    options.isStrict = more & 1 != 0
    options.maxRejects = [0, 3, 1_000_000, 40][more >> 1 & 3]
    if type > 0, type <= Self.types.count {
      let name = String(decoding: text.prefix { $0 > 0x2F && $0 < 0x7F && $0 != 0x3B && $0 != 0x7C }, as: UTF8.self)
      if !name.isEmpty {
        let rule = CellOptions.Rule(name: name, type: Self.types[type - 1], constraints: Self.constraints(more >> 3))
        if rule.constraints.areValid(for: rule.type) { options.cells.rules = [rule] }
      }
    }
    if type > 200 { try? options.dialect.set(.table, to: "\(type % 4 + 1)") }
    // Neither output nor time is what is looked for here.
    limits.outputBase = ByteCount(bytes: 8 << 20)
    if flags & 128 != 0 {
      limits.columns = 12
      limits.rows = 50
      limits.cellBytes = ByteCount(bytes: flags & 4 == 0 ? 2_000 : 40)
      limits.headerNameBytes = 12
    }
  }

  /// Nothing, or that each record has a value.
  private static func constraints(_ choice: Int) -> CellConstraints {
    var constraints = CellConstraints()
    constraints.isRequired = choice & 1 != 0
    return constraints
  }

  /// The second half of the text some times more: long tables from short inputs.
  private static func repeated(_ text: [UInt8], _ copies: Int) -> [UInt8] {
    let line = text[(text.count / 2)...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.count
    var long = text
    for _ in 0..<copies where line < text.count && long.count < longest { long += text[line...] }
    return long
  }

  /// Blocks do not follow the columns: within one, a control character is refused before what is malformed, so that the
  /// refusal of a text with two faults would follow the guess whether there are surplus cells.
  func sizes(sample: Int, piece: Int) -> PassSizes {
    // A wide table of many blocks would take long.
    let block = max(block, text.count / 64)
    return PassSizes(block: { _ in block }, sample: sample...sample, piece: piece)
  }
}
