// SPDX-License-Identifier: Apache-2.0

import Validation

/// A table of a text, in a format whose records follow one another: what a pass goes over.
protocol RecordSource: Sendable {
  associatedtype Reader: BlockReading where Reader.Source == Self
  associatedtype Starts: BlockStarting where Starts.Source == Self

  var bytes: MappedBytes { get }
  /// The records, a header among them.
  var range: Range<Int> { get }
  /// How many records may be in no row.
  var mostRejects: UInt64 { get }
  /// Whether a cell beyond the columns goes to a column of its own; else the table lacks a column.
  var listsSurplus: Bool { get }

  /// Refuses what is not text, in a range that starts and ends between two characters.
  func checkText(_ range: Range<Int>) throws(Rejection)

  /// Refuses, or throws, what a pass over the whole table found.
  func check(_ findings: PassFindings) throws
}

/// Reads the records of one block of the input into columns, on one thread.
protocol BlockReading {
  associatedtype Source: RecordSource

  init(_ source: Source, _ plan: PassPlan, outputLimit: UInt64, pieceBytes: Int)

  var table: BlockRows { get set }
  /// Where another table starts, which no row of this one follows.
  var tableEnd: Int? { get }

  /// Forgets what was read, for a block.
  mutating func start(block: Int)

  /// Reads the records that start from `start` on and before `end`.
  ///
  /// - Parameter flush: empties the columns; called where a batch has no room for more.
  /// - Returns: where the next block's first record starts.
  /// - Throws: a `Rejection`.
  mutating func read(from start: Int, to end: Int, flush: (inout Self) throws -> Void) throws -> Int
}

/// Guesses where the first record of a block starts while nobody has read up to it.
///
/// A wrong guess costs time and nothing else, since it is compared with where the block before ends.
protocol BlockStarting {
  associatedtype Source: RecordSource

  init(_ source: Source, columns: Int)

  /// The first place from `nominal` on that looks like the start of a record; nil where none does.
  mutating func guess(at nominal: Int) -> Int?
}
