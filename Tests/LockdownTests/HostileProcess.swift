// SPDX-License-Identifier: Apache-2.0

import CKernel
import Foundation
import WorkerProtocol

/// A running `hostile-worker`: the stand-in for the zygote, and the worker that it forked.
///
/// Both die with this value.
final class HostileProcess {
  private struct NotStarted: Error { let errno: Int32 }
  struct TimedOut: Error { let output: String }

  private static let allowedSeconds = 10.0

  let pid: pid_t
  private(set) var lines: [String] = []
  private let scratch: URL
  private let input: FileHandle
  private let output: FileHandle
  private let deadline = Date(timeIntervalSinceNow: allowedSeconds)
  private var unread = Data()
  private var isReaped = false

  /// Starts `deed`: an attack, or another deed of `hostile-worker`.
  convenience init(
    _ deed: String, _ placement: Placement, omitting omitted: LayerSet = [], options: [String] = []
  ) throws {
    let options = try placement.options() + options
    try self.init { ["--do", deed, "--scratch", $0, "--omit", "\(omitted.rawValue)"] + options }
  }

  /// Has the program list its attacks.
  convenience init(listing: Void) throws { try self.init { _ in ["--list"] } }

  private init(_ arguments: (_ scratch: String) -> [String]) throws {
    scratch = FileManager.default.temporaryDirectory.appending(path: "hostile-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(
      at: scratch, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: scratch.path)
    let (toChild, fromChild) = (try Self.pipe(), try Self.pipe())
    pid = try Self.spawn(arguments(scratch.path), reading: toChild.reading, writing: fromChild.writing)
    // The child's ends close here, with these: the end of output means that every process of it has ended.
    input = toChild.writing
    output = fromChild.reading
  }

  deinit {
    kill(-pid, SIGKILL)
    if !isReaped { reap() }
    try? FileManager.default.removeItem(at: scratch)
  }

  /// The built program, beside the test runner.
  static var program: String {
    get throws {
      if let given = ProcessInfo.processInfo.environment["HOSTILE_WORKER"] { return given }
      var folder = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      let beside = URL(filePath: CommandLine.arguments.last { $0.hasSuffix(".xctest") } ?? folder.path)
      for start in [beside, folder] {
        folder = start
        while folder.path != "/" {
          folder.deleteLastPathComponent()
          let candidate = folder.appending(path: "hostile-worker").path
          if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
      }
      throw NotStarted(errno: ENOENT)
    }
  }

  /// Unlike `Pipe`, both ends close on exec: or other tests' children would hold them open.
  private static func pipe() throws -> (reading: FileHandle, writing: FileHandle) {
    var ends: [Int32] = [-1, -1]
    // SAFETY: the array has room for the two numbers that are written.
    let result = unsafe ingest_pipe(&ends)
    guard result == 0 else { throw NotStarted(errno: -result) }
    let handles = ends.map { FileHandle(fileDescriptor: $0, closeOnDealloc: true) }
    return (handles[0], handles[1])
  }

  /// With posix_spawn itself, since `Process` closes descriptors that are to be inherited here.
  private static func spawn(
    _ arguments: [String], reading input: FileHandle, writing output: FileHandle
  ) throws -> pid_t {
    let program = try Self.program
    var pid: pid_t = 0
    // SAFETY: all pointers are to variables of this function or to copies that are freed at its end, and the lists
    // end with null.
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input.fileDescriptor, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, STDOUT_FILENO)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let argumentList = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    let environment = unsafe [strdup("SWIFT_BACKTRACE=enable=no"), nil]
    defer { unsafe (argumentList + environment).forEach { unsafe free($0) } }
    let result = unsafe posix_spawn(&pid, program, &actions, &attributes, argumentList, environment)
    guard result == 0 else { throw NotStarted(errno: result) }
    return pid
  }

  /// The worker's process id, once it has said `ready`.
  func waitUntilReady() throws -> pid_t {
    while !lines.contains("ready") || worker == nil {
      guard try readMore() else { throw TimedOut(output: lines.joined(separator: "\n")) }
    }
    return try worker ?? { throw NotStarted(errno: ESRCH) }()
  }

  private var worker: pid_t? { value(of: "worker").flatMap { pid_t($0) } }

  /// What follows `key` on its line.
  func value(of key: String) -> String? {
    lines.first { $0.hasPrefix(key + " ") }.map { String($0.dropFirst(key.count + 1)) }
  }

  /// The layers that the worker says are in force.
  var layers: LayerSet { LayerSet(rawValue: value(of: "layers").flatMap { UInt32($0) } ?? 0) }

  /// Kills the stand-in for the zygote, and not the worker.
  func killParent() {
    kill(pid, SIGKILL)
    reap()
  }

  func closeInput() throws { try input.close() }

  /// Reads until every process of it has ended.
  func readToEnd() throws { while try readMore() {} }

  /// Reads all output, and waits.
  func finish() throws -> WorkerEnd {
    try readToEnd()
    return WorkerEnd(status: reap(), lines: lines)
  }

  /// The exit status, or 128 and the signal.
  @discardableResult
  private func reap() -> Int32 {
    var status: Int32 = 0
    // SAFETY: the pointer is valid for the call, which writes one integer.
    _ = unsafe waitpid(pid, &status, 0)
    isReaped = true
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + status & 0x7f
  }

  /// False at the end of the output.
  private func readMore() throws -> Bool {
    var waiting = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
    let left = max(0, deadline.timeIntervalSinceNow)
    // SAFETY: the pointer is valid for the call, and is to one structure.
    guard unsafe poll(&waiting, 1, Int32(left * 1_000)) == 1 else {
      throw TimedOut(output: lines.joined(separator: "\n"))
    }
    let data = output.availableData
    unread.append(data)
    while let end = unread.firstIndex(of: 10) {
      lines.append(String(decoding: unread[unread.startIndex..<end], as: UTF8.self))
      unread = Data(unread[(end + 1)...])
    }
    return !data.isEmpty
  }
}
