// SPDX-License-Identifier: Apache-2.0

import CByteChecks

/// The checks of many bytes at a time, with every length checked before C sees it.
///
/// They only say that all is well, or that it is not: what is wrong, and where, is for whoever asks to find out.
struct ByteChecks: Sendable {
  private let vectors: Int32

  init(_ instructions: VectorInstructions = .best) { vectors = instructions.number }

  /// A prefix of whole characters, with nothing in it that is refused.
  struct CleanText {
    var length: Int
    /// Whether it may hold anything but ASCII.
    var mayHoldOthers: Bool
  }

  /// The longest such prefix, or one that is some bytes shorter.
  func cleanText(_ bytes: Span<UInt8>, refusingControls: Bool) -> CleanText {
    var found: Int32 = 0
    let refused = refusingControls ? Int32(INGEST_REFUSE_CONTROLS.rawValue) : 0
    let length = unsafe bytes.withUnsafeBufferPointer { buffer -> Int in
      guard let base = buffer.baseAddress else { return 0 }
      // SAFETY: the call reads the buffer's `count` bytes and writes the one number; so below, for lengths that were
      // checked against the numbers of rows.
      return unsafe ingest_clean_text(base, buffer.count, vectors, refused, &found)
    }
    return CleanText(length: length, mayHoldOthers: found != 0)
  }

  /// How many bits are set.
  func countBits(_ bytes: Span<UInt8>) -> Int {
    unsafe read(bytes, orElse: 0) { unsafe ingest_count_bits(vectors, $0, bytes.count) }
  }

  func isZero(_ bytes: Span<UInt8>) -> Bool {
    unsafe read(bytes, orElse: 1) { unsafe ingest_is_zero(vectors, $0, bytes.count) } == 1
  }

  /// Whether no bit is set that is not allowed to be.
  func isSubset(_ bits: Span<UInt8>, of allowed: Span<UInt8>) -> Bool {
    precondition(allowed.count >= bits.count)
    let count = bits.count
    return unsafe read(bits, orElse: 1) { bits in
      unsafe read(allowed, orElse: 1) { unsafe ingest_is_subset(vectors, bits, $0, count) }
    } == 1
  }

  /// Whether all values of 4 bytes are in the range.
  func areDays(_ values: Span<UInt8>, in range: ClosedRange<Int32>) -> Bool {
    unsafe read(values, orElse: 1) {
      unsafe ingest_are_days(vectors, $0, values.count / 4, range.lowerBound, range.upperBound)
    } == 1
  }

  /// Whether all values of 8 bytes are in the range.
  func areTimes(_ values: Span<UInt8>, in range: ClosedRange<Int64>) -> Bool {
    unsafe read(values, orElse: 1) {
      unsafe ingest_are_times(vectors, $0, values.count / 8, range.lowerBound, range.upperBound)
    } == 1
  }

  /// Whether the values of `rows` rows without a value are zero.
  func areNullsZero(_ values: Span<UInt8>, width: Int, validity: Span<UInt8>, rows: Int) -> Bool {
    precondition(values.count >= rows * width && validity.count >= (rows + 7) / 8)
    return unsafe read(values, orElse: 1) { values in
      unsafe read(validity, orElse: 1) { unsafe ingest_are_nulls_zero(vectors, values, width, $0, rows) }
    } == 1
  }

  /// Whether `rows + 1` offsets never fall, and rows without a value are empty.
  func areOffsets(_ offsets: Span<UInt8>, validity: Span<UInt8>, rows: Int) -> Bool {
    precondition(offsets.count >= (rows + 1) * 4 && validity.count >= (rows + 7) / 8)
    return unsafe read(offsets, orElse: 1) { offsets in
      unsafe read(validity, orElse: 1) { unsafe ingest_are_offsets(vectors, offsets, $0, rows) }
    } == 1
  }

  /// The bounds of 64-bit words whose rows have a value, after the bits of `flip` were changed; none where no row has one.
  func wordBounds(_ values: Span<UInt8>, validity: Span<UInt8>, rows: Int, flip: UInt64) -> ColumnBounds {
    precondition(values.count >= rows * 8 && validity.count >= (rows + 7) / 8)
    var (least, greatest) = (Int64.max, Int64.min)
    unsafe read(values, orElse: ()) { values in
      unsafe read(validity, orElse: ()) {
        unsafe ingest_word_bounds(vectors, values, $0, rows, flip, &least, &greatest)
      }
    }
    return least <= greatest ? .words(least: least, greatest: greatest) : .none
  }

  /// The bounds of days whose rows have a value.
  func dayBounds(_ values: Span<UInt8>, validity: Span<UInt8>, rows: Int) -> ColumnBounds {
    precondition(values.count >= rows * 4 && validity.count >= (rows + 7) / 8)
    var (least, greatest) = (Int64.max, Int64.min)
    unsafe read(values, orElse: ()) { values in
      unsafe read(validity, orElse: ()) { unsafe ingest_day_bounds(vectors, values, $0, rows, &least, &greatest) }
    }
    return least <= greatest ? .words(least: least, greatest: greatest) : .none
  }

  /// The bounds of floats whose rows have a value that is a number.
  func floatBounds(_ values: Span<UInt8>, validity: Span<UInt8>, rows: Int) -> ColumnBounds {
    precondition(values.count >= rows * 8 && validity.count >= (rows + 7) / 8)
    var (least, greatest) = (Double.infinity, -Double.infinity)
    unsafe read(values, orElse: ()) { values in
      unsafe read(validity, orElse: ()) { unsafe ingest_float_bounds(vectors, values, $0, rows, &least, &greatest) }
    }
    // Which of two zeros comes first depends on the instructions; the sum has no sign.
    return least <= greatest ? .floats(least: least + 0, greatest: greatest + 0) : .none
  }

  /// The rows of the first and the last text in the order of bytes; nil where no row has a value.
  ///
  /// - Parameters:
  ///   - offsets: `rows + 1` of them, into `text`.
  ///   - text: at least one byte; it starts at `base`.
  func textBounds(
    _ offsets: Span<UInt8>, validity: Span<UInt8>, rows: Int, text: Span<UInt8>, from base: Int
  ) -> (least: Int, greatest: Int)? {
    precondition(offsets.count >= (rows + 1) * 4 && validity.count >= (rows + 7) / 8)
    var (least, greatest) = (0, 0)
    let count = text.count
    let found = unsafe read(offsets, orElse: 0) { offsets in
      unsafe read(validity, orElse: 0) { validity in
        unsafe read(text, orElse: 0) {
          unsafe ingest_text_bounds(vectors, offsets, validity, rows, $0, Int64(base), count, &least, &greatest)
        }
      }
    }
    return found == 1 ? (least, greatest) : nil
  }

  /// Whether no offset points into a character of a piece of well-formed text that starts at `base`.
  ///
  /// Offsets before the piece are passed over.
  ///
  /// - Returns: nil where one does, else how many offsets lie before the end of the piece.
  func boundaries(_ offsets: Span<UInt8>, in text: Span<UInt8>, from base: Int) -> Int? {
    var used = 0
    let count = offsets.count / 4
    let isSound = unsafe read(offsets, orElse: 1) { offsets in
      unsafe read(text, orElse: 1) {
        unsafe ingest_are_boundaries(offsets, count, $0, Int64(base), text.count, &used)
      }
    }
    return isSound == 1 ? used : nil
  }

  private func read<Answer>(
    _ bytes: Span<UInt8>, orElse empty: Answer, _ body: (UnsafePointer<UInt8>) -> Answer
  ) -> Answer {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return empty }
      return unsafe body(base)
    }
  }
}
