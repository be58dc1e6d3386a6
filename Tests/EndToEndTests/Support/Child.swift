// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// What a program left: its status and all that it wrote.
struct Ended: Sendable {
  /// The exit status, or 128 and the signal's number.
  let status: Int32
  let output: Data
  let talk: String
  let seconds: Double
  /// Whether its deadline passed, so that it was killed.
  let isOverdue: Bool

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] { text.split(whereSeparator: \.isNewline).map(String.init) }
}

/// A started program in a process group of its own, which is killed at its deadline.
final class Child: Sendable {
  struct NotStarted: Error { let errno: Int32 }

  private struct State {
    var isReaped = false
    var isOverdue = false
  }

  let process: pid_t
  private let state = Mutex(State())
  private let directory: TemporaryDirectory
  private let started = ContinuousClock.now

  /// Starts a program without a shell.
  ///
  /// - Parameters:
  ///   - input: what it reads on standard input; nothing by default.
  ///   - output: the file or pipe that it writes to, where that is not to be collected.
  init(
    _ command: [String], input: Data = Data(), output: String? = nil, in folder: URL? = nil,
    environment: [String: String] = [:], deadline: Double = 120
  ) throws {
    directory = try TemporaryDirectory()
    try input.write(to: directory["input"])
    let paths = (directory["input"].path, output ?? directory["output"].path, directory["talk"].path)
    var variables = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": directory.url.path]
    variables.merge(environment) { $1 }
    // `env` changes the folder: the call for it hides behind _GNU_SOURCE.
    let command = folder.map { ["/usr/bin/env", "-C", $0.path] + command } ?? command
    process = try Self.spawn(command, paths, variables)
    // The runner stays responsive: nobody waits here.
    DispatchQueue.global().asyncAfter(deadline: .now() + deadline) { [weak self] in self?.expire() }
  }

  /// A program that nobody waited for ends with its owner.
  deinit { if !state.withLock({ $0.isReaped }) { _ = reap(killing: true) } }

  private static func spawn(
    _ command: [String], _ paths: (String, String, String), _ variables: [String: String]
  ) throws -> pid_t {
    // SAFETY: all pointers are to variables of this function, or to copies that are freed at its end; lists end in nil.
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, paths.0, O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, paths.1, O_WRONLY | O_CREAT, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, paths.2, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    // Foundation opens files without O_CLOEXEC, so that a program would hold what another test writes at this moment. Those
    // that are not open are passed over; the call that closes all hides behind _GNU_SOURCE.
    for number in 3..<Int32(clamping: min(sysconf(Int32(_SC_OPEN_MAX)), 1024)) {
      unsafe posix_spawn_file_actions_addclose(&actions, number)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    let arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    let environment = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
    var process: pid_t = 0
    let result = unsafe posix_spawnp(&process, command[0], &actions, &attributes, arguments, environment)
    guard result == 0 else { throw NotStarted(errno: result) }
    return process
  }

  private func expire() {
    state.withLock { state in
      guard !state.isReaped else { return }
      state.isOverdue = true
      kill(-process, SIGKILL)
    }
  }

  /// Kills the program and everything that it started.
  func killGroup(_ signal: Int32 = SIGKILL) {
    state.withLock { if !$0.isReaped { kill(-process, signal) } }
  }

  /// Sends a signal to the program alone.
  func signal(_ number: Int32) {
    state.withLock { if !$0.isReaped { kill(process, number) } }
  }

  /// Whether the program has ended, reaped or not.
  var hasEnded: Bool {
    state.withLock { state in
      var information = unsafe siginfo_t()
      // SAFETY: the call writes the variable that it is given; without an end it leaves the number 0.
      let result = unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | WNOHANG)
      return unsafe state.isReaped || result != 0 || information.si_signo != 0
    }
  }

  /// What the program has written so far.
  var outputSoFar: Data { (try? Data(contentsOf: directory["output"])) ?? Data() }
  var talkSoFar: String { (try? String(contentsOf: directory["talk"], encoding: .utf8)) ?? "" }

  /// Waits for the program's end.
  func end() async throws -> Ended {
    let status = await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: self.reap()) }.start()
    }
    let (seconds, attoseconds) = (ContinuousClock.now - started).components
    return Ended(
      status: status, output: outputSoFar, talk: talkSoFar, seconds: Double(seconds) + Double(attoseconds) / 1e18,
      isOverdue: state.withLock { $0.isOverdue })
  }

  private func reap(killing: Bool = false) -> Int32 {
    if killing { kill(-process, SIGKILL) }
    // First without reaping, so that the number stays this process's for as long as it may be killed.
    var information = unsafe siginfo_t()
    // SAFETY: the calls write the variables that they are given.
    while unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    return state.withLock { state in
      // What it started and left behind ends with it.
      kill(-process, SIGKILL)
      var status: Int32 = 0
      while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
      state.isReaped = true
      return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }
  }
}

extension Child {
  /// The first worker of the program that has a job, once there is one.
  func firstWorker() async throws -> pid_t {
    while !hasEnded {
      // Those of the trial at the start are sealed too, but live for milliseconds.
      for worker in sealedWorkers {
        try await Task.sleep(for: .milliseconds(200))
        if Self.isSealed(worker) { return worker }
      }
      // Nothing tells of a process's birth; the deadline bounds the wait.
      try await Task.sleep(for: .milliseconds(2))
    }
    throw NotStarted(errno: ESRCH)
  }

  /// Kills the workers that have a job at this moment.
  func killWorkers() {
    for worker in sealedWorkers { kill(worker, SIGKILL) }
  }

  private var sealedWorkers: [pid_t] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.flatMap { thread in
      let list = try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/children", encoding: .utf8)
      return (list ?? "").split(separator: " ").compactMap { pid_t($0) }.filter(Self.isSealed)
    }
  }

  /// Whether a process is a worker whose limits are those of its job: the zygote and waiting workers have no filter.
  private static func isSealed(_ process: pid_t) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    return status?.contains("Seccomp:\t2") == true
  }
}
