// SPDX-License-Identifier: Apache-2.0

/// Which of a content's outputs a file is: the rows of one of its tables, or the records that this table rejected.
///
/// A content's outputs come in this order: a table, its rejects where it has any, the next table.
package struct OutputRole: Sendable, Hashable {
  /// What of a table.
  package enum Part: UInt8, Sendable, CaseIterable {
    case rows = 0
    case rejects = 1
  }

  /// The table's number within its content, from 0.
  package let table: UInt16
  /// What of the table it is.
  package let part: Part

  package init(table: UInt16 = 0, _ part: Part = .rows) {
    self.table = table
    self.part = part
  }

  /// The rows of a content's first table, which most have alone.
  package static let firstTable = OutputRole()

  /// The rejects of the table that this belongs to.
  package var rejects: OutputRole { OutputRole(table: table, .rejects) }
}

extension OutputRole {
  func write(to writer: inout MessageWriter) {
    writer.integer(table)
    writer.integer(part.rawValue)
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    let table: UInt16 = try reader.integer()
    guard let part = Part(rawValue: try reader.integer()) else { throw MalformedMessage() }
    self.init(table: table, part)
  }
}
