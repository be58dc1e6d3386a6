// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// The types that were asked for, by column.
struct ColumnContract {
  private let options: CellOptions
  private let rules: [CellOptions.Rule?]

  /// The rules of a table whose columns have these names.
  ///
  /// - Throws: `column_missing` for a rule without a column.
  init(_ options: CellOptions, names: [String]) throws(Rejection) {
    self.options = options
    let known = Set(names)
    if let missing = options.rules.first(where: { !known.contains($0.name) }) {
      var rejection = Rejection(.columnMissing)
      rejection.example = missing.name.cut(toBytes: Rejection.longestExample)
      throw rejection
    }
    let byName = Dictionary(options.rules.map { ($0.name, $0) }) { first, _ in first }
    rules = names.map { byName[$0] }
  }

  /// Whether the column's type is given.
  func hasRule(_ column: Int) -> Bool { rules.indices.contains(column) && rules[column] != nil }

  /// How each column is converted.
  ///
  /// - Throws: `contract_violated` for the first cell in the file that is not of the type that was asked for.
  func decisions(
    _ columns: [ColumnInference], in bytes: MappedBytes
  ) throws(Rejection) -> [ColumnInference.Decision] {
    var decisions: [ColumnInference.Decision] = []
    var first: (column: Int, place: ColumnInference.FieldPlaceKey)?
    let words = NullWords(options.nullWords)
    for (column, inference) in columns.enumerated() {
      guard let rule = rules[column] else {
        decisions.append(inference.decide(options))
        decisions[column].extraNullWords = words
        continue
      }
      do {
        decisions.append(try inference.decide(rule, options))
      } catch {
        decisions.append(ColumnInference.Decision(type: .utf8))
        if error.first.start < first?.place.start ?? .max { first = (column, error.first) }
      }
      decisions[column].extraNullWords = words
    }
    if let (column, place) = first {
      let range = place.start..<place.start + place.length
      throw Rejection.violation(of: rules[column]?.type, column: column, range, bytes)
    }
    return decisions
  }
}

extension Rejection {
  /// The refusal for a cell that is not of the type that was asked for.
  static func violation(
    of type: RequestedType?, column: Int, _ cell: Range<Int>, _ bytes: MappedBytes
  ) -> Rejection {
    var rejection = Rejection(.contractViolated, column: UInt64(column + 1), byteOffset: UInt64(cell.lowerBound))
    rejection.expected = type?.name
    // Cut generously first: what is shown ends between two characters.
    rejection.example = bytes.withSpan(cell.prefix(256)) { span in
      String(decoding: span.indices.map { span[$0] }, as: UTF8.self).cut(toBytes: longestExample)
    }
    return rejection
  }
}
