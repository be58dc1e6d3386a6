// SPDX-License-Identifier: Apache-2.0

import GRDB

extension CatalogError {
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
