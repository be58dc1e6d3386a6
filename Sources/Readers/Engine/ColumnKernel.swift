// SPDX-License-Identifier: Apache-2.0

import CScan

/// How a column's common cells are converted.
enum ColumnKernel: Sendable, Hashable {
  case integers(isSigned: Bool)
  /// Numbers with this byte before their fraction.
  case doubles(point: UInt8)
  case booleans
  case dates(DateOrder, separator: UInt8)
  case timestamps(between: UInt8, isZoned: Bool)

  enum DateOrder: Int32, Sendable { case yearMonthDay, dayMonthYear, monthDayYear }
}

extension CellIndex {
  /// Converts rows from `first` on, up to a cell that the kernel does not know.
  ///
  /// - Parameters:
  ///   - values: as many elements of the kernel's type as there are records; the value of row `n` is element `n`.
  ///   - valid: 1 where a row has a value, 0 where not.
  ///   - nulls: grows by the number of rows without one.
  /// - Returns: the row of that cell, or the number of records.
  func convert<Value: BitwiseCopyable>(
    _ column: Int, of bytes: MappedBytes, by kernel: ColumnKernel, from first: Int, into values: inout [Value],
    at offset: Int, valid: inout [UInt8], nulls: inout Int
  ) -> Int {
    precondition(values.count >= offset + records && valid.count >= records)
    return unsafe withColumn(column, bytes) { view in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe valid.withUnsafeMutableBufferPointer { valid in
          guard let values = values.baseAddress, let valid = valid.baseAddress else { return 0 }
          // SAFETY: both arrays have an element for each record; the kernel writes none beyond.
          return unsafe Self.call(kernel, view, first, values + offset, valid, &nulls)
        }
      }
    }
  }

  @unsafe @inline(__always)
  private static func call<Value>(
    _ kernel: ColumnKernel, _ view: UnsafePointer<ingest_column>, _ first: Int, _ values: UnsafeMutablePointer<Value>,
    _ valid: UnsafeMutablePointer<UInt8>, _ nulls: inout Int
  ) -> Int {
    let raw = unsafe UnsafeMutableRawPointer(values)
    // SAFETY: `ColumnSink` pairs each kernel with the width of its values.
    switch kernel {
    case .integers(let isSigned):
      return unsafe ingest_convert_integers(
        view, first, isSigned ? 1 : 0, raw.assumingMemoryBound(to: Int64.self), valid, &nulls)
    case .doubles(let point):
      return unsafe ingest_convert_doubles(view, first, point, raw.assumingMemoryBound(to: Double.self), valid, &nulls)
    case .booleans:
      return unsafe ingest_convert_booleans(view, first, raw.assumingMemoryBound(to: UInt8.self), valid, &nulls)
    case .dates(let order, let separator):
      return unsafe ingest_convert_dates(
        view, first, order.rawValue, separator, raw.assumingMemoryBound(to: Int32.self), valid, &nulls)
    case .timestamps(let between, let isZoned):
      return unsafe ingest_convert_timestamps(
        view, first, between, isZoned ? 1 : 0, raw.assumingMemoryBound(to: Int64.self), valid, &nulls)
    }
  }
}

extension [UInt8] {
  /// Sets `count` bits from bit `at` on to the first bytes of `valid`, 0 or 1; the bits from there on must be zero, and
  /// the array long enough.
  mutating func packBits(at: Int, _ valid: [UInt8], count: Int) {
    precondition(self.count * 8 >= at + count && valid.count >= count)
    unsafe withUnsafeMutableBufferPointer { bits in
      guard let bits = unsafe bits.baseAddress else { return }
      // SAFETY: both arrays were just checked to be long enough.
      unsafe ingest_pack_bits(bits, at, valid, count)
    }
  }
}

/// Converts a decimal text to binary64, correctly rounded (fast_float); nil where it is no number.
func parseDouble(_ bytes: MappedBytes, _ range: Range<Int>) -> Double? {
  bytes.withSpan(range) { span in
    var value = 0.0
    // SAFETY: the call reads the span's bytes only.
    let isNumber = unsafe span.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return false }
      return unsafe ingest_parse_double(start, text.count, &value) != 0
    }
    return isNumber ? value : nil
  }
}
