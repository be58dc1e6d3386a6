// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// How much of the input a reader takes at a time; tests take little, so that small texts cross every border.
package struct PassSizes: Sendable {
  /// The input that a record batch of so many columns covers; part of what a table is.
  package var block: @Sendable (_ columns: Int) -> Int
  /// The rows that a guess rests on, in bytes: the more the wider the table, so that each column shows some cells.
  package var sample: ClosedRange<Int>
  /// The input that is indexed at a time, at least; small enough for the caches.
  package var piece: Int

  /// The input that a scanner indexes at a time.
  static let scannedBytes = 256 << 10

  package init(
    block: @escaping @Sendable (_ columns: Int) -> Int = { Recipe.blockBytes(columns: $0) },
    sample: ClosedRange<Int> = 256 << 10...2 << 20, piece: Int = 128 << 10
  ) {
    self.block = block
    self.sample = sample
    self.piece = piece
  }
}
