// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

/// One way in which a body can lie; row 1 of every column is null, and there are 11 rows.
struct Corruption: Sendable, CustomTestStringConvertible {
  let name: String
  /// Damages the bytes and says which fault it is.
  let apply: @Sendable (inout [UInt8], [ColumnPlace]) throws -> BodyFault

  var testDescription: String { name }

  init(_ name: String, _ apply: @escaping @Sendable (inout [UInt8], [ColumnPlace]) throws -> BodyFault) {
    self.name = name
    self.apply = apply
  }

  static let all: [Corruption] = fixed + exact + texts + lists + padding

  /// Columns by their number in `SampleTable.types`.
  private enum Number {
    static let bool = 1
    static let int64 = 2
    static let uint64 = 3
    static let float64 = 4
    static let date = 5
    static let local = 6
    static let utc = 7
    static let text = 8
    static let list = 9
    static let decimal38 = 10
    static let decimal5 = 11
    static let time = 12
    static let nanoseconds = 13
  }

  private static func set<T: FixedWidthInteger & Sendable>(
    _ name: String, _ column: Int, row: Int, to value: T, _ fault: @escaping @Sendable (Int) -> BodyFault
  ) -> Corruption {
    Corruption(name) { bytes, columns in
      let offset = columns[column].values.lowerBound + row * T.bitWidth / 8
      bytes.put(value, at: offset)
      return fault(offset)
    }
  }

  private static let fixed: [Corruption] =
    [
      set("an integer under a null", Number.int64, row: 1, to: UInt64(1)) { .nullNotZero(offset: $0) },
      set("an unsigned integer under a null", Number.uint64, row: 1, to: UInt64(1)) { .nullNotZero(offset: $0) },
      set("the high byte of an integer under a null", Number.int64, row: 1, to: UInt64(1) << 56) {
        .nullNotZero(offset: $0 + 7)
      },
      set("a float under a null", Number.float64, row: 1, to: (0.5).bitPattern) { .nullNotZero(offset: $0 + 6) },
      set(
        "a negative zero under a null", Number.float64, row: 1,
        to: (-0.0).bitPattern
      ) { .nullNotZero(offset: $0 + 7) },
      set("a date under a null", Number.date, row: 1, to: Int32(1)) { .nullNotZero(offset: $0) },
      set("a timestamp under a null", Number.local, row: 1, to: Int64(1)) { .nullNotZero(offset: $0) },
      set(
        "a day before year 1", Number.date, row: 0,
        to: CivilDate.days.lowerBound - 1
      ) { .dateOutOfRange(offset: $0) },
      set(
        "a day after year 9999", Number.date, row: 10,
        to: CivilDate.days.upperBound + 1
      ) { .dateOutOfRange(offset: $0) },
      set("the least day there is", Number.date, row: 2, to: Int32.min) { .dateOutOfRange(offset: $0) },
      set("a microsecond before year 1", Number.local, row: 0, to: CivilDate.microseconds.lowerBound - 1) {
        .timestampOutOfRange(offset: $0)
      },
      set("a microsecond after year 9999", Number.utc, row: 0, to: CivilDate.microseconds.upperBound + 1) {
        .timestampOutOfRange(offset: $0)
      },
      set("the least timestamp there is", Number.utc, row: 10, to: Int64.min) { .timestampOutOfRange(offset: $0) },
      set("a value bit under a null", Number.bool, row: 0, to: UInt8(0b10)) { .nullNotZero(offset: $0) },
      Corruption("a value bit beyond the rows") { bytes, columns in
        bytes[columns[Number.bool].values.upperBound - 1] |= 0x80
        return .nullNotZero(offset: columns[Number.bool].values.upperBound - 1)
      },
    ]
    + [Number.bool, Number.int64, Number.date, Number.text, Number.list].map { column in
      Corruption("a validity bit beyond the rows of column \(column)") { bytes, columns in
        bytes[columns[column].validity.upperBound - 1] |= 0x08
        return .bitsBeyondRows(offset: columns[column].validity.upperBound - 1)
      }
    }

  /// Decimals, times and nanoseconds.
  private static let exact: [Corruption] = [
    set("a decimal of 39 digits", Number.decimal38, row: 0, to: DecimalText.powers[38]) {
      .decimalOutOfRange(offset: $0)
    },
    set("the least decimal there is", Number.decimal38, row: 10, to: Int128.min) { .decimalOutOfRange(offset: $0) },
    set("a decimal above its precision", Number.decimal5, row: 2, to: Int128(100_000)) {
      .decimalOutOfRange(offset: $0)
    },
    set("a decimal below its precision", Number.decimal5, row: 3, to: Int128(-100_000)) {
      .decimalOutOfRange(offset: $0)
    },
    set("a decimal under a null", Number.decimal5, row: 1, to: Int128(1)) { .nullNotZero(offset: $0) },
    set("the high half of a decimal under a null", Number.decimal38, row: 1, to: Int128(1) << 64) {
      .nullNotZero(offset: $0 + 8)
    },
    set("a negative time", Number.time, row: 0, to: Int64(-1)) { .timeOutOfRange(offset: $0) },
    set("24:00", Number.time, row: 10, to: Int64(86_400_000_000)) { .timeOutOfRange(offset: $0) },
    set("a time under a null", Number.time, row: 1, to: Int64(1)) { .nullNotZero(offset: $0) },
    set("nanoseconds under a null", Number.nanoseconds, row: 1, to: Int64(1) << 56) { .nullNotZero(offset: $0 + 7) },
  ]

