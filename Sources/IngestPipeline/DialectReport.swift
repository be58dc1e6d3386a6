// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

extension Report.Table {
  /// How a table's cells were told apart, and what of the file it is.
  package struct DialectReport: Codable, Sendable, Hashable {
    /// A dialect that fits nearly as well.
    package struct RunnerUp: Codable, Sendable, Hashable {
      package var delimiter: String
      package var quote: String?
    }

    /// A table of the text; it is read by its number.
    package struct TablePlace: Codable, Sendable, Hashable {
      /// From 1; nil, like `columns`, in reports of before it was told, which leave out the first table.
      package var number: Int?
      package var line: UInt64
      package var records: UInt64
      package var columns: UInt32?
    }

    /// Where a JSON text has its table.
    package struct JSONReport: Codable, Sendable, Hashable {
      package var shape: String
      /// A JSON Pointer (RFC 6901); empty for the whole text.
      package var pointer: String
    }

    package var delimiter: String
    package var quote: String?
    package var newline: String
    package var header: String
    /// nil in reports of before encodings were told.
    package var encoding: String?
    package var byteOrderMark: Bool
    // What follows is nil in reports of before it was told.
    package var escape: String?
    package var comment: String?
    package var headerRows: Int?
    package var preambleRows: UInt64?
    package var footnoteRows: UInt64?
    /// From 0 to 1.
    package var confidence: Double?
    package var reasons: [String]?
    package var runnerUp: RunnerUp?
    /// Which of the tables this is.
    package var table: Int?
    /// All tables of the text, where there are several.
    package var tables: [TablePlace]?
    /// Of a JSON text; what is said of delimiter, quote and escape is JSON's own then.
    package var json: JSONReport?

    enum CodingKeys: String, CodingKey {
      case delimiter, quote, newline, header, encoding, escape, comment, confidence, reasons, table, tables, json
      case byteOrderMark = "byte_order_mark"
      case headerRows = "header_rows"
      case preambleRows = "preamble_rows"
      case footnoteRows = "footnote_rows"
      case runnerUp = "runner_up"
    }
  }

  /// A line that stands outside of the table.
  package struct LineReport: Codable, Sendable, Hashable {
    /// `preamble`, `footnote` or `table`.
    package var part: String
    package var line: UInt64
    package var text: String
  }
}

extension Report.Table.DialectReport {
  init(_ dialect: Dialect) {
    self.init(
      delimiter: dialect.delimiter, quote: dialect.quote, newline: dialect.newline.rawValue,
      header: dialect.header.rawValue, encoding: dialect.encoding.rawValue, byteOrderMark: dialect.hasByteOrderMark,
      escape: dialect.escape?.rawValue, comment: dialect.comment, headerRows: Int(dialect.headerRows),
      preambleRows: dialect.preambleRows, footnoteRows: dialect.footnoteRows,
      confidence: Double(dialect.confidence) / 1000, reasons: dialect.reasons.map(\.escapedForDisplay),
      runnerUp: dialect.runnerUp.map { RunnerUp(delimiter: $0.delimiter, quote: $0.quote) },
      table: Int(dialect.table),
      tables: dialect.tables.enumerated().map { index, place in
        TablePlace(number: index + 1, line: place.line, records: place.records, columns: place.columns)
      }, json: dialect.json.map { JSONReport(shape: $0.shape.rawValue, pointer: $0.pointer.escapedForDisplay) })
  }
}

extension Report.Table.DialectReport.TablePlace {
  /// For people: where the table is, and how to get it; `read` is the number of the one that was read.
  package func text(read: Int?) -> String {
    let number = number ?? 0
    let width = columns.map { ", \($0) columns" } ?? ""
    let how = number == read ? "this one" : "read it with table \(number)"
    return "table \(number): line \(line), \(records) records\(width); \(how)"
  }
}

extension Report.Table.LineReport {
  init(_ line: SetAsideLine) {
    self.init(part: line.part.rawValue, line: line.line, text: line.text.escapedForDisplay)
  }
}
