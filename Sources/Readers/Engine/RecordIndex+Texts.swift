// SPDX-License-Identifier: Apache-2.0

import CScan

/// Columns of text, and cells that are taken as one.
extension RecordIndex {
  /// At least the bytes of a column's texts.
  ///
  /// To know them costs as much as a third of copying them; all bytes of the records are too much room only where there
  /// are many columns.
  func textRoom(_ column: Int, of bytes: MappedBytes) -> Int {
    guard columns <= Self.fewColumns else { return textBytes(column, of: bytes) }
    return records == 0 ? 0 : Int(starts[records])
  }

  private static let fewColumns = 16

  /// Copies a column's texts behind the `used` bytes that `text` holds; it must have `textRoom`, and 32 bytes more.
  ///
  /// - Parameters:
  ///   - offsets: gets the end of the text of row `n` at `offset + n`.
  /// - Returns: the bytes copied.
  func gather(
    _ column: Int, of bytes: MappedBytes, into text: inout [UInt8], used: Int, offsets: inout [Int32], at offset: Int,
    valid: inout [UInt8], nulls: inout Int
  ) -> Int {
    precondition(offsets.count >= offset + records && valid.count >= records)
    return unsafe withColumn(column, bytes) { view in
      precondition(text.count >= used + textRoom(column, of: bytes) + 32)
      // SAFETY: the room was just checked.
      return unsafe Self.gather(
        view, structure.format, into: &text, used: used, offsets: &offsets, at: offset, valid: &valid, nulls: &nulls)
    }
  }

  @unsafe private static func gather(
    _ view: UnsafePointer<ingest_column>, _ format: CSVFormat, into text: inout [UInt8], used: Int,
    offsets: inout [Int32], at offset: Int, valid: inout [UInt8], nulls: inout Int
  ) -> Int {
    unsafe text.withUnsafeMutableBufferPointer { text in
      unsafe offsets.withUnsafeMutableBufferPointer { offsets in
        unsafe valid.withUnsafeMutableBufferPointer { valid in
          guard let text = text.baseAddress, let offsets = offsets.baseAddress, let valid = valid.baseAddress else {
            return 0
          }
          let base = Int32(truncatingIfNeeded: used)
          // SAFETY: the caller checked the room for the text and 32 bytes more, for the offsets and for the validity.
          guard format.escape == .backslash else {
            return unsafe ingest_gather_text(view, base, text + used, offsets + offset, valid, &nulls)
          }
          // SAFETY: as above; the set has its four words.
          return unsafe ingest_gather_escaped(
            view, CSVFormat.escapable, base, text + used, offsets + offset, valid, &nulls)
        }
      }
    }
  }

  /// The cells of all records.
  var cells: Int { records * columns }

  /// Copies the texts of all cells, record by record, behind the `used` bytes that `text` holds; it must have room for
  /// all bytes of the records and 32 more.
  ///
  /// - Parameter offsets: gets the end of the text of cell `n` at `offset + n`.
  /// - Returns: the bytes copied.
  mutating func gatherCells(
    of bytes: MappedBytes, into text: inout [UInt8], used: Int, offsets: inout [Int32], at offset: Int
  ) -> Int {
    if cellStarts.count < ends.count { cellStarts = [UInt32](repeating: 0, count: ends.count) }
    if validCells.count < cells { validCells = [UInt8](repeating: 0, count: cells) }
    let format = structure.format
    let (origin, columns, cells, set) = (origin, columns, cells, set)
    // Records may have been taken out before the first.
    let room = start(of: records) - start(of: 0) + 32
    precondition(text.count >= used + room && offsets.count >= offset + cells)
    return unsafe ends.withUnsafeBufferPointer { ends in
      unsafe starts.withUnsafeBufferPointer { starts in
        unsafe cellStarts.withUnsafeMutableBufferPointer { cellStarts in
          guard let ends = ends.baseAddress, let starts = starts.baseAddress, let first = cellStarts.baseAddress else {
            return 0
          }
          // SAFETY: the arrays hold what the last scan found in these bytes; there is a start for each end.
          var view = unsafe ingest_column(
            text: bytes.pointer + origin, readable: bytes.count - origin, ends: ends, starts: starts, columns: columns,
            column: 0, rows: cells / columns, set: set.rawValue, quote: format.quote ?? 0,
            gap: UInt8(format.delimiter.length))
          unsafe ingest_field_starts(&view, first)
          unsafe view.starts = UnsafePointer(first)
          unsafe view.columns = 1
          unsafe view.rows = cells
          var nulls = 0
          // SAFETY: the room was checked above.
          return unsafe Self.gather(
            &view, format, into: &text, used: used, offsets: &offsets, at: offset, valid: &validCells, nulls: &nulls)
        }
      }
    }
  }
}

extension CellIndex {
  /// What the cells of a column of text look like.
  ///
  /// - Parameters:
  ///   - mask: the first bytes of cells that could be more than text, a bit each.
  ///   - others: room for a number a record; gets the rows that must be looked at one by one.
  /// - Returns: the counts, and how many rows `others` got.
  func screen(
    _ column: Int, of bytes: MappedBytes, mask: [UInt64], others: inout [UInt32]
  ) -> (tally: TextTally, others: Int) {
    precondition(mask.count == 4 && others.count >= records)
    return unsafe withColumn(column, bytes) { view in
      unsafe others.withUnsafeMutableBufferPointer { others in
        guard let others = others.baseAddress else { return (TextTally(), 0) }
        var tally = ingest_text_tally()
        // SAFETY: the mask has its four words, and `others` an element for each record.
        let count = unsafe ingest_screen_text(view, mask, &tally, others)
        return (TextTally(tally), count)
      }
    }
  }
}

/// Cells of a column of text, counted.
struct TextTally {
  var absent = 0
  /// Cells that can be nothing but text, and the first row with one.
  var plain = 0
  var firstPlain = 0
  /// Short whole numbers without a sign.
  var naturals = 0
  var firstNatural = 0
  /// The first row with the longest of them.
  var longestNatural = 0
  /// Cells of few bytes that are neither, each with the first row that has it, and how many have.
  var words: [(firstRow: Int, count: Int)] = []

  fileprivate init(_ tally: ingest_text_tally) {
    absent = tally.absent
    plain = tally.plain
    firstPlain = Int(tally.first_plain)
    naturals = tally.naturals
    firstNatural = Int(tally.first_natural)
    longestNatural = Int(tally.longest_natural)
    let all = [tally.words.0, tally.words.1, tally.words.2, tally.words.3]
    words = all.prefix(tally.word_count).map { (Int($0.first_row), $0.count) }
  }

  init() {}
}
