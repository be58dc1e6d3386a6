// SPDX-License-Identifier: Apache-2.0

/// One metric as it is declared: its name, what it says, and every value that its labels can have.
///
/// The values are listed, so the number of series is known beforehand and nothing that a client sends can add one.
package struct MetricFamily: Sendable, Hashable {
  /// How values become one.
  package enum Kind: Sendable, Hashable {
    /// Only grows.
    case counter
    /// Is what it was set to last.
    case gauge
    /// Counts values up to each of these bounds, ascending; one more bucket takes the rest.
    case histogram(bounds: [Double])
  }

  /// What tells the series of a family apart.
  package struct Label: Sendable, Hashable {
    package let name: String
    package let values: [String]

    package init(_ name: String, _ values: [String]) {
      self.name = name
      self.values = values
    }
  }

  /// `ingest_…` with its unit; `_total` at the end of a counter's.
  package let name: String
  package let kind: Kind
  /// One phrase for who reads the scrape.
  package let help: String
  package let labels: [Label]

  package init(_ name: String, _ kind: Kind, labels: [Label] = [], help: String) {
    self.name = name
    self.kind = kind
    self.labels = labels
    self.help = help
  }

  /// The values of the labels of every series, in the order of their declaration.
  var combinations: [[String]] {
    labels.reduce([[]]) { found, label in found.flatMap { start in label.values.map { start + [$0] } } }
  }

  /// The values of `dimensions` in the order of the labels; nil where the names are not those of the labels.
  func values(of dimensions: [(String, String)]) -> [String]? {
    guard dimensions.count == labels.count else { return nil }
    let values = labels.compactMap { label in dimensions.first { $0.0 == label.name }?.1 }
    return values.count == labels.count ? values : nil
  }
}
