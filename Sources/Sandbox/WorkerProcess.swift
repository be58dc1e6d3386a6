// SPDX-License-Identifier: Apache-2.0

import CKernel
import CSpawn
import FileDescriptors
import Glibc
import WorkerChannel

/// A running worker and our end of its channel.
///
/// Only this type starts processes.
///
/// The kernel kills the worker when the thread that started it ends, so one thread starts it and waits for it.
struct WorkerProcess: ~Copyable {
  let process: Int32
  let channel: MessageSocket

  /// Starts the worker's executable with an empty environment and no descriptor but its end of the channel.
  ///
  /// - Parameter user: the user that the worker becomes, where we are root.
  init(executable: String, user: UInt32?) throws(SandboxError) {
    let ends: (Int32, Int32)
    do { ends = try MessageSocket.makePair() } catch { throw .system(error) }
    let ours = OwnedDescriptor(owning: ends.0)
    // Closed at the end of this scope: then the worker's end is the only one, and its exit is our end of file.
    let theirs = OwnedDescriptor(owning: ends.1)
    var process: pid_t = 0
    let arguments = ["ingest-worker"] + (user.map { [String($0)] } ?? [])
    let failure = unsafe withCStrings(arguments) { arguments in
      unsafe withCStrings(["SWIFT_BACKTRACE=enable=no", "LC_ALL=C.UTF-8", "TZ=UTC0"]) { environment in
        // SAFETY: both lists end in nil, and their strings outlive the call.
        unsafe ingest_spawn_worker(executable, arguments, environment, theirs.rawValue, -1, &process)
      }
    }
    guard failure == 0 else { throw .system(SystemCallError(call: "posix_spawn", errno: failure)) }
    // A worker that does not take its replies must not make the service wait.
    _ = fcntl(ours.rawValue, F_SETFL, O_NONBLOCK)
    self.process = process
    channel = MessageSocket(owning: ours)
  }

  /// Ends the worker at once.
  ///
  /// It is not reaped yet, so its number cannot be another's.
  func kill() { _ = Glibc.kill(process, SIGKILL) }

  /// Whether the worker has ended and waits to be reaped.
  var hasEnded: Bool { ingest_has_ended(process) == 1 }

  /// Waits until the worker has ended.
  func reap() -> WorkerEnd {
    var end = ingest_end()
    // A child of ours that nobody else reaps: the call cannot fail.
    guard unsafe ingest_reap(process, &end) == 0 else { return .signalled(SIGKILL) }
    return end.was_signalled == 1 ? .signalled(end.status) : .exited(end.status)
  }
}

/// Calls `body` with a list of C strings that ends in nil.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  // SAFETY: the copies are freed after the call, and the list is as long as the array and its nil.
  var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) } + [nil]
  defer { unsafe pointers.forEach { unsafe free($0) } }
  return unsafe pointers.withUnsafeMutableBufferPointer { list in
    guard let base = list.baseAddress else { preconditionFailure("the list holds its nil at least") }
    return unsafe body(UnsafePointer(base))
  }
}
