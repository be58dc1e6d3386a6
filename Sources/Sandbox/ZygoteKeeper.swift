// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import WorkerChannel
import WorkerProtocol

/// The zygote, replaced where it dies, and whether its workers can have namespaces of their own.
///
/// Of the nursery's thread alone.
struct ZygoteKeeper {
  private let executable: String
  private var zygote: ZygoteProcess?
  private(set) var starts = 0
  /// What the last zygote reads with; zeros before there is one.
  var libraries: LibraryVersions { zygote?.libraries ?? LibraryVersions(magic: 0, archive: 0) }
  /// nil until a worker was tried.
  private var canIsolate: Bool?
  /// How long a worker may take to its first message, where it is tried.
  private static let patience = Duration.seconds(10)

  init(executable: String) { self.executable = executable }

  /// Forks a worker, in namespaces of its own wherever the system allows it.
  ///
  /// - Throws: `SandboxError`; the next call starts another zygote where this one is gone.
  mutating func fork(user: UInt32?) throws(SandboxError) -> WorkerProcess {
    let zygote = try running()
    do {
      switch canIsolate {
      case true?: return try forkIsolated(zygote, user)
      case false?: return try zygote.fork(user: user, inNamespaces: false)
      case nil: return try probe(zygote, user)
      }
    } catch {
      if case .startFailed = error { self.zygote = nil }
      throw error
    }
  }

  /// Gives later workers another layout of memory: the next one is forked by another zygote.
  mutating func renew() { zygote = nil }

  private mutating func running() throws(SandboxError) -> ZygoteProcess {
    if let zygote { return zygote }
    let started = try ZygoteProcess(executable: executable)
    zygote = started
    starts += 1
    return started
  }

  /// Some systems let a process enter namespaces and then forbid what goes on in them: only a worker that has come to
  /// wait for its job shows that all of it can be had.
  private mutating func probe(_ zygote: ZygoteProcess, _ user: UInt32?) throws(SandboxError) -> WorkerProcess {
    if zygote.hasEmptyRoot, let worker = try isolated(zygote, user) {
      if try hasSpoken(worker) {
        canIsolate = true
        return worker
      }
      worker.kill()
      // One that was slow, or was killed for memory, says nothing about the system.
      guard worker.reap().end != .signalled(SIGKILL) else { throw .startFailed("it does not answer") }
    }
    canIsolate = false
    return try zygote.fork(user: user, inNamespaces: false)
  }

  /// A worker in namespaces of its own; nil where the system refuses them.
  private func isolated(_ zygote: ZygoteProcess, _ user: UInt32?) throws(SandboxError) -> WorkerProcess? {
    do throws(SandboxError) {
      return try zygote.fork(user: user, inNamespaces: true)
    } catch {
      // What else fails, such as EAGAIN, may not in a moment.
      guard case .system(let failure) = error, failure.call == "clone",
        [EPERM, ENOSPC, ENOSYS, EINVAL].contains(failure.errno)
      else { throw error }
      return nil
    }
  }

  /// Where the system runs out of namespaces, the worker goes without: its level says so.
  private func forkIsolated(_ zygote: ZygoteProcess, _ user: UInt32?) throws(SandboxError) -> WorkerProcess {
    if let worker = try isolated(zygote, user) { return worker }
    return try zygote.fork(user: user, inNamespaces: false)
  }

  private func hasSpoken(_ worker: WorkerProcess) throws(SandboxError) -> Bool {
    guard try isReadable(worker.channel.rawValue, by: .now + Self.patience) else { return false }
    var byte: UInt8 = 0
    // SAFETY: the call writes at most the one byte.
    return unsafe recv(worker.channel.rawValue, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
  }
}
