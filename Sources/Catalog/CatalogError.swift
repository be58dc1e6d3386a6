// SPDX-License-Identifier: Apache-2.0

/// Why the catalog could not do what was asked.
///
/// Nothing was changed, unless the case says otherwise.
package enum CatalogError: Error, Hashable, Sendable {
  // MARK: Names

  /// The table name, as the request spells it, belongs to another principal.
  case nameTaken(String)
  /// The table name exists and the request only creates.
  case nameExists(String)
  /// The version that is to be repaired is not the latest of this name any more.
  case versionChanged(String)
  /// Deleted versions of the name are still kept.
  case nameRetained(String)
  /// Not the version that the change was bound to is in place, but this one; nil where none is.
  case conditionFailed(actual: Int?)

  // MARK: Room

  /// The tables take more than the quota, both in bytes, and nothing that may be given up makes enough room.
  case storeFull(limit: UInt64, actual: UInt64)

  // MARK: The caller's mistakes

  /// Two outputs of one upload ask for the same table name, ignoring case.
  case duplicateNames
  /// The upload's id was recorded before.
  case duplicateUpload
  /// The request contradicts itself.
  case invalidRequest(RequestFlaw)
  /// The derivation is known in this scope with other tables: the same bytes and options were read differently.
  case readingDiffers
  /// A number does not fit the database: above 2^63 - 1, or negative.
  case outOfRange

  // MARK: The database file

  /// The file is a database of something else, or no database.
  case notACatalog
  /// A newer version of the program wrote the schema with this number.
  case newerSchema(Int)
  /// The schema has this lower number, which cannot be read as it is, and the catalog was opened read-only; opening it
  /// for writing migrates it.
  case olderSchema(Int)
  /// The file holds what the program never wrote.
  case corrupt

  // MARK: The machine

  /// Another process held the database for longer than the busy timeout, 10 s.
  case busy
  /// The file, or the catalog as it was opened, cannot be written.
  case readOnly
  /// There is no space left.
  case diskFull
  /// The task was cancelled. Whether a publication was kept has to be asked with `upload(id:)`.
  case cancelled
  /// The catalog was closed.
  case closed
  /// Any other failure, by SQLite's name of it: `SQLITE_IOERR`.
  ///
  /// `SETTINGS` where a connection did not take a setting that durability rests on.
  case io(String)
}

/// How a request contradicts itself.
package enum RequestFlaw: String, Hashable, Sendable {
  /// There are not as many names as outputs.
  case namesAndOutputsDiffer
  /// Two outputs have the same ordinal.
  case duplicateOrdinals
  /// An output has a file of rejects, but no rejects.
  case rejectsWithoutCount
  /// A publication's upload has a rejection code, or lacks a derivation.
  case uploadNotAccepted
  /// A refusal's upload has no rejection code.
  case uploadNotRefused
  /// An id or digest is not lower-case hexadecimal of its length.
  case malformedID
  /// A principal, a scope or options hold a zero byte, at which the database would cut them off.
  case zeroByte
}
