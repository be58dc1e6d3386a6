// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing

@testable import Telemetry

private let kinds = MetricFamily.Label("kind", ["a", "b"])
private let sizes = MetricFamily.Label("size", ["s", "l"])

/// Records through swift-metrics and returns the lines of a scrape that show values.
private func scrape(_ families: [MetricFamily], _ record: (any MetricsFactory) -> Void = { _ in }) -> [String] {
  let registry = MetricRegistry(families)
  record(RegistryMetricsFactory(registry))
  return registry.scrape().split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
}

@Suite("Metric registry")
struct RegistryTests {
  @Test("A scrape shows families by name and series as declared, each from the start") func order() {
    let families = [
      MetricFamily("z_total", .counter, help: "Last"),
      MetricFamily("a_bytes", .gauge, labels: [kinds, sizes], help: "First"),
    ]
    #expect(
      MetricRegistry(families).scrape() == """
        # HELP a_bytes First
        # TYPE a_bytes gauge
        a_bytes{kind="a",size="s"} 0
        a_bytes{kind="a",size="l"} 0
        a_bytes{kind="b",size="s"} 0
        a_bytes{kind="b",size="l"} 0
        # HELP z_total Last
        # TYPE z_total counter
        z_total 0

        """)
  }

  @Test("Counters add up, never fall, and stop at the largest number") func counters() {
    let lines = scrape([MetricFamily("c_total", .counter, labels: [kinds], help: "")]) { factory in
      let counter = Counter(label: "c_total", dimensions: [("kind", "a")], factory: factory)
      counter.increment(by: 2)
      counter.increment(by: -5)
      Counter(label: "c_total", dimensions: [("kind", "a")], factory: factory).increment()
      let large = Counter(label: "c_total", dimensions: [("kind", "b")], factory: factory)
      for _ in 0..<3 { large.increment(by: Int64.max) }
    }
    #expect(lines == [#"c_total{kind="a"} 3"#, #"c_total{kind="b"} 18446744073709551615"#])
  }

  @Test("Gauges are what they were set to last")
  func gauges() {
    let lines = scrape([MetricFamily("g", .gauge, help: "")]) { factory in
      let gauge = Gauge(label: "g", factory: factory)
      gauge.record(7)
      gauge.record(0.25)
    }
    #expect(lines == ["g 0.25"])
  }

  @Test("A bound of a histogram belongs to its bucket, and what is beyond all to the last") func histogram() {
    let lines = scrape([MetricFamily("h_seconds", .histogram(bounds: [0.5, 1]), labels: [kinds], help: "")]) {
      factory in
      let timer = Timer(label: "h_seconds", dimensions: [("kind", "b")], factory: factory)
      for milliseconds in [250, 500, 750, 4000] { timer.recordMilliseconds(milliseconds) }
    }
    #expect(
      lines.suffix(5) == [
        #"h_seconds_bucket{kind="b",le="0.5"} 2"#, #"h_seconds_bucket{kind="b",le="1"} 3"#,
        #"h_seconds_bucket{kind="b",le="+Inf"} 4"#, #"h_seconds_sum{kind="b"} 5.5"#, #"h_seconds_count{kind="b"} 4"#,
      ])
    #expect(lines.first == #"h_seconds_bucket{kind="a",le="0.5"} 0"#)
  }

  @Test("What is not declared adds no series, whatever is recorded") func undeclared() {
    let families = [
      MetricFamily("c_total", .counter, labels: [kinds], help: ""), MetricFamily("g", .gauge, help: ""),
    ]
    let lines = scrape(families) { factory in
      for number in 0..<1_000 {
        Counter(label: "c_total", dimensions: [("kind", "\(number)")], factory: factory).increment()
      }
      Counter(label: "other_total", factory: factory).increment()
      Counter(label: "c_total", factory: factory).increment()
      Counter(label: "c_total", dimensions: [("kind", "a"), ("kind", "b")], factory: factory).increment()
      Counter(label: "g", factory: factory).increment()
      Timer(label: "g", factory: factory).recordSeconds(1)
      Gauge(label: "c_total", dimensions: [("kind", "a")], factory: factory).record(5)
    }
    #expect(lines == [#"c_total{kind="a"} 0"#, #"c_total{kind="b"} 0"#, "g 0"])
  }

  @Test("Labels are found in any order") func labelOrder() {
    let lines = scrape([MetricFamily("c_total", .counter, labels: [kinds, sizes], help: "")]) { factory in
      Counter(label: "c_total", dimensions: [("size", "l"), ("kind", "b")], factory: factory).increment()
    }
    #expect(lines.last == #"c_total{kind="b",size="l"} 1"#)
  }

  @Test("Values that are looked up at the scrape are shown; unknown ones are not") func readings() {
    let registry = MetricRegistry([
      MetricFamily("g", .gauge, labels: [kinds], help: ""), MetricFamily("c_total", .counter, help: ""),
    ])
    let readings = [
      MetricReading("g", 3, [("kind", "b")]), MetricReading("c_total", 9), MetricReading("g", 1, [("kind", "c")]),
      MetricReading("none", 1),
    ]
    let lines = registry.scrape(readings).split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines == ["c_total 9", #"g{kind="a"} 0"#, #"g{kind="b"} 3"#])
  }

  @Test("Texts are escaped, so that a line stays a line") func escaping() {
    let label = MetricFamily.Label("kind", ["a\"b\\c\nd"])
    let text = MetricRegistry([MetricFamily("g", .gauge, labels: [label], help: "x\\y\n\"z\"")]).scrape()
    #expect(text == "# HELP g x\\\\y\\n\"z\"\n# TYPE g gauge\ng{kind=\"a\\\"b\\\\c\\nd\"} 0\n")
  }

  @Test(
    "Numbers are written as the format wants them",
    arguments: [
      (0.0, "0"), (5.0, "5"), (0.25, "0.25"), (-1.5, "-1.5"), (.nan, "NaN"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (9e15, "9000000000000000"),
    ])
  func numbers(_ number: Double, _ text: String) { #expect(number.metricText == text) }

  @Test("What several threads record at once is all there") func concurrent() async {
    let registry = MetricRegistry([MetricFamily("c_total", .counter, help: "")])
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 { Counter(label: "c_total", factory: RegistryMetricsFactory(registry)).increment() }
        }
      }
    }
    #expect(registry.scrape().hasSuffix("\nc_total 8000\n"))
  }
}
