// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Glibc
import Synchronization

/// The catalog: which uploads came, what was read from them, and which tables they show.
///
/// One SQLite file in WAL mode.
///
/// Every verb is one transaction. Several processes may have the same file open. Client text is only ever bound to a
/// statement, never part of one.
package final class TableCatalog: Sendable {
  /// What a catalog is opened for.
  package enum Mode: Sendable, Hashable {
    /// Creates the file where it is missing, and migrates its schema.
    case readWrite
    /// Neither creates, migrates nor writes anything; a schema of an older program is read as it is.
    case readOnly
  }

  let pool: DatabasePool
  let commits: GroupCommit
  private let isClosed = Atomic(false)

  /// Opens the catalog at `path`.
  ///
  /// Read-only, a file on a read-only medium that no writer left a log beside is opened as immutable: it must then not
  /// be written by anybody, or answers may be stale or `corrupt`.
  ///
  /// - Throws: `notACatalog`, `newerSchema`, `olderSchema` (read-only), or the machine's failure.
  package static func open(at path: String, mode: Mode) throws(CatalogError) -> TableCatalog {
    // SQLite may be built to take a leading `file:` for a URI.
    let path = path.hasPrefix("/") ? path : "./" + path
    let deadline = ContinuousClock.now + openingTimeout
    while true {
      do {
        switch mode {
        case .readWrite: return try TableCatalog(writing: path)
        case .readOnly: return try TableCatalog(reading: path)
        }
      } catch {
        let failure = CatalogError(error, opening: path)
        // Turning the log on, and taking it down with the last connection, need the file alone; whoever comes then is
        // told `busy` at once, whatever the timeout is.
        guard failure == .busy, ContinuousClock.now < deadline else { throw failure }
        usleep(10_000)
      }
    }
  }

  private static let openingTimeout = Duration.seconds(10)

  private init(writing path: String) throws {
    pool = try DatabasePool(path: path, configuration: Self.configuration(.readWrite))
    commits = GroupCommit(pool, of: path)
    try pool.writeWithoutTransaction { database in
      // GRDB's set-up of WAL leaves NORMAL, which may lose the last commits in a power cut.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      let settings = try ConnectionSettings(database)
      guard settings == .required else { throw CatalogError.io("SETTINGS") }
      try CatalogSchema.migrate(database)
    }
  }

  private init(reading path: String) throws {
    pool = try Self.readingPool(path)
    commits = GroupCommit(pool, of: path)
    try pool.read(CatalogSchema.verifyVersion)
  }

  private static func readingPool(_ path: String) throws -> DatabasePool {
    do {
      return try DatabasePool(path: path, configuration: configuration(.readOnly))
    } catch let error as DatabaseError {
      // What a WAL database answers where its shared-memory file can neither be found nor made.
      guard [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode), isAtRest(path) else { throw error }
      let address = URL(fileURLWithPath: path).absoluteString + "?immutable=1"
      return try DatabasePool(path: address, configuration: configuration(.readOnly))
    }
  }

  /// Whether the file holds everything, with no log of a writer that lives or was killed.
  private static func isAtRest(_ path: String) -> Bool {
    let files = FileManager.default
    guard files.fileExists(atPath: path) else { return false }
    do {
      return try files.attributesOfItem(atPath: path + "-wal")[.size] as? UInt64 == 0
    } catch CocoaError.fileReadNoSuchFile {
      return true
    } catch {
      // A log that cannot be looked at may hold what was committed last.
      return false
    }
  }

  private static func configuration(_ mode: Mode) -> Configuration {
    // Speed only: without it a connection works as well.
    _ = ConnectionSettings.areSetForProcess
    var configuration = Configuration()
    configuration.label = "ingest.catalog"
    configuration.readonly = mode == .readOnly
    configuration.foreignKeysEnabled = true
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // Against a file that somebody has tampered with: no functions called from its schema, and pages checked.
      try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
      try ConnectionSettings.defend(database)
      try CatalogSchema.verifyOwner(database)
    }
    return configuration
  }

  /// Says that an upload is being read which is decided soon, so that a commit waits for it a little.
  package func expectDecision() -> ChangeToCome { commits.expectChange() }

  /// How many commits there were, and how many changes shared them.
  package var commitActivity: CommitActivity { commits.activity }

  /// Moves everything from the log into the database file, and empties the log.
  ///
  /// - Throws: `busy` where a reader still needs the log after 10 s; nothing is lost then.
  package func checkpoint() async throws(CatalogError) {
    do {
      try await pool.writeWithoutTransaction { database in
        // GRDB hands a closed connection to SQLite as null here; a statement is refused before.
        try database.execute(sql: "SELECT 1")
        _ = try database.checkpoint(.truncate)
      }
    } catch {
      throw CatalogError(error)
    }
  }

  /// Closes every connection, once the verbs that are under way have ended.
  ///
  /// Later verbs throw `closed`.
  ///
  /// Closing again does nothing.
  ///
  /// - Throws: `busy` where a connection cannot be closed; the catalog then stays open.
  package func close() async throws(CatalogError) {
    guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
    do {
      // A log that another process still reads is emptied by that process, so a failure here loses nothing.
      try? await checkpoint()
      // Idle readers go first: SQLite removes the log with the last connection, if that one can write.
      pool.releaseMemory()
      try pool.close()
    } catch {
      isClosed.store(false, ordering: .releasing)
      throw CatalogError(error)
    }
  }

  /// The mark of the catalog as it is now; taken before a lookup, it says how long what is found holds.
  package var mark: CatalogMark { commits.mark }

  /// Runs `body` in a read transaction: it sees one state of the database throughout.
  func read<Answer: Sendable>(
    _ body: @Sendable (Database) throws -> Answer
  ) async throws(CatalogError) -> Answer {
    do { return try await pool.read(body) } catch { throw CatalogError(error) }
  }

  /// Runs `body` in a write transaction that is kept where `body` returns, and undone where it throws; it may share the
  /// commit with others that come at the same time.
  func write<Answer: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Answer
  ) async throws(CatalogError) -> Answer {
    do { return try await commits.write(body) } catch { throw CatalogError(error) }
  }
}
