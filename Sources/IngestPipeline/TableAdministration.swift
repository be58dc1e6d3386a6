// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import Store
package import Validation

/// Renames, tags, deletes and restores published tables.
///
/// Each verb is one transaction with its rows of the audit log, and answers nil, having changed nothing, where there is
/// no such table or version.
package struct TableAdministration: Sendable {
  private let store: TableStore
  private let principal: String

  /// - Parameter principal: who asks.
  package init(_ store: TableStore, principal: String = UploadRequest().principal) {
    self.store = store
    self.principal = principal
  }

  /// Gives a table another name.
  ///
  /// - Throws: `PipelineFailure` where the name cannot be had, or the machine's failure.
  package func rename(_ name: TableName, to new: TableName) async throws -> TableVersion? {
    try await run { try await $0.rename(change(name), to: new) }
  }

  /// Gives a version a tag.
  ///
  /// - Parameter expected: the version that must have it now, 0 for none; nil for whatever it is.
  /// - Throws: `PipelineFailure`, or the machine's failure.
  package func tag(
    _ name: TableName, _ selector: VersionSelector, as tag: TableTag, replacing expected: Int?
  ) async throws -> TableVersion? {
    try await run { try await $0.tag(change(name), selector, as: tag, replacing: expected) }
  }

  /// Takes a tag away.
  ///
  /// - Throws: as `tag`.
  package func untag(_ name: TableName, _ tag: TableTag, from expected: Int?) async throws -> TableVersion? {
    try await run { try await $0.untag(change(name), tag, from: expected) }
  }

  /// Pins a version, so that nothing but its owner removes it, or takes the pin away.
  ///
  /// - Throws: as `tag`.
  package func pin(_ name: TableName, _ selector: VersionSelector, isPinned: Bool) async throws -> TableVersion? {
    try await run { try await $0.pin(change(name), selector, isPinned: isPinned) }
  }

  /// Hides a version, or all.
  ///
  /// - Parameter expected: the version that must be the latest now; nil for whatever it is.
  /// - Throws: as `tag`.
  package func delete(
    _ name: TableName, _ selector: VersionSelector?, ifLatest expected: Int?
  ) async throws -> [TableVersion]? {
    try await run { try await $0.delete(change(name), selector, ifLatest: expected) }
  }

  /// Shows a version that was deleted, or all that were.
  ///
  /// - Throws: as `tag`.
  package func restore(_ name: TableName, version: Int?) async throws -> [TableVersion]? {
    try await run { try await $0.restore(change(name), version: version) }
  }

  private func change(_ name: TableName) -> TableChange { TableChange(name, by: principal, at: .nowInMicroseconds) }

  private func run<Answer>(
    _ verb: (TableCatalog) async throws -> Answer
  ) async throws -> Answer {
    do { return try await verb(store.catalog) } catch let error as CatalogError {
      throw Ingestor.failure(of: StoreError(error))
    }
  }
}
