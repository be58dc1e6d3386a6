// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// The types that were asked for, by column.
struct ColumnContract: Sendable {
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

  /// The columns whose types are given.
  var ruledColumns: Set<Int> { Set(rules.indices.filter(hasRule)) }

  /// Words that stand for null beside the documented ones.
  var nullWords: NullWords { NullWords(options.nullWords) }

  /// Whether a comma is the decimal mark of every number.
  var hasDecimalComma: Bool { options.hasDecimalComma }

  /// Whether every cell is text, as it stands.
  var isAllText: Bool { options.isAllText }

  /// How a column without a rule is converted.
  func decide(_ cells: ColumnInference) -> ColumnInference.Decision {
    var decision = cells.decide(options)
    decision.extraNullWords = nullWords
    return decision
  }

  /// How each column with a rule is converted, from all of its cells.
  ///
  /// - Throws: `contract_violated` for the first cell in the file that is not of the type that was asked for.
  func decide(_ cells: [ColumnInference], in bytes: MappedBytes) throws(Rejection) -> [Int: ColumnInference.Decision] {
    var decisions: [Int: ColumnInference.Decision] = [:]
    var first: (column: Int, place: ColumnInference.FieldPlaceKey)?
    for column in ruledColumns.sorted() where column < cells.count {
      guard let rule = rules[column] else { continue }
      do {
        decisions[column] = try cells[column].decide(rule, options)
        decisions[column]?.extraNullWords = nullWords
      } catch {
        if error.first.start < first?.place.start ?? .max { first = (column, error.first) }
      }
    }
    if let (column, place) = first { throw violation(column, place.start..<place.start + place.length, bytes) }
    return decisions
  }

  /// The refusal for a cell that is not of the type that was asked for.
  func violation(_ column: Int, _ cell: Range<Int>, _ bytes: MappedBytes) -> Rejection {
    Rejection.violation(of: rules[column]?.type, column: column, cell, bytes)
  }
}

extension Rejection {
  /// The refusal for a cell that is not of the type that was asked for.
  fileprivate static func violation(
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
