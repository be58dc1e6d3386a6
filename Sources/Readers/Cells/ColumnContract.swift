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

  /// How a column with a rule is converted, from all of its cells; nil for one without.
  func decide(_ column: Int, from cells: ColumnInference) -> ColumnInference.Decision? {
    guard hasRule(column), let rule = rules[column] else { return nil }
    var decision = cells.decide(rule, options)
    decision.extraNullWords = nullWords
    return decision
  }

  /// What judges the cells of a column with a rule; nil where none can break one.
  func judge(_ column: Int, _ decision: ColumnInference.Decision) -> CellJudge? {
    guard hasRule(column), let rule = rules[column], rule.type != .text || !rule.constraints.isEmpty else { return nil }
    return CellJudge(column, decision, rule)
  }

  /// The refusal for a record that is one too many to be rejected.
  func refusal(of reject: RejectedRecord, atMost limit: UInt64, in bytes: MappedBytes) -> Rejection {
    let fault = reject.fault
    var rejection = Rejection(
      limit == 0 ? fault.code.refusal : .tooManyRejects, column: fault.column.map { UInt64($0 + 1) },
      byteOffset: UInt64(fault.offset), limit: limit == 0 ? nil : limit)
    rejection.violation = fault.code
    if fault.code == .wrongType, let column = fault.column, rules.indices.contains(column) {
      rejection.expected = rules[column]?.type.name
    }
    // Cut generously first: what is shown ends between two characters.
    rejection.example = fault.cell.map { cell in
      bytes.text((cell.start..<cell.end).prefix(256)).cut(toBytes: Rejection.longestExample)
    }
    return rejection
  }
}

extension RejectCode {
  /// The code of a file whose only such record refuses it.
  fileprivate var refusal: Rejection.Code {
    switch self {
    case .jsonMalformed: .jsonMalformed
    case .notARecord: .notTabular
    default: isMalformation ? .recordMalformed : .contractViolated
    }
  }
}
