// SPDX-License-Identifier: Apache-2.0

import IngestTables
package import IngestTesting

extension SampleTable {
  private static let names = ["c", "a\"b", "é", "e\u{301}", ",", "\r\n", "\0", String(repeating: "n", count: 300)]
  private static let texts = [
    "", "a", "é", "日本", "🌡", "\"quoted\", with; all\ttypes|", "NA", "-", "\r\n", "\0", "\u{FEFF}", "e\u{301}", "\u{7F}",
    "1.5", String(repeating: "long ", count: 60),
  ]

  /// A well-formed table that a fuzzer chose: few columns and batches of every kind, cells by a seeded generator.
  package init(choosing input: inout FuzzInput) {
    let columns = 1 + input.choice(8)
    let fields = (0..<columns).map { index in
      Field(name: input.element(of: Self.names) + "\(index)", type: input.element(of: Self.types))
    }
    var random = SeededGenerator(seed: input.integer())
    let batches = (0..<input.choice(4)).map { _ -> [[Value]] in
      let rows = Self.rows(choosing: &input, columns: columns)
      let density = input.choice(4)
      return fields.map { field in
        (0..<rows).map { _ in
          random.next() % 4 < UInt64(density) ? .null : Self.cell(field.type, &random)
        }
      }
    }
    self.init(schema: Schema(fields: fields), batches: batches)
  }

  /// Mostly few rows, around a byte of a bitmap; sometimes around a whole buffer's alignment, or around the verifier's
  /// windows of 32,768 rows.
  private static func rows(choosing input: inout FuzzInput, columns: Int) -> Int {
    switch input.byte() {
    case let byte where byte < 224: Int(byte % 11)
    case 255 where columns == 1: (1 << 15) - 4 + input.choice(9)
    case let byte: Int(byte) - 224 + 50
    }
  }

  private static func cell(_ type: ColumnType, _ random: inout SeededGenerator) -> Value {
    let word = random.next()
    return switch type {
    case .null: .null
    case .bool: .bool(word & 1 == 1)
    case .int64: .int64(Int64(bitPattern: word) >> Int64(word & 63))
    case .uint64: .uint64(word >> (word & 63))
    case .float64: .float64(Double(bitPattern: word))
    case .date: .date(days: Int32.random(in: CivilDate.days, using: &random))
    case .timestamp(let isUTC):
      .timestamp(microseconds: Int64.random(in: CivilDate.microseconds, using: &random), isUTC: isUTC)
    case .timestampNanoseconds(let isUTC): .timestampNanoseconds(Int64(bitPattern: word), isUTC: isUTC)
    case .time: .time(microseconds: Int64.random(in: CivilDate.timesOfDay, using: &random))
    case .decimal(let precision, let scale):
      .decimal(
        unscaled: Int128(Int64(bitPattern: word)) * Int128(random.next() >> 1) % DecimalText.powers[precision],
        scale: scale)
    case .utf8: .text(text(&random))
    case .listOfUTF8: .list((0..<Int(word % 4)).map { _ in random.next() % 4 == 0 ? nil : text(&random) })
    }
  }

  private static func text(_ random: inout SeededGenerator) -> String {
    texts[Int(random.next() % UInt64(texts.count))]
  }
}