  private static let texts: [Corruption] = [
    set("a first offset that is not zero", Number.text, row: 0, to: Int32(1)) { .offsetsNotFromZero(offset: $0) },
    set("a negative first offset", Number.text, row: 0, to: Int32(-1)) { .offsetsNotFromZero(offset: $0) },
    set("an offset that falls", Number.text, row: 5, to: Int32(0)) { .offsetsNotMonotone(offset: $0) },
    set("a negative offset", Number.text, row: 5, to: Int32.min) { .offsetsNotMonotone(offset: $0) },
    set("an offset past all others", Number.text, row: 3, to: Int32.max) { .offsetsNotMonotone(offset: $0 + 4) },
    Corruption("a last offset short of the text") { bytes, columns in
      let last = columns[Number.text].values.upperBound - 4
      bytes.put(UInt32(columns[Number.text].text.count - 1), at: last)
      return .offsetsNotToEnd(offset: last)
    },
    Corruption("a last offset past the text") { bytes, columns in
      let last = columns[Number.text].values.upperBound - 4
      bytes.put(UInt32(columns[Number.text].text.count + 1), at: last)
      return .offsetsNotToEnd(offset: last)
    },
    set("a text under a null", Number.text, row: 2, to: Int32(2)) { .nullNotZero(offset: $0) },
    Corruption("an offset inside of a character") { bytes, columns in
      bytes.put(UInt32(31), at: columns[Number.text].values.lowerBound + 7 * 4)
      return .characterCut(offset: columns[Number.text].text.lowerBound + 31)
    },
    text("a byte that no UTF-8 holds", 0xFF, at: 0), text("a continuation byte at the start", 0x80, at: 0),
    text("an overlong form", 0xC0, at: 0), text("a character cut at the end of the text", 0xC3, at: -1, fault: 0),
  ]

  /// Puts a byte into the text; the fault is at `at`, or at `fault` counted from the text's end.
  private static func text(_ name: String, _ byte: UInt8, at index: Int, fault: Int? = nil) -> Corruption {
    Corruption(name) { bytes, columns in
      let text = columns[Number.text].text
      let offset = index < 0 ? text.upperBound + index : text.lowerBound + index
      bytes[offset] = byte
      return .invalidUTF8(offset: fault.map { text.upperBound + $0 } ?? offset)
    }
  }

  private static let lists: [Corruption] = [
    set(
      "a first list that does not start at zero", Number.list, row: 0,
      to: Int32(1)
    ) { .offsetsNotFromZero(offset: $0) },
    set("a list that ends before it starts", Number.list, row: 4, to: Int32(0)) { .offsetsNotMonotone(offset: $0) },
    set("a list under a null", Number.list, row: 1, to: Int32(2)) { .nullNotZero(offset: $0 + 4) },
    Corruption("lists that leave an element over") { bytes, columns in
      let last = columns[Number.list].values.upperBound - 4
      bytes.put(UInt32(try elements(columns).count - 1), at: last)
      return .offsetsNotToEnd(offset: last)
    },
    Corruption("an element's first offset that is not zero") { bytes, columns in
      bytes.put(UInt32(1), at: try elements(columns).offsets.lowerBound)
      return .offsetsNotFromZero(offset: try elements(columns).offsets.lowerBound)
    },
    Corruption("an element's text under a null") { bytes, columns in
      let place = try elements(columns)
      bytes[place.validity.lowerBound] &= ~1
      return .nullNotZero(offset: place.offsets.lowerBound + 4)
    },
    Corruption("an element's validity bit beyond the last") { bytes, columns in
      bytes[try elements(columns).validity.upperBound - 1] |= 0x80
      return .bitsBeyondRows(offset: try elements(columns).validity.upperBound - 1)
    },
    Corruption("an element that is no UTF-8") { bytes, columns in
      bytes[try elements(columns).text.lowerBound] = 0xF8
      return .invalidUTF8(offset: try elements(columns).text.lowerBound)
    },
    Corruption("an element that starts inside of a character") { bytes, columns in
      // The third element is `é`, the fourth begins behind it.
      let place = try elements(columns)
      bytes.put(UInt32(3), at: place.offsets.lowerBound + 12)
      return .characterCut(offset: place.text.lowerBound + 3)
    },
  ]

  private static func elements(_ columns: [ColumnPlace]) throws -> ElementsPlace {
    try #require(columns[Number.list].elements)
  }

  private static let padding: [Corruption] = (1...9).flatMap { column in
    (0..<5).compactMap { buffer in
      guard buffer < (column == 9 ? 5 : column == 8 ? 3 : 2) else { return nil }
      return Corruption("padding behind buffer \(buffer) of column \(column)") { bytes, columns in
        let range = columns[column].ranges[buffer]
        let end = range.upperBound.roundedUp(to: ArrowLayout.alignment)
        try #require(range.upperBound < end)
        bytes[end - 1] = 1
        return .paddingNotZero(offset: end - 1)
      }
    }
  }
}
