// SPDX-License-Identifier: Apache-2.0

import Catalog
import Metrics
import Sandbox
package import Telemetry
import Validation
import WorkerProtocol

/// What the pipeline tells about itself, documented in `docs/metrics.md`.
///
/// Labels hold our own words only: outcomes, codes and levels, never anything of a client's.
package enum PipelineMetrics {
  /// What became of an upload.
  enum Outcome: String, CaseIterable {
    /// A table appeared that was not there before.
    case published
    /// Everything was there already.
    case known
    /// The file was refused; the code is counted beside.
    case refused
    /// The request could not be met: its name is taken, its options are wrong.
    case declined
    /// Too many of the sender's uploads crashed their workers.
    case throttled
    /// As many uploads waited as may.
    case busy
    /// We failed.
    case failed

    /// The outcome of an upload that this error ended.
    init(_ error: any Error) {
      switch error {
      case PipelineFailure.busy: self = .busy
      case PipelineFailure.crashBudgetExhausted: self = .throttled
      case is PipelineFailure: self = .declined
      default: self = .failed
      }
    }
  }

  private static let uploads = MetricFamily(
    "ingest_uploads_total", .counter, labels: [.init("outcome", Outcome.allCases.map(\.rawValue))],
    help: "Uploads that came to an end, by outcome")

  private static let rejections = MetricFamily(
    "ingest_upload_rejections_total", .counter,
    labels: [.init("code", Rejection.Code.allCases.map(\.rawValue))], help: "Refused uploads, by code")

  private static let contents = MetricFamily(
    "ingest_contents_total", .counter, labels: [.init("state", ["read", "known"])],
    help: "Accepted contents that were read, and those whose tables were known and that were only judged")

  private static let catalogCommits = MetricFamily(
    "ingest_catalog_commits_total", .counter, help: "Commits of the catalog, each of which waited for the disk once")

  private static let catalogChanges = MetricFamily(
    "ingest_catalog_changes_total", .counter, help: "Changes of the catalog that shared these commits")

  private static let receivedBytes = MetricFamily(
    "ingest_received_bytes_total", .counter, help: "Bytes of files taken in, refused files included")

  private static let workerEnds = MetricFamily(
    "ingest_worker_ends_total", .counter,
    labels: [.init("cause", ["done", "not_started", "storage_failed"] + workerCodes.map(\.rawValue))],
    help: "Workers that ended, by cause")

  /// Of each reading, from asking for a worker to its verified tables; the bounds go from a small file's milliseconds
  /// to the longest wall time of the defaults.
  private static let readingSeconds = MetricFamily(
    "ingest_reading_duration_seconds", .histogram(bounds: [0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]),
    help: "Time from asking for a worker to verified tables or a refusal")

  private static let spoolBytes = MetricFamily(
    "ingest_spool_memory_bytes", .gauge, help: "Memory that uploads are spooled in")

  private static let readings = MetricFamily(
    "ingest_readings", .gauge, labels: [.init("state", ["running", "waiting"])],
    help: "Uploads that are with a worker, or wait for one")

  /// The codes that say how a worker ended, rather than what is wrong with the file.
  private static let workerCodes: [Rejection.Code] = [
    .workerTimeout, .workerMemory, .workerViolation, .workerCrashed, .workerLied, .outputTooLarge,
  ]

  /// Everything that the pipeline records.
  package static let families =
    [
      uploads, rejections, contents, catalogCommits, catalogChanges, receivedBytes, workerEnds, readingSeconds,
      spoolBytes, readings,
    ]
    + SandboxHealth.families
    + CacheMetrics.families

  /// An upload was answered `busy` before the pipeline saw it.
  package static func uploadWasBusy() { ended(.busy) }

  static func ended(_ outcome: Outcome) {
    Counter(label: uploads.name, dimensions: [("outcome", outcome.rawValue)]).increment()
  }

  /// An accepted content was read, or was known.
  static func accepted(isKnown: Bool) {
    Counter(label: contents.name, dimensions: [("state", isKnown ? "known" : "read")]).increment()
  }

  static func refused(_ code: Rejection.Code) {
    Counter(label: rejections.name, dimensions: [("code", code.rawValue)]).increment()
  }

  /// A counter for the bytes of one upload.
  static func makeByteCounter() -> Counter { Counter(label: receivedBytes.name) }

  /// A worker ended, and this became of its reading.
  static func workerEnded(_ verdict: Result<Verdict, any Error>, after time: Duration) {
    let cause: String
    switch verdict {
    case .success(let verdict): cause = verdict.code.flatMap { workerCodes.contains($0) ? $0.rawValue : nil } ?? "done"
    case .failure(SandboxError.busy): return
    case .failure(is SandboxError): cause = "not_started"
    case .failure: cause = "storage_failed"
    }
    Counter(label: workerEnds.name, dimensions: [("cause", cause)]).increment()
    Timer(label: readingSeconds.name).record(duration: time)
  }

  static func readings(_ activity: CommitActivity) -> [MetricReading] {
    [MetricReading(catalogCommits.name, activity.commits), MetricReading(catalogChanges.name, activity.changes)]
  }

  static func readings(_ activity: PoolActivity, spoolBytes bytes: UInt64) -> [MetricReading] {
    [
      MetricReading(spoolBytes.name, bytes), MetricReading(readings.name, activity.running, [("state", "running")]),
      MetricReading(readings.name, activity.waiting, [("state", "waiting")]),
    ]
  }
}
