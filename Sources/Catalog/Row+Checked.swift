// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Reading of columns that answers `corrupt` where a damaged file holds another type or range; GRDB's own would trap.
extension Row {
  func text(_ column: String) throws(CatalogError) -> String {
    guard let text = try optionalText(column) else { throw .corrupt }
    return text
  }

  func optionalText(_ column: String) throws(CatalogError) -> String? {
    switch storage(column) {
    case .null: nil
    case .string(let text): text
    default: throw .corrupt
    }
  }

  func integer(_ column: String) throws(CatalogError) -> Int64 {
    guard case .int64(let value) = storage(column) else { throw .corrupt }
    return value
  }

  func optionalInteger(_ column: String) throws(CatalogError) -> Int64? {
    if case .null = storage(column) { nil } else { try integer(column) }
  }

  func count<Count: FixedWidthInteger>(_ column: String) throws(CatalogError) -> Count {
    let value = try integer(column)
    guard value >= 0, let count = Count(exactly: value) else { throw .corrupt }
    return count
  }

  func choice<Choice: RawRepresentable<String>>(_ column: String) throws(CatalogError) -> Choice {
    guard let choice = Choice(rawValue: try text(column)) else { throw .corrupt }
    return choice
  }

  /// A column that the statement does not have reads as null: the subscript with an optional answer does not trap.
  private func storage(_ column: String) -> DatabaseValue.Storage {
    let value: (any DatabaseValueConvertible)? = self[column]
    return value?.databaseValue.storage ?? .null
  }
}

extension FixedWidthInteger {
  /// The number as SQLite stores it.
  func stored() throws(CatalogError) -> Int64 {
    guard self >= 0, let value = Int64(exactly: self) else { throw .outOfRange }
    return value
  }
}
