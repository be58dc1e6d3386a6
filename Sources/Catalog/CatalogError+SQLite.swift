// SPDX-License-Identifier: Apache-2.0

import CSQLite
import GRDB
import Glibc

extension CatalogError {
  /// An error that just occurred on a connection.
  ///
  /// SQLite tells a full disk only where a write meets it, and a quota or a read-only file system never: the system's own
  /// number does.
  init(_ error: any Error, of database: Database) {
    self.init(error)
    guard isOfFiles, let connection = unsafe database.sqliteConnection else { return }
    // SAFETY: GRDB keeps the connection open for as long as it lends us `database`.
    switch unsafe ingest_sqlite_last_errno(connection) {
    case ENOSPC, EDQUOT: self = .diskFull
    case EROFS: self = .readOnly
    default: break
    }
  }

  /// An error that kept the database at `path` from being opened, so that there is no connection to ask.
  init(_ error: any Error, opening path: String) {
    self.init(error)
    var answer = statvfs()
    // SAFETY: the string's bytes outlive the call, and the kernel fills the one structure that it is given.
    guard isOfFiles, unsafe statvfs(path, &answer) == 0 else { return }
    if answer.f_flag & UInt(ST_RDONLY) != 0 {
      self = .readOnly
    } else if answer.f_bavail < max(1, Self.bytesToOpen / max(1, answer.f_frsize)) {
      self = .diskFull
    }
  }

  /// What SQLite makes beside a database that it opens: the first part of the log's index.
  private static let bytesToOpen: UInt = 32 << 10

  private var isOfFiles: Bool { [.io("SQLITE_IOERR"), .io("SQLITE_CANTOPEN")].contains(self) }

  /// The one place where errors of the database library become ours.
  init(_ error: any Error) {
    switch error {
    case let error as CatalogError: self = error
    case let error as DatabaseError: self.init(error)
    case is CancellationError: self = .cancelled
    default: self = .io("UNKNOWN")
    }
  }

  private init(_ error: DatabaseError) {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
    case .SQLITE_CORRUPT: self = .corrupt
    case .SQLITE_NOTADB: self = .notACatalog
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: self = .readOnly
    case .SQLITE_FULL: self = .diskFull
    case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = .cancelled
    // GRDB answers this for a connection that is closed; our own statements are fixed and tested.
    case .SQLITE_MISUSE: self = .closed
    default: self = .io(Self.name(of: error.resultCode))
    }
  }

  private static func name(of code: ResultCode) -> String {
    switch code {
    case .SQLITE_ERROR: "SQLITE_ERROR"
    case .SQLITE_INTERNAL: "SQLITE_INTERNAL"
    case .SQLITE_NOMEM: "SQLITE_NOMEM"
    case .SQLITE_IOERR: "SQLITE_IOERR"
    case .SQLITE_CANTOPEN: "SQLITE_CANTOPEN"
    case .SQLITE_PROTOCOL: "SQLITE_PROTOCOL"
    case .SQLITE_SCHEMA: "SQLITE_SCHEMA"
    case .SQLITE_TOOBIG: "SQLITE_TOOBIG"
    case .SQLITE_CONSTRAINT: "SQLITE_CONSTRAINT"
    case .SQLITE_MISMATCH: "SQLITE_MISMATCH"
    case .SQLITE_NOLFS: "SQLITE_NOLFS"
    case .SQLITE_RANGE: "SQLITE_RANGE"
    default: "SQLITE_\(code.rawValue)"
    }
  }
}
