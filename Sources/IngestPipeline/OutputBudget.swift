// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sandbox
import Synchronization

/// How many tables may be open between their worker and their publication, over all uploads: each is a descriptor, and an
/// archive may hold a thousand.
package final class OutputBudget: Sendable {
  private let free: Mutex<Int>

  package init(outputs: Int) { free = Mutex(outputs) }

  /// Half of the descriptors that this process may have.
  package static func halfOfDescriptors() -> OutputBudget {
    var limit = rlimit()
    // SAFETY: the call writes the one structure that it is given.
    let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    return OutputBudget(outputs: isKnown ? Int(clamping: limit.rlim_cur / 2) : 512)
  }

  fileprivate func take() -> Bool {
    free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
  }

  fileprivate func give(_ count: Int) { free.withLock { $0 += count } }
}

/// What one upload has taken of the budget; given back when nobody holds it any more.
package final class OutputShare: Sendable {
  private let budget: OutputBudget
  private let taken = Mutex(0)

  init(of budget: OutputBudget) { self.budget = budget }

  deinit { budget.give(taken.withLock { $0 }) }

  /// Takes one output.
  ///
  /// - Throws: `SandboxError.busy` where there is none.
  func take() throws(SandboxError) {
    guard budget.take() else { throw .busy }
    taken.withLock { $0 += 1 }
  }
}
