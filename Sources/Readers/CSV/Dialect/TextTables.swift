// SPDX-License-Identifier: Apache-2.0

import Validation
package import WorkerProtocol

/// The tables of a text, one below the other: each is looked at as a text of its own.
///
/// Where a long table ends only who reads it finds out, and says so by `close`; so the tables come one by one.
package struct TextTables {
  private let bytes: MappedBytes
  private let options: ReadOptions
  private let caps: CSVScanner.Caps
  /// Where the text ends.
  private let end: Int
  /// The stretches that hold the tables to come; the last one may hold several where it is open.
  private var stretches: [Range<Int>]
  private var lastIsOpen = true
  /// The number of the table that came last, from 1.
  private(set) var number = 0
  /// The stretch in which it was looked for, and how.
  private var looked: (stretch: Range<Int>, search: TableStructure.Search)?

  package init(_ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits) {
    self.bytes = bytes
    self.options = options
    caps = CSVScanner.Caps(
      columns: Int(clamping: limits.columns), recordBytes: Int(clamping: limits.recordBytes),
      cellBytes: Int(clamping: min(limits.cellBytes, UInt64(UInt32.max))))
    // Files that were joined, or saved twice, may start with several marks.
    var start = 0
    while bytes.hasMark(at: start) { start += 3 }
    end = bytes.endOfText(from: start)
    stretches = [start..<end]
  }

  /// The next table; nil where there is no more.
  package mutating func next() -> CSVSource? {
    guard !stretches.isEmpty else { return nil }
    let stretch = stretches.removeFirst()
    number += 1
    return look(at: stretch, findsMore: stretches.isEmpty && lastIsOpen, looksAtTail: true)
  }

  /// The table that came last, once it turned out that another one starts at `start`.
  mutating func close(at start: Int) -> CSVSource? {
    guard let looked, start < end else { return nil }
    let source = look(at: looked.stretch.lowerBound..<start, findsMore: false, looksAtTail: true)
    stretches = [start..<end]
    lastIsOpen = true
    return source
  }

  /// The table that came last, once it turned out that its end was not where it was guessed to be.
  mutating func withoutGuess() -> CSVSource? {
    guard let looked else { return nil }
    return look(at: looked.stretch, findsMore: looked.search.furtherTables > 0, looksAtTail: false)
  }

  private mutating func look(at stretch: Range<Int>, findsMore: Bool, looksAtTail: Bool) -> CSVSource {
    let search = TableStructure.Search(
      furtherTables: findsMore ? max(0, Dialect.mostTables - number) : 0, looksAtTail: looksAtTail,
      // What was exported with nulls at its end is read again with its schema.
      keepsPadding: options.isStrict || !options.cells.rules.isEmpty)
    looked = (stretch, search)
    var options = options
    var skipped = 0
    var named: UInt8?
    if number > 1 {
      // It says where the first table starts.
      options.dialect.startAnywhere()
    } else if let rows = options.dialect.skipRows {
      skipped = Self.length(ofLines: rows, in: stretch, of: bytes)
    } else if let line = SeparatorLine(bytes, at: stretch.lowerBound, end: stretch.upperBound) {
      skipped = line.length
      // What the sender states counts more.
      if options.dialect.delimiter == nil { named = line.delimiter }
    }
    var starts: [Int] = []
    let source = CSVSource(
      bytes, stretch, skipped: skipped, named: named, options: options, caps: caps, search, further: &starts)
    if findsMore {
      let ends = starts.dropFirst() + [stretch.upperBound]
      stretches = zip(starts, ends).map { $0..<$1 }
      lastIsOpen = stretch.upperBound - stretch.lowerBound - skipped > DialectDetector.sampleBytes
    }
    return source
  }

  /// The bytes that the first lines of a text take.
  private static func length(ofLines lines: UInt32, in text: Range<Int>, of bytes: MappedBytes) -> Int {
    var scanner = CSVScanner(bytes, range: text, format: CSVFormat(delimiter: .init(0x1F), quote: nil), caps: .none)
    var index = FieldIndex()
    for _ in 0..<lines where !scanner.isAtEnd {
      index.removeAll()
      do { try scanner.scan(until: scanner.position + 1, into: &index) } catch { break }
    }
    return scanner.position - text.lowerBound
  }
}
