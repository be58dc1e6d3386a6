// SPDX-License-Identifier: Apache-2.0

import CSpawn
import FileDescriptors
import Glibc
import WorkerChannel
import WorkerProtocol

/// The running zygote, as the one thread sees it that started it and speaks with it.
///
/// Only this type starts processes.
final class ZygoteProcess {
  private let zygote: WorkerProcess
  private(set) var libraries = LibraryVersions(magic: 0, archive: 0)
  /// Whether its workers can be isolated.
  private(set) var hasEmptyRoot = false
  /// A zygote that takes longer to answer is stuck.
  private static let patience = Duration.seconds(30)

  /// Starts the worker's executable with an empty environment and no descriptor but its end of the channel, and waits
  /// until it is warm.
  init(executable: String) throws(SandboxError) {
    let ends: (Int32, Int32)
    do { ends = try MessageSocket.makePair() } catch { throw .system(error) }
    let ours = OwnedDescriptor(owning: ends.0)
    let process = try Self.spawn(executable, OwnedDescriptor(owning: ends.1))
    zygote = WorkerProcess(process: process, channel: MessageSocket(owning: ours), user: nil)
    try waitUntilWarm()
  }

  /// Consumes the zygote's end of the channel: its own copy is then the only one, and its exit is our end of file.
  private static func spawn(_ executable: String, _ channel: consuming OwnedDescriptor) throws(SandboxError) -> pid_t {
    var process: pid_t = 0
    let number = channel.rawValue
    let failure = unsafe withCStrings(["ingest-worker"]) { arguments in
      unsafe withCStrings(["SWIFT_BACKTRACE=enable=no", "LC_ALL=C.UTF-8", "TZ=UTC0"]) { environment in
        // SAFETY: both lists end in nil, and their strings outlive the call.
        unsafe ingest_spawn_worker(executable, arguments, environment, number, -1, &process)
      }
    }
    guard failure == 0 else { throw .system(SystemCallError(call: "posix_spawn", errno: failure)) }
    return process
  }

  deinit {
    zygote.kill()
    _ = zygote.reap()
  }

  private func waitUntilWarm() throws(SandboxError) {
    guard case .warm(WorkerMessage.version, let libraries, let hasEmptyRoot) = try receive() else {
      throw .startFailed("it is another version")
    }
    self.libraries = libraries
    self.hasEmptyRoot = hasEmptyRoot
  }

  /// Forks one worker.
  ///
  /// - Throws: `startFailed` where the zygote is gone, `system` where it could not fork.
  func fork(user: UInt32?, inNamespaces: Bool) throws(SandboxError) -> WorkerProcess {
    let ends: (Int32, Int32)
    do { ends = try MessageSocket.makePair() } catch { throw .system(error) }
    let ours = OwnedDescriptor(owning: ends.0)
    let theirs = OwnedDescriptor(owning: ends.1)
    // A worker that does not take its replies must not make the service wait.
    _ = fcntl(ours.rawValue, F_SETFL, O_NONBLOCK)
    try send(ForkOrder(user: user, inNamespaces: inNamespaces), [theirs.rawValue])
    switch try receive() {
    case .forked(let process) where process > 0:
      return WorkerProcess(process: process, channel: MessageSocket(owning: ours), user: user)
    case .failed(let errno): throw .system(SystemCallError(call: "clone", errno: errno))
    default: throw .startFailed("it answers something else")
    }
  }

  private func send(_ request: ForkOrder, _ descriptors: [Int32]) throws(SandboxError) {
    do { try zygote.channel.send(request.bytes, descriptors: descriptors) } catch { throw .startFailed("it is gone") }
  }

  private func receive() throws(SandboxError) -> ZygoteReply {
    guard try isReadable(zygote.channel.rawValue, by: .now + Self.patience) else { throw .startFailed("it is stuck") }
    let packet: MessageSocket.Packet?
    do { packet = try zygote.channel.receive() } catch { throw .system(error) }
    guard let packet else { throw .startFailed("it ended") }
    for number in packet.descriptors { close(number) }
    do { return try ZygoteReply(packet.bytes) } catch { throw .startFailed("it answers something else") }
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
