// SPDX-License-Identifier: Apache-2.0

/// A step on the way from an empty folder to a published table, after which the process may be killed.
///
/// Tests kill it at each of them; `docs/faults.md` says what must hold then.
package enum PublishingStep: String, CaseIterable, Sendable {
  // MARK: Opening a store

  /// The marker says that the folder is a store.
  case storeMarked
  /// The folders and the catalog's empty file are made; not durable yet.
  case storeLaidOut
  /// The catalog is migrated; its name is not durable yet.
  case catalogOpened
  /// Everything that a store consists of is durable.
  case storeOpened

  // MARK: One file

  /// A worker's output has its inode, without a name.
  case outputMade
  /// The collector is kept away.
  case collectorLocked
  /// The file can be read only.
  case permissionsSet
  /// Its bytes are durable.
  case fileSynced
  /// The folder of its table is there; its name may not be durable yet.
  case folderMade
  /// It has its name, which is not durable yet.
  case fileLinked
  /// Its name is durable.
  case folderSynced

  // MARK: One upload

  /// All files of the upload are durable and have their length.
  case filesNamed
  /// The rows are written, but not committed.
  case rowsWritten
  /// The rows are committed, so that the tables are visible, and what made room is not; nobody was told so.
  case committed

  // MARK: Room

  /// One of the files is gone that nothing refers to any more.
  case unreferencedFileRemoved
}

/// Told of each step as soon as it is done, on the thread that did it.
///
/// A program that ships has none.
package typealias PublishingObserver = @Sendable (PublishingStep) -> Void
