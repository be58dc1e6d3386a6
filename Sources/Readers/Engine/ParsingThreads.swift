// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

/// The threads that read one file together: the one that asks, and some that wait for it.
///
/// They are started before the worker is sealed, since the filter lets none start after it, and never end: the process
/// does.
package final class ParsingThreads: Sendable {
  /// The threads that work together, at least one.
  package let count: Int
  private let rounds: Monitor<Round>

  private struct Round {
    var number = 0
    var body: (@Sendable (Int) -> Void)?
    var unfinished = 0
    /// The threads that have started.
    var ready = 0
    var isUnderWay = false
  }

  /// The calling thread alone.
  package static let alone = ParsingThreads(count: 1)

  /// Starts `count - 1` threads; fewer where the system lets no more start.
  package init(count wished: Int) {
    let rounds = Monitor(Round())
    self.rounds = rounds
    var started = 1
    while started < wished {
      let number = started
      do { try DetachedThread.start { Self.serve(rounds, as: number) } } catch { break }
      started += 1
    }
    count = started
    // A thread makes calls when it starts that the filter forbids.
    let expected = started - 1
    rounds.await { $0.ready == expected ? () : nil }
  }

  /// Runs `helpers` on each thread but this one, with the thread's number from 1, and `here` on this one.
  ///
  /// Returns when all have. One call at a time: another waits.
  func run(helpers: @escaping @Sendable (Int) -> Void, here: () -> Void) {
    rounds.await { $0.isUnderWay ? nil : ($0.isUnderWay = true) }
    rounds.withState { round in
      round.number += 1
      round.body = helpers
      round.unfinished = count - 1
    }
    here()
    rounds.await { $0.unfinished == 0 ? () : nil }
    rounds.withState { round in
      round.body = nil
      round.isUnderWay = false
    }
  }

  private static func serve(_ rounds: Monitor<Round>, as number: Int) {
    var last = 0
    rounds.withState { $0.ready += 1 }
    while true {
      let body = rounds.await { round -> (@Sendable (Int) -> Void)? in
        guard round.number > last, let body = round.body else { return nil }
        last = round.number
        return body
      }
      body(number)
      rounds.withState { $0.unfinished -= 1 }
    }
  }
}
