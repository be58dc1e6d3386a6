// SPDX-License-Identifier: Apache-2.0

import GRDB
import Validation

extension TableCatalog {
  /// Makes the tables of an accepted upload visible, all at once, and durably before it returns.
  ///
  /// Each name becomes the principal's on first use. A name of this principal gets a new version, unless its latest
  /// version is this very table. The files of the tables must be durable before.
  ///
  /// - Parameter written: called within the transaction once its rows are written, before it is committed.
  /// - Returns: the version that shows each output, in the order of the request.
  /// - Throws: `nameTaken`, `nameExists`, `versionChanged`, the caller's mistakes, or the machine's failure; nothing is visible then.
  package func publish(
    _ request: PublicationRequest, written: @escaping @Sendable () -> Void = {}
  ) async throws(CatalogError) -> [TableVersion] {
    try await publish(request, quota: 0, written: written).versions
  }

  /// Publishes as above into a store whose tables may take `quota` bytes; 0 stands for no bound.
  ///
  /// Makes room where new tables need it, by `makeRoom`. What adds nothing is welcome in a full store, too.
  ///
  /// - Parameter original: the bytes that are to be kept with it, whose file is there, and what all originals may take; an
  ///   original that cannot be kept is told of in the result, and keeps nothing from being published.
  /// - Throws: `storeFull` too.
  package func publish(
    _ request: PublicationRequest, quota: UInt64, keeping original: (record: OriginalRecord, quota: UInt64)? = nil,
    written: @escaping @Sendable () -> Void = {}
  ) async throws(CatalogError) -> PublicationResult {
    try request.check()
    return try await write { database in
      let before = quota > 0 ? try database.tableBytes() : 0
      let publication = Publication(request: request, database: database)
      try database.insertUpload(request.upload)
      try publication.insertReading()
      let versions = try zip(request.outputs, request.names).map(publication.show)
      try publication.audit(versions)
      var result = PublicationResult(versions: versions)
      if quota > 0, try database.tableBytes() > before {
        result.evictedFiles = try database.makeRoom(
          quota: quota, for: request.upload.scope, by: request.upload.principal, at: request.publishedAt)
      }
      if let original { try database.keep(original.record, quota: original.quota, in: &result) }
      written()
      return result
    }
  }

  /// Records an upload that was refused.
  ///
  /// - Parameter time: when it was refused, in microseconds since 1970-01-01 UTC.
  /// - Throws: the caller's mistakes, or the machine's failure.
  package func recordRefusal(_ upload: UploadRecord, at time: Int64) async throws(CatalogError) {
    guard upload.code != nil else { throw .invalidRequest(.uploadNotRefused) }
    try upload.check()
    try await write { database in
      try database.insertUpload(upload)
      try database.insertAudit(
        at: time, actor: upload.principal, .refuse, subject: upload.id, .rejected, code: upload.code)
    }
  }
}

/// One publication within its transaction.
private struct Publication {
  let request: PublicationRequest
  let database: Database

  private var reading: [(any DatabaseValueConvertible)?] { [request.upload.scope, request.upload.derivation] }

  /// Keeps the reading, or makes sure that the one that is kept gave the same tables.
  func insertReading() throws {
    try database.change("INSERT OR IGNORE INTO reading VALUES (?, ?)", StatementArguments(reading))
    guard database.changesCount == 0 else { return try request.outputs.forEach(insert) }
    // Whoever publishes has made sure that the files are there, also those that were removed once.
    try database.change("DELETE FROM removed_output WHERE scope = ? AND derivation = ?", StatementArguments(reading))
    let known = try database.outputs(scope: request.upload.scope, derivation: request.upload.derivation ?? "")
    let asked = request.outputs.map { [$0.ordinal.description, $0.tableID] }
    guard Set(known.map { [$0.ordinal.description, $0.tableID] }) == Set(asked) else {
      throw CatalogError.readingDiffers
    }
    let uncounted = Set(known.filter { $0.checksums == nil }.map(\.ordinal))
    for output in request.outputs where uncounted.contains(output.ordinal) { try complete(output) }
    try request.outputs.forEach(insertBatches)
  }

  /// Keeps what was counted of an output that was read once more, where nobody had counted.
  private func complete(_ output: ReadingOutput) throws {
    guard let checksums = output.checksums else { return }
    try database.change(
      """
      UPDATE reading_output SET checksums = ?, rejects_checksums = ?, statistics = ifnull(statistics, ?)
      WHERE checksums IS NULL AND scope = ? AND derivation = ? AND ordinal = ?
      """,
      StatementArguments(
        [checksums, output.rejects?.checksums, output.statistics] + reading + [try output.ordinal.stored()]))
  }

