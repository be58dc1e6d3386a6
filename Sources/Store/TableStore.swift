// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import FileDescriptors
import Glibc

/// A directory with published tables, and the catalog that says what they are.
///
/// ```
/// ingest-store      the marker: this is a store, of which format
/// catalog.sqlite    the catalog
/// tables/ab/…       each table's file under its id, 0444: written once, never changed
/// scratch/…         one random directory for each process that is at work
/// ```
/// The directories are made 0700: the catalog holds names of people and files, and readers of tables go through the
/// service. An operator who opens them to others keeps that, and they can then read the tables, but not the catalog.
package final class TableStore: Sendable {
  /// What a store is opened for.
  package enum Mode: Sendable, Hashable {
    /// Makes the store where the directory is missing or empty, and removes what killed processes left.
    case readWrite
    /// Changes nothing; works on a read-only medium.
    case readOnly
  }

  /// The catalog.
  ///
  /// Publishing goes through `publish(_:_:)`, so that no table is visible before its file is durable.
  package let catalog: TableCatalog

  /// The store's own directory.
  let root: OwnedDescriptor
  let tables: OwnedDescriptor
  let folders: TableFolders
  /// nil where the store was opened read-only.
  private let scratch: ScratchDirectory?
  /// Only of tests.
  let observer: PublishingObserver?
  /// How many directories of killed processes were removed when the store was opened.
  let sweptDirectories: Int

  /// Opens the store in a directory; its parent must exist.
  ///
  /// Waits for another process that is opening the same store.
  ///
  /// - Parameters:
  ///   - path: the operator's, never a client's.
  ///   - observer: told of each step of opening for writing and of publishing; for tests that kill the process there.
  /// - Throws: `notAStore`, `newerStore`, `unsupportedFileSystem`, or the failure of the machine or the catalog.
  package static func open(
    at path: String, mode: Mode, observer: PublishingObserver? = nil
  ) throws(StoreError) -> TableStore {
    switch mode {
    case .readWrite: try TableStore(writing: path, observer)
    case .readOnly: try TableStore(reading: path)
    }
  }

  /// Opens a store for writing that must be there already.
  ///
  /// - Throws: as `open`; `notAStore` where it would have to be made.
  package static func openExisting(at path: String) throws(StoreError) -> TableStore {
    try StoreMarker.verify(try openDirectory(path, creating: false), path: path)
    return try open(at: path, mode: .readWrite)
  }

  private init(writing path: String, _ observer: PublishingObserver?) throws(StoreError) {
    self.observer = observer
    let directory = try Self.openDirectory(path, creating: true)
    try StoreError.mapping { () throws(SystemCallError) in try directory.lock() }
    defer { directory.unlock() }
    try StoreMarker.create(in: directory, path: path)
    observer?(.storeMarked)
    tables = try StoreError.mapping { () throws(SystemCallError) in try Self.layOut(directory) }
    folders = try Self.folders(of: tables, observer)
    observer?(.storeLaidOut)
    sweptDirectories = try StoreError.mapping { () throws(SystemCallError) in
      ScratchDirectory.sweep(try directory.openDirectory("scratch"))
    }
    scratch = try StoreError.mapping { () throws(SystemCallError) in
      try ScratchDirectory(in: try directory.openDirectory("scratch"))
    }
    catalog = try Self.openCatalog(try Self.catalogPath(path), .readWrite)
    observer?(.catalogOpened)
    // The catalog's own name is only durable now; its content is SQLite's care.
    root = try StoreError.mapping { () throws(SystemCallError) in
      try directory.synchronize()
      // Not a duplicate, which would share the lock.
      return try directory.openDirectory(".")
    }
    observer?(.storeOpened)
  }

  private init(reading path: String) throws(StoreError) {
    let directory = try Self.openDirectory(path, creating: false)
    try StoreMarker.verify(directory, path: path)
    tables = try StoreError.mapping { () throws(SystemCallError) in try directory.openDirectory("tables") }
    folders = try Self.folders(of: tables, nil)
    scratch = nil
    observer = nil
    sweptDirectories = 0
    catalog = try Self.openCatalog(try Self.catalogPath(path), .readOnly)
    root = directory
  }

  /// Ends the use of the store: removes the scratch directory and closes the catalog.
  ///
  /// Descriptors that the store gave out stay valid.
  ///
  /// - Throws: the catalog's failure.
  package func close() async throws(StoreError) {
    scratch?.remove()
    do { try await catalog.close() } catch { throw StoreError(error) }
  }

  /// A file without a name on the tables' file system, to become a table by `publish(_:_:)`; else it vanishes.
  ///
  /// - Throws: `readOnly`, `unsupportedFileSystem`, or the machine's failure.
  package func makeOutput() throws(StoreError) -> OwnedDescriptor {
    try requireWritable()
    let output = try StoreError.mapping { () throws(SystemCallError) in try tables.makeUnnamedFile() }
    observer?(.outputMade)
    return output
  }

  /// A file without a name for bytes that are needed once; it vanishes when closed.
  ///
  /// - Throws: `readOnly`, or the machine's failure, such as `io` with `ENOENT` after the store was closed.
  package func makeScratchFile() throws(StoreError) -> OwnedDescriptor {
    try requireWritable()
    return try StoreError.mapping { () throws(SystemCallError) in
      guard let file = try scratch?.makeFile() else { throw SystemCallError(call: "openat", errno: EROFS) }
      return file
    }
  }

  func requireWritable() throws(StoreError) {
    if scratch == nil { throw .readOnly }
  }
}

