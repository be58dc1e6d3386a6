// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Synchronization

/// The folders below `tables/`, each made when the first table goes into it.
///
/// A folder that another process made may not be durable yet, so this one syncs the directory once for each folder that
/// it uses. To make all of them at first took as long as to publish a table.
final class TableFolders: Sendable {
  private let tables: OwnedDescriptor
  private let observer: PublishingObserver?
  /// The folders whose names are durable.
  private let durable = Mutex<Set<String>>([])

  init(in tables: consuming OwnedDescriptor, _ observer: PublishingObserver?) {
    self.tables = tables
    self.observer = observer
  }

  /// Opens a folder; makes it where it is missing.
  ///
  /// - Throws: the machine's failure.
  func open(_ name: String) throws(SystemCallError) -> OwnedDescriptor {
    if !durable.withLock({ $0.contains(name) }) {
      try tables.makeDirectory(name, mode: 0o700)
      observer?(.folderMade)
      try tables.synchronize()
      durable.withLock { _ = $0.insert(name) }
    }
    return try tables.openDirectory(name)
  }
}
