// SPDX-License-Identifier: Apache-2.0

import Caching
import Glibc
import IngestPipeline
import Metrics
import NIOCore
import Telemetry

/// Answers that can be sent again to whoever sends the same bytes (decision 0019).
///
/// The same bytes are the same request: method, address, conditions, and whatever says who asks.
final class ReadyAnswers: Sendable {
  /// The largest request that is remembered, in bytes.
  static let largestRequest = 4 << 10
  /// The largest answer that is kept, in bytes: of a larger one sending takes the time, not finding it.
  static let largestAnswer = 1 << 20

  private let ingestor: Ingestor
  private let kept = SharedCache<ByteBuffer, ReadyAnswer>(
    CacheBounds(cost: 32 << 20, costOfOne: UInt64(largestAnswer), entries: 4_096)
  ) { $0.cost }
  private let whole = ServiceMetrics.counter(ofStatus: 200)
  private let notModified = ServiceMetrics.counter(ofStatus: 304)

  init(_ ingestor: Ingestor) { self.ingestor = ingestor }

  /// What answers a request now; nil where that is for the others to say.
  ///
  /// Counts as an answer and as a use of the table.
  func answer(to request: ByteBuffer) -> ReadyAnswer.Bytes? {
    guard request.readableBytes <= Self.largestRequest,
      let answer = kept.kept(for: request, where: { ingestor.holds($0.basis) })
    else { return nil }
    let (bytes, isFirst) = answer.bytes(at: time(nil))
    if isFirst { ingestor.noteUse(answer.basis) }
    (answer.isWhole ? whole : notModified).increment()
    return bytes
  }

  func keep(_ answer: ReadyAnswer, for request: ByteBuffer) { kept.keep(answer, for: request) }

  /// Where the reads of all answers are counted.
  var accesses: AccessTally { ingestor.accesses }

  /// Has the reads counted that only the answers know of yet.
  func tellReads() { for answer in kept.values { answer.tellReads() } }

  var running: RunningCache { RunningCache("answers", kept) }

  var metricReadings: [MetricReading] { CacheMetrics.readings("answers", kept.activity) }
}
