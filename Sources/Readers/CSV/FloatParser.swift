// SPDX-License-Identifier: Apache-2.0

import CFastFloat

/// Converts decimal texts to binary64, correctly rounded: fast_float, one call a column and block.
struct FloatParser {
  private var starts: [UInt64] = []
  private var lengths: [UInt32] = []
  private var values: [Double] = []

  /// Forgets the texts.
  mutating func removeAll() {
    starts.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
  }

  /// Adds a text, or a cell without a value, which becomes 0.
  @inline(__always)
  mutating func add(_ range: Range<Int>) {
    starts.append(UInt64(truncatingIfNeeded: range.lowerBound))
    lengths.append(UInt32(truncatingIfNeeded: range.count))
  }

  /// The value of every text that was added; nil where one is no number after all.
  mutating func parse(_ bytes: MappedBytes) -> [Double]? {
    let count = starts.count
    if values.count < count { values = [Double](repeating: 0, count: count) }
    let parsed = unsafe starts.withUnsafeBufferPointer { starts in
      unsafe lengths.withUnsafeBufferPointer { lengths in
        unsafe values.withUnsafeMutableBufferPointer { values -> Int in
          guard let first = starts.baseAddress, let length = lengths.baseAddress, let value = values.baseAddress else {
            return 0
          }
          // SAFETY: all three arrays hold `count` elements, and the ranges were taken from these bytes.
          return unsafe ingest_parse_doubles(bytes.pointer, first, length, count, value)
        }
      }
    }
    return parsed == count ? Array(values.prefix(count)) : nil
  }
}
