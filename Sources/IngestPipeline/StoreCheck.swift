// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Hashing
import IngestTables
package import Store
import UploadVerification

/// Verifies everything that a store holds, a file at a time.
///
/// Changes nothing, but for digests where they are to be recorded.
package struct StoreCheck {
  static let page = 500
  private static let hashedBytes = 1 << 20

  let store: TableStore
  private let recordsDigests: Bool
  private let progress: (ReadProgress) -> Void
  var report = StoreCheckReport()
  private var totalBytes: UInt64 = 0

  /// - Parameters:
  ///   - recordsDigests: whether the SHA-256 of each sound file that has none yet is recorded, for later checks; the
  ///     store must be writable.
  ///   - progress: told how many bytes of the files are verified.
  package init(
    _ store: TableStore, recordsDigests: Bool = false, progress: @escaping (ReadProgress) -> Void = { _ in }
  ) {
    self.store = store
    self.recordsDigests = recordsDigests
    self.progress = progress
  }

  /// Runs every check, whatever the others find.
  ///
  /// - Throws: what keeps the store from being read, which says nothing of it.
  package consuming func run() async throws -> StoreCheckReport {
    try await checkCatalog { check in
      for damage in try await check.store.catalog.damages() { check.report.add(.catalogDamaged, damage) }
    }
    try await checkCatalog { check in try await check.checkAudit() }
    try await checkCatalog { check in try await check.checkFiles() }
    try await checkCatalog { check in try await check.checkOriginals() }
    try await checkCatalog { check in try await check.checkFolders() }
    return report
  }

  /// Runs one part; a catalog that cannot be read is a finding, and not the end.
  private mutating func checkCatalog(_ part: (inout StoreCheck) async throws -> Void) async throws {
    do {
      try await part(&self)
    } catch CatalogError.corrupt, CatalogError.notACatalog, StoreError.catalog(.corrupt) {
      report.add(.catalogDamaged, "a part of it cannot be read")
    }
  }

  private mutating func checkAudit() async throws {
    do {
      let audit = try await store.catalog.verifyAudit()
      report.auditRows = audit.rows
      report.auditHead = audit.head.description
      if let fault = audit.fault { report.add(.auditUnsound, fault.text) }
    } catch CatalogError.olderSchema {
      // Nothing is chained before the first program that chains opens the store for writing.
    }
  }

  private mutating func checkFiles() async throws {
    // Only for a terminal; a catalog of an older program is not counted.
    totalBytes = (try? await store.catalog.counts()).map { $0.tableBytes &+ $0.rejectsBytes } ?? 0
    var last = ""
    while true {
      let ids = try await store.catalog.tableIDs(after: last, limit: Self.page)
      for id in ids {
        for output in Set(try await store.catalog.outputs(ofTable: id).map(FileClaim.init)) {
          try await check(output)
        }
      }
      guard let end = ids.last, ids.count == Self.page else { return }
      last = end
    }
  }

  private mutating func check(_ claim: FileClaim) async throws {
    guard let file = try await open(claim.table, of: claim) else { return }
    guard file.schema.fields.count == claim.columns else {
      return try await add(.fileDiffers, claim.table.tableID, of: claim, "it has \(file.schema.fields.count) columns")
    }
    try await verify(file, claim.table, rows: claim.rows, statistics: claim.statistics, of: claim)
    guard let rejects = claim.rejects, let rejected = try await open(rejects, of: claim) else { return }
    guard rejected.schema == RejectsTable.schema else {
      return try await add(.fileDiffers, rejects.tableID, of: claim, "its columns are not those of rejects")
    }
    guard try await verify(rejected, rejects, rows: claim.rejected, of: claim) else { return }
    do {
      try RejectsVerifier(of: file.schema).verify(rejected)
    } catch let fault as OutputFault {
      try await add(.fileDamaged, rejects.tableID, of: claim, "\(fault)")
    }
  }

  /// Opens a file that must be there, and must be a table.
  private mutating func open(_ file: RejectsFile, of claim: FileClaim) async throws -> TableFile? {
    do {
      let descriptor = try store.openTable(id: file.tableID)
      let size = try descriptor.size()
      guard size == file.fileBytes else {
        try await add(.fileDiffers, file.tableID, of: claim, "it has \(size) bytes, and not \(file.fileBytes)")
        return nil
      }
      return try TableFile(reading: descriptor, checksums: file.batchChecksums())
    } catch StoreError.notFound {
      // What was collected meanwhile is no loss.
      if try await store.catalog.unreferenced([file.tableID]).isEmpty {
        try await add(.fileMissing, file.tableID, of: claim, "there is no such file")
      }
    } catch TableFileError.damaged(let what) {
      try await add(.fileDamaged, file.tableID, of: claim, what)
    }
    return nil
  }

  /// - Returns: whether it is sound.
  @discardableResult
  private mutating func verify(
    _ file: TableFile, _ stored: RejectsFile, rows expected: UInt64, statistics: String? = nil, of claim: FileClaim
  ) async throws -> Bool {
    do {
      let (done, total) = (report.bytes, totalBytes)
      let bodies = try file.verifyBodies { bytes in
        progress(ReadProgress(bytes: done + bytes, totalBytes: max(total, done + bytes), records: 0))
      }
      report.files += 1
      report.bytes += file.size
      if bodies.rows != expected {
        try await add(.fileDiffers, stored.tableID, of: claim, "it has \(bodies.rows) rows, and not \(expected)")
      } else if let column = try ColumnStatistics.firstDifference(statistics, bodies.columns, file.schema) {
        // Bytes that were recorded say more, and what contradicts its own statistics is not recorded.
        let isRecorded = try await store.catalog.digest(ofFile: stored.tableID) != nil
        if isRecorded, try await !verifyDigest(file, stored, of: claim) { return false }
        try await add(
          .fileDiffers, stored.tableID, of: claim,
          "column \(column + 1) does not hold what was counted when it was published")
      } else {
        return try await verifyDigest(file, stored, of: claim)
      }
    } catch TableFileError.damaged(let what) {
      try await add(.fileDamaged, stored.tableID, of: claim, what)
    }
    return false
  }

  /// Compares the file's bytes with what was recorded of them, or records it.
  private mutating func verifyDigest(
    _ file: TableFile, _ stored: RejectsFile, of claim: FileClaim
  ) async throws -> Bool {
    let recorded = try await store.catalog.digest(ofFile: stored.tableID)
    guard recorded != nil || recordsDigests else { return true }
    var hasher = SHA256()
    for start in stride(from: 0, to: file.size, by: Self.hashedBytes) {
      let bytes = try file.read(start..<min(start + UInt64(Self.hashedBytes), file.size))
      hasher.update(bytes.span)
    }
    let digest = ContentHash(hasher.finalize()).description
    guard let recorded else {
      try await store.catalog.recordDigest(digest, ofFile: stored.tableID)
      report.recordedDigests += 1
      return true
    }
    report.comparedDigests += 1
    guard digest != recorded else { return true }
    try await add(.fileDamaged, stored.tableID, of: claim, "its bytes are not those that were recorded")
    return false
  }

  private mutating func add(
    _ code: StoreFinding.Code, _ id: String, of claim: FileClaim, _ detail: String
  ) async throws {
    let version = try await store.catalog.table(id: claim.table.tableID)
    report.add(
      StoreFinding(code: code, subject: id, tables: version.map { [$0.reference] } ?? [], detail: detail))
  }

  private mutating func checkFolders() async throws {
    var report = report
    try await store.survey { survey in
      for file in survey.orphans {
        report.add(StoreFinding(code: .orphan, subject: file.id, tables: [], detail: "\(file.bytes) bytes"))
      }
      for path in survey.strangers {
        report.add(StoreFinding(code: .stranger, subject: path, tables: [], detail: "it is no table"))
      }
    }
    try await store.surveyOriginals { survey in
      for file in survey.orphans {
        report.add(
          StoreFinding(code: .orphan, subject: "originals/\(file.id)", tables: [], detail: "\(file.bytes) bytes"))
      }
      for path in survey.strangers {
        report.add(StoreFinding(code: .stranger, subject: path, tables: [], detail: "it is no original"))
      }
    }
    self.report = report
  }
}

/// What the catalog says of a table's files, whoever uploaded it.
private struct FileClaim: Hashable {
  let table: RejectsFile
  let rows: UInt64
  let columns: Int
  let rejected: UInt64
  let rejects: RejectsFile?
  let statistics: String?

  init(_ output: ReadingOutput) {
    table = RejectsFile(tableID: output.tableID, fileBytes: output.fileBytes, checksums: output.checksums)
    rows = output.rows
    columns = output.columns
    rejected = output.rejected
    rejects = output.rejects
    statistics = output.statistics
  }
}

extension AuditFault {
  /// The fault in words.
  package var text: String {
    switch self {
    case .altered(let row): "row \(row) is not the one that was written"
    case .missing(let row): "the row that follows row \(row) is missing"
    case .cutOff(let row, let last): "rows \(row + 1) to \(last) were cut off"
    case .notChained(let row): "row \(row) was written by an older program and is not chained yet"
    }
  }
}