  /// Keeps what was counted of batches, where that is not kept: it may have gone with the file once.
  private func insertBatches(of output: ReadingOutput) throws {
    guard let batches = output.batchStatistics else { return }
    try database.change("INSERT OR IGNORE INTO batch_statistics VALUES (?, ?)", [output.tableID, batches])
  }

  private func insert(_ output: ReadingOutput) throws {
    try database.change(
      // By name, so that a program goes on after a newer one has added a column.
      """
      INSERT INTO reading_output (scope, derivation, ordinal, member, table_id, rows, columns, rejected, file_bytes,
        warnings, rejects_id, rejects_bytes, statistics, checksums, rejects_checksums)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      StatementArguments(
        reading + [
          try output.ordinal.stored(), output.member, output.tableID, try output.rows.stored(),
          try output.columns.stored(), try output.rejected.stored(), try output.fileBytes.stored(), output.warnings,
          output.rejects?.tableID, try output.rejects?.fileBytes.stored(), output.statistics,
          output.checksums, output.rejects?.checksums,
        ]))
    try insertBatches(of: output)
  }

  /// Finds or makes the version that shows `output` under `name`.
  func show(_ output: ReadingOutput, as name: TableName) throws -> TableVersion {
    let latest = try database.latestVersion(of: name)
    let holder = try database.holder(of: name)
    if let holder, holder.principal != request.upload.principal { throw CatalogError.nameTaken(name.text) }
    if latest != nil, request.onlyCreate { throw CatalogError.nameExists(name.text) }
    if let repaired = request.repairs, latest?.version != repaired { throw CatalogError.versionChanged(name.text) }
    let isNew = latest?.tableID != output.tableID
    if isNew { try insertVersion(after: holder?.highest ?? 0, of: output, as: name) }
    if !isNew, let latest { try database.noteUse(name.folded, latest.version, at: request.publishedAt) }
    guard var version = isNew ? try database.latestVersion(of: name) : latest else { throw CatalogError.corrupt }
    version.isNew = isNew
    try database.change(
      "INSERT INTO upload_table VALUES (?, ?, ?, ?)",
      [request.upload.id, output.ordinal, name.folded, version.version])
    return version
  }

  private func insertVersion(after highest: Int, of output: ReadingOutput, as name: TableName) throws {
    let (version, overflowed) = highest.addingReportingOverflow(1)
    guard !overflowed else { throw CatalogError.corrupt }
    try database.change(
      """
      INSERT INTO named_table (folded, principal, latest, highest) VALUES (:folded, :principal, :version, :version)
      ON CONFLICT (folded) DO UPDATE SET latest = :version, highest = :version
      """,
      ["folded": name.folded, "principal": request.upload.principal, "version": version])
    try database.change(
      """
      INSERT INTO table_version
        (folded, version, name, upload_id, published_at, scope, derivation, ordinal, repairs, used_at, use_order)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \(Database.nextUse))
      """,
      StatementArguments(
        [name.folded, version, name.text, request.upload.id, request.publishedAt] + reading
          + [output.ordinal, request.repairs, request.publishedAt]))
  }

  func audit(_ versions: [TableVersion]) throws {
    let (time, actor) = (request.publishedAt, request.upload.principal)
    try database.insertAudit(at: time, actor: actor, .publish, subject: request.upload.id, .accepted)
    for version in versions {
      try database.insertAudit(
        at: time, actor: actor, .publish, subject: "\(version.name)@\(version.version)",
        version.isNew ? .created : .unchanged)
    }
  }
}

extension Database {
  fileprivate func insertUpload(_ upload: UploadRecord) throws {
    let isKnown = try isTrue("SELECT EXISTS (SELECT 1 FROM upload WHERE id = ?)", [upload.id])
    guard !isKnown else { throw CatalogError.duplicateUpload }
    try change(
      "INSERT INTO upload VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        upload.id, upload.receivedAt, upload.principal, upload.scope, upload.displayName, upload.declaredType,
        upload.contentHash, try upload.bytes.stored(), upload.format, upload.code, upload.detail, upload.derivation,
        upload.sandboxLevel, upload.options, upload.report,
      ])
  }
}
