// SPDX-License-Identifier: Apache-2.0

import Foundation
import Store
import Synchronization

/// Kills a process when a step is passed for a certain time.
final class Killing: Sendable {
  /// Which process dies.
  enum Victim: String {
    case service, zygote, workers
  }

  private let step: PublishingStep
  private let turn: Int
  private let victim: Victim
  private let passed = Atomic(0)

  init(_ victim: Victim, at step: PublishingStep, turn: Int) {
    (self.victim, self.step, self.turn) = (victim, step, turn)
  }

  /// Whether the step was passed often enough.
  var happened: Bool { passed.load(ordering: .relaxed) >= turn }

  func observe(_ step: PublishingStep) {
    guard step == self.step, passed.add(1, ordering: .relaxed).newValue == turn else { return }
    switch victim {
    case .service: kill(getpid(), SIGKILL)
    case .zygote: Self.children(confined: false).forEach { kill($0, SIGKILL) }
    case .workers: Self.children(confined: true).forEach { kill($0, SIGKILL) }
    }
  }

  /// The processes that this one is the parent of: the zygote, and the workers, which alone have a filter.
  private static func children(confined: Bool) -> [pid_t] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    let lists = threads.map { (try? String(contentsOfFile: "/proc/self/task/\($0)/children", encoding: .utf8)) ?? "" }
    return lists.flatMap { $0.split(separator: " ") }.compactMap { pid_t($0) }.filter { process in
      let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      return status?.contains("Seccomp:\t2") == confined
    }
  }
}
