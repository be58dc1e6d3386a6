// SPDX-License-Identifier: Apache-2.0

/// The layers of a worker's confinement that are in force (`CONTROLS.md` section 7).
public struct LayerSet: OptionSet, Sendable, Hashable {
  /// One bit a layer.
  public let rawValue: UInt32

  /// The layers of these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `PR_SET_NO_NEW_PRIVS`.
  public static let noNewPrivileges = LayerSet(rawValue: 1 << 0)
  /// `PR_SET_DUMPABLE` 0: no core dump, no ptrace by the same user.
  public static let notDumpable = LayerSet(rawValue: 1 << 1)
  /// Every inherited descriptor but the channel is closed.
  public static let descriptorsClosed = LayerSet(rawValue: 1 << 2)
  /// The kernel kills the worker when its parent thread ends.
  public static let parentDeathSignal = LayerSet(rawValue: 1 << 3)
  /// Run as an unprivileged user of its own, without capabilities.
  ///
  /// As an ordinary user: nothing to drop.
  public static let unprivileged = LayerSet(rawValue: 1 << 4)
  /// Landlock denies every file, and by the kernel's version the network, signals and abstract sockets.
  public static let landlock = LayerSet(rawValue: 1 << 5)
  /// Address space, output size, processor time, processes, descriptors and core size are limited.
  public static let resourceLimits = LayerSet(rawValue: 1 << 6)
  /// The system call allow-list is in force, with KILL_PROCESS.
  public static let seccomp = LayerSet(rawValue: 1 << 7)
  /// `PR_SET_MDWE`: memory is never writable and executable (Linux 6.3; optional at every level).
  public static let denyWriteExecute = LayerSet(rawValue: 1 << 8)
  /// User, mount, network, process, IPC, host name and cgroup namespaces of its own.
  public static let namespaces = LayerSet(rawValue: 1 << 9)
  /// The root directory is empty and read-only.
  public static let emptyRoot = LayerSet(rawValue: 1 << 10)
}

/// How well a worker is confined.
///
/// Greater is stronger.
public enum SandboxLevel: String, Sendable, CaseIterable, Comparable {
  /// No system call filter: only for development.
  case none
  /// Everything of `strong` but Landlock, for old kernels and some containers.
  case basic
  /// Every layer that needs no namespace.
  case strong
  /// Everything, in namespaces of its own with an empty root.
  case full

  package var required: LayerSet {
    switch self {
    case .none: []
    case .basic:
      [
        .noNewPrivileges, .notDumpable, .descriptorsClosed, .parentDeathSignal, .unprivileged, .resourceLimits,
        .seccomp,
      ]
    case .strong: SandboxLevel.basic.required.union(.landlock)
    case .full: SandboxLevel.strong.required.union([.namespaces, .emptyRoot])
    }
  }

  /// The strongest level whose layers are all in `layers`.
  package init(of layers: LayerSet) {
    self = Self.allCases.last { layers.isSuperset(of: $0.required) } ?? .none
  }

  /// Whether `left` has fewer layers than `right`.
  public static func < (left: SandboxLevel, right: SandboxLevel) -> Bool {
    left.required.isStrictSubset(of: right.required)
  }
}
