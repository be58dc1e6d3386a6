// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Store

/// Where tables live.
struct StoreOption: ParsableArguments {
  @Option(name: .long, help: "The store's directory.")
  var store: String

  func open(_ mode: TableStore.Mode) throws -> TableStore { try TableStore.open(at: store, mode: mode) }

  /// Opens it to change what it holds: a mistyped path makes no new one.
  func openExisting() throws -> TableStore { try TableStore.openExisting(at: store) }
}
