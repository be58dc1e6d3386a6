// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import IngestTables
import Store
import UploadVerification
import Validation
import WorkerProtocol

/// A published table with rejects that are to be sent again.
package struct RepairableTable: Sendable {
  let version: TableVersion
  let file: TableFile
  let contract: RepairContract

  /// The table, as `name@version`.
  package var reference: String { "\(version.name)@\(version.version)" }
}

extension Ingestor {
  /// The table whose rejects can be sent again; nil where there is none of this name, version or id, or it has no rejects.
  ///
  /// - Throws: `PipelineFailure.invalidRequest` for a table that cannot be repaired.
  package func repairable(_ reference: String) async throws -> RepairableTable? {
    guard let version = try await lookup.version(reference), version.rejects != nil else { return nil }
    guard let (options, report) = try await lookup.reading(of: version) else { throw StoreError.catalog(.corrupt) }
    let file = try await lookup.open(version)
    let contract = try RepairContract(
      file.schema, readWith: options, report.dialect, rejects: version.rejected)
    return RepairableTable(version: version, file: file, contract: contract)
  }

  /// Reads records that were repaired by the contract of their table, and publishes a version of it with them behind its
  /// own rows; what is still wrong is rejected again.
  ///
  /// The version must still be the latest, so that nothing is taken in twice.
  ///
  /// - Throws: `PipelineFailure`, or our own failure; nothing is published then.
  package func repair(
    _ table: RepairableTable, _ source: UploadSource, _ request: UploadRequest,
    progress: @escaping @Sendable (ReadProgress) -> Void = { _ in }
  ) async throws -> UploadAnswer {
    guard try Self.options(request) == ReadOptions(), request.tableName == nil, !request.onlyCreate else {
      throw PipelineFailure.invalidRequest("repaired records are read as their table was, so nothing can be stated")
    }
    return try await decide(source, request) { try await repairOrRefuse(table, source, request, progress) }
  }

  private func repairOrRefuse(
    _ table: RepairableTable, _ source: UploadSource, _ request: UploadRequest,
    _ progress: @escaping @Sendable (ReadProgress) -> Void
  ) async throws -> UploadAnswer {
    let options = table.contract.options
    var record = makeRecord(source, request, options)
    let content = try await source.hash()
    record.contentHash = content.description
    let reading: UploadReader.Request
    switch check(request, options: options) {
    case .failure(let rejection): return try await refuse(record, rejection, .empty)
    case .success(let checked): reading = checked
    }
    record.displayName = reading.name?.display
    if let bad = try await judgeCrashes(of: content, principal: request.principal, scope: request.scope) {
      return try await refuse(record, bad, .empty)
    }
    let outcome = try await read(source, reading, progress)
    record.sandboxLevel = outcome.level?.rawValue ?? ""
    var report = Report(outcome)
    report.repairs = table.reference
    guard case .accepted(let format) = outcome.verdict, let derivation = outcome.derivation else {
      if case .rejected(let rejection) = outcome.verdict { return try await refuse(record, rejection, report) }
      throw StoreError.catalog(.corrupt)
    }
    guard outcome.tables.count == 1, outcome.tables[0].table.schema == table.file.schema else {
      return try await refuse(record, Rejection(.contractViolated, reason: Self.otherColumns), report)
    }
    record.format = format.rawValue
    let joined = Derivation(of: derivation, repairing: table.version.tableID)
    record.derivation = joined.id
    return try await publish(outcome.tables[0], joined, onto: table, record, report)
  }

  private static let otherColumns = "The repaired records do not make one table with the columns of theirs"

  /// What is to be said where fewer records came than were rejected: the others are in no later version.
  private static func missing(of repaired: ReadTable, _ table: RepairableTable) -> [String] {
    let came = repaired.table.rows + repaired.table.findings.rejects
    guard came < table.version.rejected else { return [] }
    let missing = table.version.rejected - came
    return ["\(missing) of \(table.version.rejected) rejected records of \(table.reference) were not sent again"]
  }

  private func publish(
    _ repaired: ReadTable, _ derivation: Derivation, onto table: RepairableTable, _ record: UploadRecord,
    _ report: Report
  ) async throws -> UploadAnswer {
    var record = record
    let file = try store.makeOutput()
    let bytes = try table.file.write(
      followedBy: [try TableFile(reading: try repaired.table.file.duplicate())], to: file)
    let joined = FinishedOutput(file, tableID: derivation.tableID(ordinal: 0))
    var output = try Self.output(repaired, report.tables.first, more: Self.missing(of: repaired, table))
    output.ordinal = 0
    output.member = table.version.member
    output.tableID = joined.tableID
    output.rows += table.version.rows
    output.fileBytes = bytes
    let whole = try TableFile(reading: try joined.descriptor.duplicate())
    let contents = try whole.verifyBodies()
    // What was copied must be what was published, or damage would get checksums of its own.
    if let known = try table.version.batchChecksums(), !contents.checksums.values.starts(with: known.values) {
      throw TableFileError.damaged("\(table.reference) is not the table that was published")
    }
    output.statistics = try ColumnStatistics.text(of: whole, contents)
    output.checksums = contents.checksums.text
    output.batchStatistics = BatchStatistics.text(of: contents, whole.schema)
    var files = [joined]
    if let rejects = repaired.rejects {
      let id = derivation.tableID(ordinal: 0, OutputRole.firstTable.rejects)
      output.rejects = RejectsFile(id, rejects.table)
      files.append(FinishedOutput(try rejects.table.file.duplicate(), tableID: id))
    }
    record.report = String(decoding: try JSONEncoder.answers.encode(report), as: UTF8.self)
    guard let name = TableName(exactly: table.version.name) else { throw StoreError.catalog(.corrupt) }
    let request = PublicationRequest(
      upload: record, outputs: [output], names: [name], repairs: table.version.version,
      publishedAt: .nowInMicroseconds)
    do {
      let versions = try await publishBounded(files, request).versions
      return UploadAnswer(record, rejection: nil, tables: versions.map { TableSummary($0) }, report: report)
    } catch StoreError.catalog(.storeFull(let limit, let actual)) {
      return try await refuse(record, Rejection(.storeFull, limit: limit, actual: actual), report)
    } catch { throw Self.failure(of: error) }
  }
}
