// SPDX-License-Identifier: Apache-2.0

/// The text format 0.0.4 of Prometheus.
package enum MetricText {
  /// The media type of a scrape.
  package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  static func appendHead(of family: MetricFamily, to text: inout String) {
    text += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
    text += "# TYPE \(family.name) \(family.kind.text)\n"
  }

  static func append(_ samples: [MetricSample], of family: MetricFamily, _ values: [String], to text: inout String) {
    for sample in samples {
      var labels = zip(family.labels, values).map { "\($0.name)=\"\(escaped($1, quotes: true))\"" }
      if let bound = sample.bound { labels.append("le=\"\(bound)\"") }
      let list = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
      text += "\(family.name)\(sample.suffix)\(list) \(sample.value)\n"
    }
  }

  /// A text as one line, and as the inside of a quoted label where `quotes` says so.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}

extension MetricFamily.Kind {
  fileprivate var text: String {
    switch self {
    case .counter: "counter"
    case .gauge: "gauge"
    case .histogram: "histogram"
    }
  }
}
