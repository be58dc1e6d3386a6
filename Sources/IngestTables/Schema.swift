// SPDX-License-Identifier: Apache-2.0

/// What the cells of one column are.
public enum ColumnType: Sendable, Hashable {
  /// No cell has a value.
  case null
  case bool
  case int64
  case uint64
  /// IEEE 754 binary64.
  case float64
  /// Exact decimal numbers of at most `precision` digits, 1 to 38, of which `scale` stand behind the point.
  case decimal(precision: Int, scale: Int)
  /// Days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to 9999.
  case date
  /// Microseconds since 1970-01-01T00:00:00, years 1 to 9999; either UTC or without a zone.
  case timestamp(isUTC: Bool)
  /// Nanoseconds since 1970-01-01T00:00:00, from 1677 to 2262; either UTC or without a zone.
  case timestampNanoseconds(isUTC: Bool)
  /// Microseconds since midnight, less than a day.
  case time
  case utf8
  /// A list of texts a row, for records with more cells than the table has columns.
  case listOfUTF8

  /// The outward name: `int64`, `decimal(20,4)`, `timestamp`, `list<utf8>`.
  public var name: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .int64: "int64"
    case .uint64: "uint64"
    case .float64: "float64"
    case .date: "date"
    case .timestamp: "timestamp"
    case .timestampNanoseconds: "timestamp[ns]"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .time: "time"
    case .utf8: "utf8"
    case .listOfUTF8: "list<utf8>"
    }
  }

  /// The number of sizes that a batch states for a column of this type: its elements (lists), then its text bytes.
  package var variableSizes: Int {
    switch self {
    case .utf8: 1
    case .listOfUTF8: 2
    default: 0
    }
  }
}

/// A column's name and type.
///
/// Every column may hold nulls.
public struct Field: Sendable, Hashable {
  /// The column's name, in normalization form C.
  public var name: String
  /// What its cells are.
  public var type: ColumnType

  /// A column called `name`.
  public init(name: String, type: ColumnType) {
    self.name = name
    self.type = type
  }
}

/// The columns of a table, in order.
public struct Schema: Sendable, Hashable {
  /// The columns, from the left.
  public var fields: [Field]

  /// A schema of these columns.
  public init(fields: [Field]) { self.fields = fields }

  /// The number of sizes that each batch states: see `ColumnType.variableSizes`.
  package var variableSizes: Int { fields.reduce(0) { $0 + $1.type.variableSizes } }
}

/// The numbers that fix a record batch's place in the file.
///
/// They come from the worker, so they are hostile.
package struct BatchShape: Sendable, Hashable {
  /// The rows of the batch.
  package var rows: UInt64
  /// The variable sizes of all columns, in column order: `utf8` has one, its text bytes; `list<utf8>` has two, its
  /// elements and their text bytes.
  package var sizes: [UInt64]

  package init(rows: UInt64, sizes: [UInt64]) {
    self.rows = rows
    self.sizes = sizes
  }
}
