// SPDX-License-Identifier: Apache-2.0

/// Every series there is, made once from the declarations.
///
/// What is not declared is not kept: not a series more can appear, whatever is recorded, by us or by a library.
package final class MetricRegistry: Sendable {
  private struct Key: Hashable {
    let name: String
    let values: [String]
  }

  /// By name, so that every scrape has the same order.
  private let families: [MetricFamily]
  private let series: [Key: any MetricSeries]

  /// A registry of these families; of several of one name the first counts.
  package init(_ families: [MetricFamily]) {
    var byName: [String: MetricFamily] = [:]
    var series: [Key: any MetricSeries] = [:]
    for family in families where byName[family.name] == nil {
      byName[family.name] = family
      for values in family.combinations { series[Key(name: family.name, values: values)] = family.makeSeries() }
    }
    self.families = byName.values.sorted { $0.name < $1.name }
    self.series = series
  }

  /// Finds the series of these labels, in any order; nil where it is not declared.
  func series(_ name: String, _ dimensions: [(String, String)]) -> (any MetricSeries)? {
    // A handful of families: looking through them costs less than a second table.
    guard let family = families.first(where: { $0.name == name }), let values = family.values(of: dimensions) else {
      return nil
    }
    return series[Key(name: name, values: values)]
  }

  /// The text that Prometheus scrapes (format 0.0.4): families by name, series in the order of their declaration.
  ///
  /// - Parameter readings: what was looked up for this scrape.
  package func scrape(_ readings: [MetricReading] = []) -> String {
    for reading in readings { series(reading.name, reading.dimensions)?.set(reading.value) }
    var text = ""
    for family in families {
      MetricText.appendHead(of: family, to: &text)
      for values in family.combinations {
        guard let series = series[Key(name: family.name, values: values)] else { continue }
        MetricText.append(series.samples, of: family, values, to: &text)
      }
    }
    return text
  }
}

extension MetricFamily {
  fileprivate func makeSeries() -> any MetricSeries {
    switch kind {
    case .counter: CounterSeries()
    case .gauge: GaugeSeries()
    case .histogram(let bounds): HistogramSeries(bounds: bounds)
    }
  }
}
