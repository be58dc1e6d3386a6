// SPDX-License-Identifier: Apache-2.0

/// What was counted of the body of one batch while it was verified.
package struct VerifiedBody: Sendable {
  /// Of each column.
  package let nulls: [NullCount]
  let bounds: [ColumnBounds]
  let checksum: UInt64
}

/// What one record batch holds: exact.
package struct BatchSummary: Sendable, Hashable {
  package let rows: Int
  /// Of each column, texts shorter than `longestText`; none where they would be too many.
  package let columns: [ColumnSummary]

  /// How much of a text is kept of each batch, in bytes.
  package static let longestText = 36
}

/// What the bodies of a table hold, counted while they were verified.
package struct TableContents: Sendable {
  package private(set) var rows: UInt64 = 0
  private var nulls: [UInt64]
  private var bounds: [ColumnBounds]
  private var batches: [BatchSummary?]
  private var sums: [UInt64]
  private let keepsColumns: Bool

  /// More columns of batches than this are not kept: they would take more than a few megabytes.
  private static let mostColumns = 1 << 15

  /// The contents of a table none of whose batches has been verified yet.
  package init(_ schema: Schema, batchCount: Int) {
    nulls = [UInt64](repeating: 0, count: schema.fields.count)
    bounds = [ColumnBounds](repeating: .none, count: schema.fields.count)
    batches = [BatchSummary?](repeating: nil, count: batchCount)
    sums = [UInt64](repeating: 0, count: batchCount)
    let (all, overflowed) = schema.fields.count.multipliedReportingOverflow(by: batchCount)
    // One batch holds what its table does.
    keepsColumns = batchCount > 1 && !overflowed && all <= Self.mostColumns
  }

  /// Takes in batch `index`.
  package mutating func add(_ body: VerifiedBody, of batch: ArrowLayout.Batch, at index: Int) {
    rows += UInt64(batch.rows)
    sums[index] = body.checksum
    var columns: [ColumnSummary] = []
    for (column, place) in batch.columns.enumerated() {
      // A column without any value has no body in which its nulls could be counted.
      let missing = UInt64(place.type == .null ? batch.rows : body.nulls[column].rows)
      nulls[column] += missing
      bounds[column].add(body.bounds[column])
      guard keepsColumns else { continue }
      columns.append(ColumnSummary(nulls: missing, bounds: body.bounds[column].cut(to: BatchSummary.longestText)))
    }
    batches[index] = BatchSummary(rows: batch.rows, columns: columns)
  }

  /// What each column holds.
  package var columns: [ColumnSummary] { zip(nulls, bounds).map { ColumnSummary(nulls: $0, bounds: $1) } }

  /// What each batch holds, in file order; none where there is but one, or that would be too much.
  package var batchSummaries: [BatchSummary] { keepsColumns ? batches.compactMap(\.self) : [] }

  /// The checksum of each batch's body.
  package var checksums: BatchChecksums { BatchChecksums(values: sums) }
}

/// The checksums of a table's batches, by which a body is found that was changed since it was verified.
package struct BatchChecksums: Sendable, Hashable {
  package let values: [UInt64]

  package init(values: [UInt64]) { self.values = values }

  private static let digits = 16

  /// Reads what `text` gave; nil where it is none.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count % Self.digits == 0 else { return nil }
    var values: [UInt64] = []
    for start in stride(from: 0, to: bytes.count, by: Self.digits) {
      let digits = String(decoding: bytes[start..<start + Self.digits], as: UTF8.self)
      // A sign would be taken for a digit.
      guard !digits.hasPrefix("+"), let value = UInt64(digits, radix: 16) else { return nil }
      values.append(value)
    }
    self.values = values
  }

  /// Sixteen hexadecimal digits for each batch.
  package var text: String {
    values.map { value in
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: Self.digits - digits.count) + digits
    }.joined()
  }
}
