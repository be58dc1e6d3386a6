// SPDX-License-Identifier: Apache-2.0

import CJSON
import Validation
import WorkerProtocol

/// What a table's records are, and the caps that they keep.
struct JSONForm: Sendable {
  /// Whether they are arrays, whose elements are the cells; else objects.
  var hasArrays: Bool
  /// Whether each stands on a line of its own; else there are commas between them.
  var hasLines: Bool
  /// How deep objects are taken apart: 1 stands for the record alone.
  var flatDepth: Int
  /// How deep values may lie in one another.
  let depth: Int
  let columns: Int
  let recordBytes: Int
  let cellBytes: Int
  /// The instructions that take records apart; what is found does not depend on them.
  var set = ScanSet.best

  /// Deeper than any value can lie that was found to be sound.
  static let deepest = Int(INGEST_JSON_DEEPEST)

  init(_ limits: ReadLimits, hasArrays: Bool, hasLines: Bool, flatDepth: Int) {
    self.hasArrays = hasArrays
    self.hasLines = hasLines
    self.flatDepth = flatDepth
    depth = Int(clamping: limits.jsonDepth)
    columns = Int(clamping: limits.columns)
    // Places within a piece have 32 bits.
    recordBytes = Int(clamping: min(limits.recordBytes, 1 << 30))
    cellBytes = Int(clamping: min(limits.cellBytes, 1 << 30))
  }
}
