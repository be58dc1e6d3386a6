// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Synchronization

/// One series of a family: where values go in, and what a scrape shows.
protocol MetricSeries: Sendable {
  /// The values with what their names and labels have beside the family's.
  var samples: [MetricSample] { get }
  /// Takes a value that was looked up at the time of the scrape.
  func set(_ value: Double)
}

/// One line of a scrape, but for the family's name and the series' own labels.
struct MetricSample {
  var suffix = ""
  /// The upper bound of a bucket.
  var bound: String?
  var value: String
}

/// Counts up; stops at the largest number rather than trap.
final class CounterSeries: MetricSeries, CounterHandler {
  private let count = Mutex<UInt64>(0)

  var samples: [MetricSample] { [MetricSample(value: String(count.withLock { $0 }))] }

  func increment(by amount: Int64) {
    guard amount > 0 else { return }
    count.withLock { count in
      let (sum, overflowed) = count.addingReportingOverflow(UInt64(amount))
      count = overflowed ? .max : sum
    }
  }

  func reset() { count.withLock { $0 = 0 } }

  func set(_ value: Double) { count.withLock { $0 = UInt64(exactly: value.rounded()) ?? 0 } }
}

/// Is what it was set to last.
final class GaugeSeries: MetricSeries, RecorderHandler {
  private let value = Mutex(0.0)

  var samples: [MetricSample] { [MetricSample(value: value.withLock { $0 }.metricText)] }

  func record(_ value: Int64) { set(Double(value)) }

  func record(_ value: Double) { set(value) }

  func set(_ value: Double) { self.value.withLock { $0 = value } }
}

/// Counts values by their size; times are in seconds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
  private struct State {
    /// How many values lie in each bucket alone; the last holds those beyond every bound.
    var counts: [UInt64]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  var samples: [MetricSample] {
    let state = state.withLock { $0 }
    var total: UInt64 = 0
    var samples: [MetricSample] = []
    for (count, bound) in zip(state.counts, bounds.map(\.metricText) + ["+Inf"]) {
      total &+= count
      samples.append(MetricSample(suffix: "_bucket", bound: bound, value: String(total)))
    }
    samples.append(MetricSample(suffix: "_sum", value: state.sum.metricText))
    samples.append(MetricSample(suffix: "_count", value: String(total)))
    return samples
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    // A bound belongs to its own bucket; what is no number is beyond all of them.
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[bucket] &+= 1
      state.sum += value
    }
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  /// A histogram grows with what happens; there is nothing to look up.
  func set(_ value: Double) {}
}

extension Double {
  /// The number as the text format writes it: without a fraction where there is none.
  var metricText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
    return Int64(exactly: self).map(String.init) ?? description
  }
}
