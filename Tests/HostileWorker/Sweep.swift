// SPDX-License-Identifier: Apache-2.0

internal import CAttacks
import Glibc
internal import Lockdown

/// Every system call number, each by a worker of its own, with zero for all arguments.
struct Sweep {
  private let order: Order
  private let forker: Forker

  init(_ order: Order, _ forker: Forker) {
    self.order = order
    self.forker = forker
  }

  /// Beyond the last number of Linux 6.18 on both architectures.
  private static let numbers = 0..<512

  func run() -> Never {
    // Calls that wait for input or write output must not disturb the test.
    close(STDIN_FILENO)
    let survivors = Self.numbers.filter { HostileWorker.waitForEnd(of: worker(calling: $0)) != 128 + SIGSYS }
    Report.line("survivors " + survivors.map(String.init).joined(separator: " "))
    HostileWorker.end(.succeeded)
  }

  private func worker(calling number: Int) -> pid_t {
    HostileWorker.fork(order, forker) { worker in
      worker.confine()
      _ = hostile_bare_call(number)
      _exit(0)
    }
  }
}
