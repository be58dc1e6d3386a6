// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import WorkerProtocol

/// An attack of `hostile-worker`, with what must stop it.
struct Attack: CustomTestStringConvertible, Sendable {
  let name: String
  /// How a fully confined worker ends.
  let end: WorkerEnd
  /// The layers without which it succeeds: all that stop it, here or as another user.
  let stoppedBy: LayerSet
  /// The error that a second layer gives when the filter is left out.
  let secondWall: Int32?
  /// The layer that gives it, if an older kernel may lack it.
  let secondWallLayer: LayerSet
  /// The version from which Landlock covers it.
  let landlockVersion: Int32

  var testDescription: String { name }

  private init(
    _ name: String, _ end: WorkerEnd = .killed(SIGSYS), stoppedBy: LayerSet = .seccomp, secondWall: Int32? = nil,
    by secondWallLayer: LayerSet = [], landlockVersion: Int32 = 0
  ) {
    self.name = name
    self.end = end
    self.stoppedBy = stoppedBy
    self.secondWall = secondWall
    self.secondWallLayer = secondWallLayer
    self.landlockVersion = landlockVersion
  }
}

extension Attack {
  static let all = files + network + processes + memory + kernel + foreign

  private static let files = [
    Attack("open-passwd", stoppedBy: filterAndLandlock, secondWall: EACCES, by: .landlock),
    Attack("openat2-passwd", stoppedBy: filterAndLandlock, secondWall: EACCES, by: .landlock),
    Attack("create-file", stoppedBy: filterAndLandlock, secondWall: EACCES, by: .landlock),
    Attack("stat-shadow", .denied(ENOSYS)),
    Attack("statx-shadow"),
    Attack("chmod"),
    Attack("memfd"),
    Attack("dup-past-limit", stoppedBy: filterAndLimits, secondWall: EMFILE),
    Attack("write-past-cap", .limited(WorkerExit.outputLimit), stoppedBy: .resourceLimits),
    Attack("write-far-away", .limited(WorkerExit.outputLimit), stoppedBy: .resourceLimits),
    Attack("fcntl"),
  ]

  private static let network = [
    Attack("connect-tcp", stoppedBy: filterAndLandlock, secondWall: EACCES, by: .landlock, landlockVersion: 4),
    Attack("connect-abstract", stoppedBy: filterAndLandlock, secondWall: EPERM, by: .landlock, landlockVersion: 6),
    Attack("connect-path"),
    Attack("send-udp"),
    Attack("send-udp-by-open-socket"),
    Attack("sendmsg"),
    Attack("socketpair"),
  ]

  private static let processes = [
    Attack("fork", stoppedBy: filterAndLimits, secondWall: EAGAIN),
    Attack("vfork", stoppedBy: filterAndLimits, secondWall: EAGAIN),
    Attack("thread", stoppedBy: filterAndLimits, secondWall: EAGAIN),
    Attack("exec", stoppedBy: filterAndLandlock, secondWall: EACCES, by: .landlock),
    Attack("ptrace-parent", stoppedBy: allAgainstOthers, secondWall: EPERM, by: .landlock),
    Attack("process-vm-readv", stoppedBy: allAgainstOthers, secondWall: EPERM, by: .landlock),
    Attack("parent-memory", stoppedBy: allAgainstOthers, secondWall: EACCES, by: .landlock),
    Attack("probe-parent", stoppedBy: allAgainstOthers, secondWall: EPERM, by: .landlock, landlockVersion: 6),
    Attack("signal-parent", stoppedBy: allAgainstOthers, secondWall: EPERM, by: .landlock, landlockVersion: 6),
    Attack("tgkill-parent", stoppedBy: allAgainstOthers, secondWall: EPERM, by: .landlock, landlockVersion: 6),
    Attack("pidfd-getfd", stoppedBy: allAgainstOthers, secondWall: EPERM, by: .landlock),
    Attack("prlimit-parent", stoppedBy: [.seccomp, .unprivileged]),
    Attack("setrlimit-raise", stoppedBy: filterAndLimits, secondWall: EPERM),
    Attack("become-root", stoppedBy: [.seccomp, .unprivileged], secondWall: EPERM),
    Attack("parent-clock"),
  ]

  private static let memory = [
    Attack("allocate", .denied(ENOMEM), stoppedBy: .resourceLimits),
    Attack("spin", .limited(WorkerExit.processorTime), stoppedBy: .resourceLimits),
    Attack("map-write-execute", stoppedBy: filterAndMDWE, secondWall: EACCES, by: .denyWriteExecute),
    Attack("protect-execute", stoppedBy: filterAndMDWE, secondWall: EACCES, by: .denyWriteExecute),
    Attack("map-execute-file"),
    Attack("map-shared"),
    Attack("map-shared-validate"),
    Attack("map-shared-anonymous"),
    Attack("shmget"),
  ]

  private static let kernel = [
    Attack("dumpable"),
    Attack("io-uring"),
    Attack("add-key"),
    Attack("user-namespace"),
    Attack("userfaultfd"),
    Attack("bpf", stoppedBy: [.seccomp, .unprivileged]),
    Attack("perf-event"),
  ]

  /// Other architectures' calls, of a kernel that may have them.
  #if arch(x86_64)
    private static let foreign = [Attack("x32"), Attack("i386")]
  #else
    private static let foreign: [Attack] = []
  #endif

  private static let filterAndLandlock: LayerSet = [.seccomp, .landlock]
  private static let filterAndLimits: LayerSet = [.seccomp, .resourceLimits]
  private static let filterAndMDWE: LayerSet = [.seccomp, .denyWriteExecute]
  private static let allAgainstOthers: LayerSet = [.seccomp, .landlock, .unprivileged]
}
