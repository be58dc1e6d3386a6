// SPDX-License-Identifier: Apache-2.0

/// Whether a connection is fast enough to keep its place.
///
/// Pure: the times come from outside.
struct ConnectionPace {
  enum Judgement: Equatable {
    case fine
    /// The request's body takes too long to arrive.
    case tooSlow
    /// No request begins, its header does not end, or nobody takes the answer.
    case abandoned
  }

  private enum Phase {
    case awaitingHeader(since: ContinuousClock.Instant)
    case receiving(since: ContinuousClock.Instant, window: Window)
    case answering(stalledSince: ContinuousClock.Instant?)
    /// The whole answer was written, and the client takes it.
    case sending(stalledSince: ContinuousClock.Instant?)
  }

  /// The stretch of time over which the rate is measured.
  ///
  /// It starts anew whenever the service itself did not read.
  private struct Window {
    var start: ContinuousClock.Instant
    var bytes: UInt64 = 0
  }

  private let configuration: ServiceConfiguration
  private var phase: Phase

  init(_ configuration: ServiceConfiguration, now: ContinuousClock.Instant) {
    self.configuration = configuration
    phase = .awaitingHeader(since: now)
  }

  mutating func headerArrived(at now: ContinuousClock.Instant) {
    phase = .receiving(since: now, window: Window(start: now))
  }

  mutating func bodyArrived(_ count: Int) {
    guard case .receiving(let since, var window) = phase else { return }
    window.bytes += UInt64(clamping: count)
    phase = .receiving(since: since, window: window)
  }

  mutating func requestEnded() { phase = .answering(stalledSince: nil) }

  /// A whole answer was written at once, to a request that was not told of.
  mutating func answered() { phase = .sending(stalledSince: nil) }

  mutating func answerEnded(at now: ContinuousClock.Instant) { phase = .awaitingHeader(since: now) }

  /// Judges the connection; to be called several times in each of the configured times.
  ///
  /// - Parameters:
  ///   - isReading: whether the service waits for bytes, so that their absence is the client's doing.
  ///   - isWritable: whether the client takes what is sent.
  mutating func judge(at now: ContinuousClock.Instant, isReading: Bool, isWritable: Bool) -> Judgement {
    switch phase {
    case .awaitingHeader(let since): return now - since < configuration.headerTimeout ? .fine : .abandoned
    case .receiving(let since, let window): return judgeBody(since, window, now, isReading: isReading)
    case .answering(let stalledSince):
      let start = isWritable ? nil : stalledSince ?? now
      phase = .answering(stalledSince: start)
      return judgeStall(start, now)
    case .sending where isWritable:
      phase = .awaitingHeader(since: now)
      return .fine
    case .sending(let stalledSince):
      phase = .sending(stalledSince: stalledSince ?? now)
      return judgeStall(stalledSince, now)
    }
  }

  private func judgeStall(_ start: ContinuousClock.Instant?, _ now: ContinuousClock.Instant) -> Judgement {
    start.map { now - $0 >= configuration.responseStallTimeout } ?? false ? .abandoned : .fine
  }

  private mutating func judgeBody(
    _ since: ContinuousClock.Instant, _ window: Window, _ now: ContinuousClock.Instant, isReading: Bool
  ) -> Judgement {
    guard now - since < configuration.requestTimeout else { return .tooSlow }
    guard isReading else {
      phase = .receiving(since: since, window: Window(start: now))
      return .fine
    }
    guard now - window.start >= configuration.bodyRateWindow else { return .fine }
    phase = .receiving(since: since, window: Window(start: now))
    let seconds = UInt64(clamping: (now - window.start).components.seconds)
    let (expected, overflowed) = configuration.minimumBodyRate.multipliedReportingOverflow(by: max(1, seconds))
    return !overflowed && window.bytes >= expected ? .fine : .tooSlow
  }
}
