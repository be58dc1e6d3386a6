// SPDX-License-Identifier: Apache-2.0

/// What makes the tables that a reader produces the same on every machine.
///
/// A change that moves any table's bytes, or what any cell becomes, raises the version.
package enum Recipe {
  /// Part of every table's identity.
  package static let version = 7
  /// The input that a record batch covers, where the table is narrow: a record belongs to the block in which it starts.
  package static let blockBytes = 4 << 20

  /// The input that a record batch of `columns` columns covers; wide tables get larger blocks, so that the metadata
  /// stays small beside the bodies.
  package static func blockBytes(columns: Int) -> Int {
    var bytes = blockBytes
    while bytes < blockBytes * 32, columns > 512 * (bytes / blockBytes) { bytes *= 2 }
    return bytes
  }
}
