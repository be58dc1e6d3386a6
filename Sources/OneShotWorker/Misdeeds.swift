// SPDX-License-Identifier: Apache-2.0

package import Readers

/// What a worker that was taken over would do inside of the confinement: the tests' way in.
///
/// A worker that ships does nothing of it.
package struct Misdeeds {
  /// Sees the input before it is inspected.
  package var beforeReading: (MappedBytes) -> Void
  /// The packets that are sent instead of one.
  package var inPlaceOf: ([UInt8]) -> [[UInt8]]

  package init(
    beforeReading: @escaping (MappedBytes) -> Void = { _ in },
    inPlaceOf: @escaping ([UInt8]) -> [[UInt8]] = { [$0] }
  ) {
    self.beforeReading = beforeReading
    self.inPlaceOf = inPlaceOf
  }
}
