// SPDX-License-Identifier: Apache-2.0

package import WorkerProtocol

/// One upload as its worker gets it.
package struct WorkerAssignment: Sendable {
  package var job: Job
  /// The input's descriptor, read-only; the caller keeps it open until the run has ended.
  package var input: Int32
  /// Scratch for expanded bytes; likewise the caller's.
  package var scratch: Int32
  /// When the worker is killed, from its start.
  package var wallTime: Duration
  /// What a verified worker is told: to begin, or for a trial what to try.
  var start: ServiceMessage

  package init(job: Job, input: Int32, scratch: Int32, wallTime: Duration) {
    self.init(job: job, input: input, scratch: scratch, wallTime: wallTime, start: .begin)
  }

  init(job: Job, input: Int32, scratch: Int32, wallTime: Duration, start: ServiceMessage) {
    self.start = start
    self.job = job
    self.input = input
    self.scratch = scratch
    self.wallTime = wallTime
  }
}

/// What the service answers to a worker's message.
package enum WorkerReply: Sendable {
  /// Nothing; go on listening.
  case none
  case message(ServiceMessage)
  /// A descriptor, which stays the caller's, with its message.
  case descriptor(ServiceMessage, Int32)
  /// Kill the worker: what it said is wrong.
  case dismiss
  /// Kill the worker, which did nothing wrong: its work is not needed any more.
  case end
}
