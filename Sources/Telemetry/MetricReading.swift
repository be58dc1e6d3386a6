// SPDX-License-Identifier: Apache-2.0

/// A value that is looked up when somebody scrapes, rather than told when it changes.
package struct MetricReading: Sendable {
  let name: String
  let dimensions: [(String, String)]
  let value: Double

  /// The value of the series of `name` that these labels tell.
  package init(_ name: String, _ value: some BinaryInteger, _ dimensions: [(String, String)] = []) {
    self.name = name
    self.dimensions = dimensions
    self.value = Double(value)
  }
}
