// SPDX-License-Identifier: Apache-2.0

import Validation

/// A record that is in no row, and its first wrong cell.
struct RejectedRecord: Sendable {
  /// Where the record stands, without its line end.
  let record: Range<Int>
  let fault: Fault
  /// How many of its cells are wrong.
  let violations: Int

  /// What is wrong with a cell.
  struct Fault: Sendable {
    let code: RejectCode
    /// From 0; beyond the table's columns for a surplus cell; nil where the record has no cells.
    let column: Int?
    /// Nil where the record lacks the cell.
    let cell: FieldPlace?
    /// Where in the text to look.
    let offset: Int
  }
}

/// The rejected records of a part of the text, in its order: no more than are needed to know whether there are too many.
struct RejectList: Sendable {
  /// How many are allowed.
  private let most: Int
  private(set) var records: [RejectedRecord] = []
  private(set) var count: UInt64 = 0

  init(atMost most: UInt64) { self.most = Int(clamping: most) }

  mutating func add(_ record: RejectedRecord) {
    count += 1
    if records.count <= most { records.append(record) }
  }

  /// Adds those of the next part.
  mutating func add(_ later: RejectList) {
    count += later.count
    records += later.records.prefix(most + 1 - min(records.count, most + 1))
  }

  mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    count = 0
  }

  /// The first of the next part's that is one too many.
  func excess(in later: RejectList) -> RejectedRecord? {
    let room = most - records.count
    return room >= 0 && later.records.count > room ? later.records[room] : nil
  }
}
