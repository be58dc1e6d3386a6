// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Validation

/// What became of one file of a batch.
struct BatchLine: Sendable {
  enum Outcome: Sendable {
    case answered(UploadAnswer)
    case failed(any Error)
  }

  let file: BatchPlan.File
  let outcome: Outcome

  init(file: BatchPlan.File, _ outcome: Outcome) {
    self.file = file
    self.outcome = outcome
  }

  /// For people: one line, and one more for each thing to know.
  var text: String {
    let name = file.path.escapedForDisplay
    switch outcome {
    case .failed(let error): return "\(name): failed: \(ExitStatus.message(of: error))"
    case .answered(let answer):
      if let rejection = answer.rejection {
        return "\(name): refused: \(rejection.code.rawValue)\n  \(rejection.detail)"
      }
      let tables = answer.tables.map { table in
        let state = table.isNew ? "published" : "known"
        let warnings = table.warnings.map { "\n  note: \($0)" }.joined()
        let rejected = table.rejected == 0 ? "" : ", \(table.rejected) rejected"
        return
          "\(name): \(state) \(table.name)@\(table.version), \(table.rows) rows × \(table.columns) columns"
          + rejected + warnings
      }
      let renamed =
        file.isRenamed ? "\n  note: another file wants this table's name, so the path's hash is part of it" : ""
      return tables.joined(separator: "\n") + renamed + refusedMembers(of: answer.report)
    }
  }

  /// The members of an archive that gave no table, as far as they are few.
  private func refusedMembers(of report: Report) -> String {
    let refused = report.members.compactMap { member in
      member.code.map { "\n  note: \(member.name ?? "the content") was refused: \($0)" }
    }
    let others = refused.count - Self.mostMembers
    return refused.prefix(Self.mostMembers).joined() + (others > 0 ? "\n  note: so were \(others) more" : "")
  }

  private static let mostMembers = 5

  private struct Line: Encodable {
    let file: String
    let renamed: Bool
    let status: String
    let error: String?
    /// Of a failure of the storage.
    let code: String?
    let answer: UploadAnswer?
  }

  /// One JSON object: `file`, `status` (`published`, `known`, `refused` or `failed`), and the upload's answer or the error.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let line: Line
    switch outcome {
    case .failed(let error):
      line = Line(
        file: file.path.escapedForDisplay, renamed: file.isRenamed, status: "failed",
        error: ExitStatus.message(of: error), code: StorageFault(error)?.rawValue, answer: nil)
    case .answered(let answer):
      let status = answer.rejection != nil ? "refused" : answer.isNew ? "published" : "known"
      line = Line(
        file: file.path.escapedForDisplay, renamed: file.isRenamed, status: status, error: nil, code: nil,
        answer: answer)
    }
    return String(decoding: try encoder.encode(line), as: UTF8.self)
  }
}

/// Counts what became of a batch's files.
struct BatchTally {
  private(set) var published = 0
  private(set) var known = 0
  private(set) var refused = 0
  private(set) var failed = 0
  private(set) var firstFailure: (any Error)?

  var done: Int { published + known + refused + failed }

  mutating func add(_ line: BatchLine) {
    switch line.outcome {
    case .answered(let answer):
      if answer.rejection != nil { refused += 1 } else if answer.isNew { published += 1 } else { known += 1 }
    case .failed(let error):
      failed += 1
      firstFailure = firstFailure ?? error
    }
  }

  var text: String { "\(published) published, \(known) known, \(refused) refused, \(failed) failed" }
}
