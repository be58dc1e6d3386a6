// SPDX-License-Identifier: Apache-2.0

package import IngestTables

extension ColumnBounds {
  /// The bounds of values, found one value after the other.
  package init(slowly values: [Value]) {
    self = .none
    for value in values {
      switch value {
      case .null, .list: break
      case .bool(let value): add(.bool(least: value, greatest: value))
      case .int64(let value), .timestamp(let value, _), .timestampNanoseconds(let value, _), .time(let value):
        add(.words(least: value, greatest: value))
      case .uint64(let value):
        let word = Int64(bitPattern: value ^ 1 << 63)
        add(.words(least: word, greatest: word))
      case .float64(let value): if !value.isNaN { add(.floats(least: value + 0, greatest: value + 0)) }
      case .date(let days): add(.words(least: Int64(days), greatest: Int64(days)))
      case .decimal(let unscaled, _): add(.decimals(least: unscaled, greatest: unscaled))
      case .text(let text): addText(Array(text.utf8))
      }
    }
    self = cut
  }

  /// Whole texts are compared, and cut when all are known.
  private mutating func addText(_ text: [UInt8]) { add(.texts(least: text, greatest: text)) }

  private var cut: ColumnBounds {
    guard case .texts(let least, let greatest) = self else { return self }
    let length = ColumnBounds.longestText
    return .texts(least: Array(least.prefix(length)), greatest: Array(greatest.prefix(length)))
  }
}
