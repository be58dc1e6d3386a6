// SPDX-License-Identifier: Apache-2.0

/// Hands blocks of the input to threads, and lets each finish in order.
///
/// Where the first record of a block starts is certain only when the block before it has ended; until then a thread may
/// guess, and must read the block again where it guessed wrong.
final class BlockSequencer: Sendable {
  private struct State {
    var next = 0
    /// The block whose turn it is, and where its first record starts.
    var turn = 0
    var start: Int
    var failure: (any Error)?
    var isOver = false
  }

  private let state: Monitor<State>
  private let blocks: Int

  /// - Parameter start: where the first record of the first block starts.
  init(blocks: Int, start: Int) {
    self.blocks = blocks
    state = Monitor(State(start: start))
  }

  /// The next block that nobody has; nil where there is none, or no need for any.
  func take() -> Int? {
    state.withState { state in
      guard !state.isOver, state.next < blocks else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  /// Where the first record of a block starts, if that is certain by now.
  func knownStart(of block: Int) -> Int? {
    state.withState { $0.turn == block ? $0.start : nil }
  }

  /// Waits until all blocks before this one have ended.
  ///
  /// - Returns: where its first record starts; nil where there is no need for it any more.
  func waitForTurn(of block: Int) -> Int? {
    state.await { state -> Int?? in
      if state.isOver { return .some(nil) }
      // Behind its turn, a block that could not be written still has something to say.
      return state.turn >= block ? .some(state.start) : nil
    }
  }

  /// Ends the block whose turn it is: the next one's first record starts at `next`.
  func end(nextStart next: Int) {
    state.withState { state in
      state.turn += 1
      state.start = next
    }
  }

  /// Ends everything, with a failure or without need for more.
  func stop(_ failure: (any Error)? = nil) {
    state.withState { state in
      if !state.isOver { state.failure = failure }
      state.isOver = true
    }
  }

  /// Throws the failure that ended everything.
  func check() throws {
    if let failure = state.withState({ $0.failure }) { throw failure }
  }
}