extension TableStore {
  private static func openDirectory(_ path: String, creating: Bool) throws(StoreError) -> OwnedDescriptor {
    if creating {
      do {
        // SAFETY: the string's bytes outlive the call and end in a zero.
        _ = try systemCall("mkdir") { unsafe mkdir(path, 0o700) }
      } catch  where error.errno != EEXIST {
        throw StoreError(error)
      } catch {}
    }
    do {
      return try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
    } catch {
      throw error.errno == ENOENT || error.errno == ENOTDIR ? .notAStore(path) : StoreError(error)
    }
  }

  /// Makes what is missing, and opens the directory of the tables.
  ///
  /// The caller holds the store's lock.
  private static func layOut(_ directory: borrowing OwnedDescriptor) throws(SystemCallError) -> OwnedDescriptor {
    for name in ["tables", "scratch"] { try directory.makeDirectory(name, mode: 0o700) }
    let tables = try directory.openDirectory("tables")
    try createCatalogFile(in: directory)
    return tables
  }

  private static func folders(
    of tables: borrowing OwnedDescriptor, _ observer: PublishingObserver?
  ) throws(StoreError) -> TableFolders {
    do { return TableFolders(in: try tables.duplicate(), observer) } catch { throw StoreError(error) }
  }

  /// Makes the catalog's file readable by this user only; SQLite gives its log the same permissions.
  ///
  /// Never opens one that exists: closing it would drop the locks that SQLite holds on it in this process.
  private static func createCatalogFile(in directory: borrowing OwnedDescriptor) throws(SystemCallError) {
    do {
      _ = try directory.open("catalog.sqlite", flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
    } catch  where error.errno == EEXIST {}
  }

  /// Opens the catalog by an absolute path, since readers are opened as they are needed, and the working directory may
  /// have changed by then.
  private static func catalogPath(_ path: String) throws(StoreError) -> String {
    // SAFETY: realpath(3) answers null or a string that we free.
    guard let resolved = unsafe realpath(path, nil) else {
      throw StoreError(SystemCallError(call: "realpath", errno: errno))
    }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved) + "/catalog.sqlite"
  }

  private static func openCatalog(_ path: String, _ mode: TableCatalog.Mode) throws(StoreError) -> TableCatalog {
    do { return try TableCatalog.open(at: path, mode: mode) } catch {
      throw StoreError(error)
    }
  }
}
