// SPDX-License-Identifier: Apache-2.0

import CKernel
import FileDescriptors
import Glibc
import WorkerChannel

/// A worker, or the zygote: a process that is this one's child, and our end of its channel.
final class WorkerProcess: Sendable {
  let process: Int32
  let channel: MessageSocket
  /// The user that it has to itself, where the service is root.
  let user: UInt32?

  init(process: Int32, channel: consuming MessageSocket, user: UInt32?) {
    self.process = process
    self.channel = channel
    self.user = user
  }

  /// Ends the process at once.
  ///
  /// It is not reaped yet, so its number cannot be another's.
  func kill() { _ = Glibc.kill(process, SIGKILL) }

  /// Waits until the process has ended.
  func reap() -> ProcessEnd {
    var end = ingest_end()
    // A child of ours that nobody else reaps: the call cannot fail.
    guard unsafe ingest_reap(process, &end) == 0 else { return ProcessEnd(end: .signalled(SIGKILL), cpuSeconds: 0) }
    return ProcessEnd(
      end: end.was_signalled == 1 ? .signalled(end.status) : .exited(end.status), cpuSeconds: end.cpu_seconds)
  }

  /// Waits for a process that should be about to end.
  ///
  /// - Returns: false where it has not ended by `deadline`.
  func endsBy(_ deadline: ContinuousClock.Instant) throws(SandboxError) -> Bool {
    let number = ingest_pidfd_open(process)
    guard number >= 0 else { throw .system(SystemCallError(call: "pidfd_open", errno: -number)) }
    let handle = OwnedDescriptor(owning: number)
    return try isReadable(handle.rawValue, by: deadline)
  }
}

/// How a process ended, and what it had used.
struct ProcessEnd {
  var end: WorkerEnd
  /// Processor time of all its threads.
  var cpuSeconds: Double
}

/// Whether there is something to read before the deadline.
func isReadable(_ descriptor: Int32, by deadline: ContinuousClock.Instant) throws(SandboxError) -> Bool {
  while true {
    let left = deadline - ContinuousClock.now
    guard left > .zero else { return false }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // SAFETY: the call reads and writes the one structure that it is given.
    let count = unsafe poll(&request, 1, Int32(clamping: left.milliseconds + 1))
    if count > 0 { return true }
    guard count == 0 || errno == EINTR else { throw .system(SystemCallError(call: "poll", errno: errno)) }
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (milliseconds, overflowed) = seconds.multipliedReportingOverflow(by: 1000)
    return overflowed ? .max / 2 : milliseconds + attoseconds / 1_000_000_000_000_000
  }
}
