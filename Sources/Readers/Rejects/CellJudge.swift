// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Judges the cells of a column whose type is given, one by one: for what breaks it, and where a kernel cannot say.
struct CellJudge: Sendable {
  let column: Int
  private let decision: ColumnInference.Decision
  private let converter: CellConverter
  private let constraints: BoundConstraints

  init(_ column: Int, _ decision: ColumnInference.Decision, _ rule: CellOptions.Rule) {
    self.column = column
    self.decision = decision
    converter = CellConverter(decision: decision)
    constraints = BoundConstraints(rule.constraints, rule.type, decision.type)
  }

  /// Whether each cell has to be looked at, since its conversion alone does not tell.
  var isThorough: Bool { constraints.isRequired || constraints.areOfValues }

  /// What is wrong with a cell; nil stands for one that the record lacks.
  func fault(of field: FieldPlace?, _ bytes: MappedBytes) -> RejectCode? {
    guard let field, !field.isAbsent else { return constraints.isRequired ? .valueRequired : nil }
    guard decision.type != .utf8 else { return textFault(field, bytes) }
    let kind = field.kind(in: bytes, decision.extraNullWords, readsStrings: true)
    if decision.wrongKinds.contains(kind.kind) { return .wrongType }
    if kind.contains(.nullWord) { return constraints.isRequired ? .valueRequired : nil }
    let value = converter.convert(field, bytes)
    if case .wrong = value { return .wrongType }
    return constraints.areOfValues ? constraints.fault(of: value) : nil
  }

  private func textFault(_ field: FieldPlace, _ bytes: MappedBytes) -> RejectCode? {
    guard constraints.areOfValues else { return nil }
    var text: [UInt8] = []
    field.appendContent(of: bytes, to: &text)
    return constraints.fault(ofText: text)
  }
}
