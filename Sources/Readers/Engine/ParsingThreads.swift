// SPDX-License-Identifier: Apache-2.0

import Glibc

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
      guard Self.start({ Self.serve(rounds, as: number) }) else { break }
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

  /// What a thread runs, across the C call that starts it.
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private static let stackBytes = 1 << 20

  private static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    var attributes = unsafe pthread_attr_t()
    // SAFETY: the attributes are this function's own, made before use and destroyed after it. The box is kept by the
    // reference that the thread takes over; where none starts, it is released here.
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let box = unsafe Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, &attributes,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, unsafe box.toOpaque())
    if result != 0 { unsafe box.release() }
    return result == 0
  }
}
