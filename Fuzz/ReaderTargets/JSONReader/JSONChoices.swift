// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import Validation
import WorkerProtocol

/// How a text is read: options, caps and sizes that a fuzzer chose, and the text behind them.
///
/// Zeros are the defaults, and blocks of 16 bytes.
struct JSONChoices {
  var options = ReadOptions()
  var limits = Limits()
  let linesOnly: Bool
  let block: Int
  let sample: Int
  let piece: Int
  let text: [UInt8]

  private static let pointers = ["", "/a", "/a/0", "/data/rows", "/~0~1"]

  init(_ input: inout FuzzInput) {
    let (flags, choice) = (input.byte(), input.byte())
    block = 16 + Int(input.integer(UInt16.self) & 0xFFF)
    sample = 1 + Int(input.integer(UInt16.self) & 0x3FF)
    piece = 1 + Int(input.integer(UInt16.self) & 0xFFF)
    let copies = Int(input.byte())
    text = Self.repeated(input.remainder(), copies)
    linesOnly = flags & 1 != 0
    options = ReadOptions(
      header: [.auto, .always, .never, .auto][Int(flags >> 1 & 3)], isVerbatim: flags & 0x18 == 0x18)
    options.maxRejects = [0, 3, 1_000_000, 40][Int(flags >> 5 & 3)]
    if choice & 7 > 0 { try? options.dialect.set(.flattenDepth, to: "\(choice & 7)") }
    if choice & 8 != 0 {
      try? options.dialect.set(.jsonPointer, to: Self.pointers[Int(choice >> 4) % Self.pointers.count])
    }
    if choice & 0x80 != 0 { options.cells.rules = [CellOptions.Rule(name: "a", type: .int64)] }
    // Neither output nor time is what is looked for here.
    limits.outputBase = ByteCount(bytes: 8 << 20)
    limits.jsonDepth = 20
    if flags & 128 != 0 {
      limits.columns = 6
      limits.rows = 50
      limits.cellBytes = ByteCount(bytes: 40)
      limits.recordBytes = ByteCount(bytes: 400)
      limits.headerNameBytes = 12
    }
  }

  /// The text without the mark before it.
  var unmarked: [UInt8] { text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text }

  /// The last line some times more.
  private static func repeated(_ text: [UInt8], _ copies: Int) -> [UInt8] {
    let line = text.dropLast().lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    var long = text
    for _ in 0..<copies where long.count < 24 << 10 { long += text[line...] }
    return long
  }
}
