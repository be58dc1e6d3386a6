// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Synchronization

/// Runs changes of the catalog one after the other, and commits those that came while the disk was busy together: a commit
/// waits for the disk once, however many changes it holds.
///
/// Where more changes are on their way than wait for it, a commit waits for some of them, for a time that follows the pace
/// at which they come (`CommitWindow`). Each change has a savepoint of its own, so that one that fails leaves the others as
/// they are. Nobody is answered before the commit that holds their change.
final class GroupCommit: Sendable {
  /// How many changes one transaction holds at most, so that readers of other processes see progress and a failed commit
  /// fails few.
  private static let most = 128
  /// How often a commit that waits looks whether it still should.
  private static let look = Duration.milliseconds(1)

  /// A change that waits for its turn.
  private struct Change: Sendable {
    /// Runs it in its savepoint, and keeps its answer.
    let run: @Sendable (Database) throws -> Void
    /// Answers whoever waits: with what the change gave, or with why nothing was committed.
    let answer: @Sendable ((any Error)?) -> Void
  }

  private struct State {
    var waiting: [Change] = []
    var isCommitting = false
    /// What was begun and will end in a change, or has and is not answered yet.
    var inFlight = 0
    var window = CommitWindow()
    var activity = CommitActivity()
    /// The files as the last commit left them; nil before the first.
    var files: CatalogFiles?
    /// Marks that equal no other, so far.
    var marksUnderway: UInt64 = 0

    /// Whether the next commit is not to begin yet.
    var waits: Bool {
      waiting.count < GroupCommit.most
        && window.isOpen(holding: waiting.count, coming: inFlight - waiting.count, at: .now)
    }
  }

  private let pool: DatabasePool
  /// Put together once: a mark is asked for with each request.
  private let paths: (database: String, log: String)
  private let state = Mutex(State())

  /// - Parameter path: where the pool's database lies.
  init(_ pool: DatabasePool, of path: String) {
    self.pool = pool
    paths = (path, path + "-wal")
  }

  var activity: CommitActivity { state.withLock { $0.activity } }

  /// The mark of the catalog as it is now.
  var mark: CatalogMark {
    let files = CatalogFiles(paths)
    let isOld = files.areUnchanged(for: CatalogMark.rest, at: time(nil))
    return state.withLock { state in
      // However long the disk takes, a commit of this process is known to be under way.
      let isAtRest = isOld && !state.isCommitting
      if !isAtRest, files != state.files { state.marksUnderway += 1 }
      return CatalogMark(
        files: files, commits: state.activity.commits,
        phase: isAtRest ? .atRest : files == state.files ? .ended : .underway(state.marksUnderway))
    }
  }

  /// Says that a change will come soon, so that a commit waits for it a little rather than be followed by another one.
  func expectChange() -> ChangeToCome {
    state.withLock { $0.inFlight += 1 }
    return ChangeToCome(self)
  }

  fileprivate func forgetExpected() { state.withLock { $0.inFlight -= 1 } }

  /// Runs `body` in a transaction that is committed durably before this returns, where `body` returns, and undone where it
  /// throws.
  func write<Answer: Sendable>(_ body: @escaping @Sendable (Database) throws -> Answer) async throws -> Answer {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      let held = HeldAnswer<Answer>()
      let change = Change(
        run: { database in
          do {
            var answer: Answer?
            try database.inSavepoint {
              answer = try body(database)
              return .commit
            }
            held.set(answer.map(Result.success))
          } catch {
            held.set(.failure(CatalogError(error, of: database)))
            // A full disk or the like undoes the whole transaction, and with it the changes before this one.
            guard database.isInsideTransaction else { throw error }
          }
        },
        answer: { failure in
          if case .failure(let error) = held.get() { return continuation.resume(throwing: error) }
          if let failure { return continuation.resume(throwing: failure) }
          guard case .success(let answer) = held.get() else {
            return continuation.resume(throwing: CatalogError.corrupt)
          }
          continuation.resume(returning: answer)
        })
      let isFirst = state.withLock { state in
        state.waiting.append(change)
        state.window.noteChange(at: .now)
        defer { state.isCommitting = true }
        return !state.isCommitting
      }
      if isFirst { Task.detached { await self.commitAll() } }
    }
  }

  /// Commits what waits, until nothing does.
  private func commitAll() async {
    while true {
      while state.withLock(\.waits) { try? await Task.sleep(for: Self.look) }
      guard let changes = next() else { return }
      let failure: (any Error)?
      do {
        try await pool.write { database in
          for change in changes { try change.run(database) }
        }
        failure = nil
      } catch { failure = await cause(of: error) }
      if failure == nil {
        // Before anybody is answered, so that what was found before holds no longer.
        let files = CatalogFiles(paths)
        state.withLock { state in
          state.files = files
          state.activity.commits += 1
          state.activity.changes += UInt64(changes.count)
        }
      }
      for change in changes { change.answer(failure) }
    }
  }

  /// What kept a transaction from being committed, as the connection still knows it.
  private func cause(of error: any Error) async -> any Error {
    let cause = try? await pool.writeWithoutTransaction { CatalogError(error, of: $0) }
    return cause ?? error
  }

  private func next() -> [Change]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isCommitting = false
        return nil
      }
      let changes = Array(state.waiting.prefix(Self.most))
      state.waiting.removeFirst(changes.count)
      state.window.close(leaving: state.waiting.count, at: .now)
      return changes
    }
  }
}

/// A change that was announced; keep it until the change is answered, or will not come.
package final class ChangeToCome: Sendable {
  private let commits: GroupCommit

  fileprivate init(_ commits: GroupCommit) { self.commits = commits }

  deinit { commits.forgetExpected() }
}

/// What was committed since the catalog was opened.
package struct CommitActivity: Sendable, Hashable {
  /// Transactions, each of which waited for the disk once.
  package var commits: UInt64 = 0
  /// The changes in them, failed ones included.
  package var changes: UInt64 = 0
}

/// What a change gave, until it is committed.
private final class HeldAnswer<Answer: Sendable>: Sendable {
  private let answer = Mutex<Result<Answer, any Error>?>(nil)

  func set(_ result: Result<Answer, any Error>?) { answer.withLock { $0 = result } }

  func get() -> Result<Answer, any Error>? { answer.withLock { $0 } }
}
