// SPDX-License-Identifier: Apache-2.0

/// What a confined worker does.
enum Deed: Equatable {
  /// An attack of `CAttacks`.
  case attack(String)
  /// What real parsing does: it must succeed.
  case honestWork
  /// Says which descriptors are open.
  case listDescriptors
  /// Says which environment it sees.
  case listEnvironment
  /// Says what it sees of the machine around it.
  case lookAround
  /// Says `ready`, and waits for the end of standard input.
  case wait
  /// Says how long both stages took, in nanoseconds.
  case time
  /// One worker for each system call number; says which calls do not end it by SIGSYS.
  case sweep

  init?(rawValue: String) {
    switch rawValue {
    case "honest-work": self = .honestWork
    case "list-descriptors": self = .listDescriptors
    case "list-environment": self = .listEnvironment
    case "look-around": self = .lookAround
    case "wait": self = .wait
    case "time": self = .time
    case "sweep": self = .sweep
    default: return nil
    }
  }
}
