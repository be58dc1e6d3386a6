// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// A type that a column must have, as people ask for it.
public enum RequestedType: Sendable, Hashable {
  /// `true` and `false`, also `yes`, `no`, `y`, `n`, `t`, `f`, `1` and `0`.
  case bool
  case int64
  case uint64
  /// Whichever of `int64`, `uint64` and a decimal without places holds all cells.
  case integer
  case float64
  /// `float64`, or a decimal where that would lose digits.
  case number
  case decimal(precision: Int, scale: Int)
  /// A decimal with as many places as the cells have.
  case anyDecimal
  case date
  case time
  case timestamp
  case timestampNanoseconds
  /// Every cell as it stands.
  case text

  private static let names: [(String, RequestedType)] = [
    ("bool", .bool), ("int64", .int64), ("uint64", .uint64), ("integer", .integer), ("float64", .float64),
    ("number", .number), ("decimal", .anyDecimal), ("date", .date), ("time", .time), ("timestamp", .timestamp),
    ("timestamp[ns]", .timestampNanoseconds), ("text", .text),
  ]
  private static let aliases: [(String, RequestedType)] = [
    ("boolean", .bool), ("int", .integer), ("float", .float64), ("double", .float64), ("datetime", .timestamp),
    ("utf8", .text), ("string", .text),
  ]

  /// All names without parameters, for people.
  public static var allNames: String { (names.map(\.0) + ["decimal(precision,scale)"]).joined(separator: ", ") }

  /// Reads a name or an alias; nil for anything else.
  public init?(_ text: String) {
    if let known = (Self.names + Self.aliases).first(where: { $0.0 == text }) {
      self = known.1
      return
    }
    guard text.hasPrefix("decimal("), text.hasSuffix(")") else { return nil }
    let numbers = text.dropFirst(8).dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard numbers.count == 2, let precision = Int(numbers[0].trimmedOfSpaces),
      let scale = Int(numbers[1].trimmedOfSpaces), DecimalText.isValid(precision: precision, scale: scale)
    else { return nil }
    self = .decimal(precision: precision, scale: scale)
  }

  /// The one spelling, as reports show it.
  public var name: String {
    if case .decimal(let precision, let scale) = self { return "decimal(\(precision),\(scale))" }
    return Self.names.first { $0.1 == self }?.0 ?? "text"
  }
}

extension Substring {
  fileprivate var trimmedOfSpaces: Substring {
    let start = drop { $0 == " " }
    return start.last == " " ? start.prefix { $0 != " " } : start
  }
}
