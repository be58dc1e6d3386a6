// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import IngestTables
import Store
import UploadVerification
package import Validation
import WorkerProtocol

extension Ingestor {
  /// Records a refusal, so that it is in the audit log before the client sees it.
  func refuse(_ record: UploadRecord, _ rejection: Rejection, _ report: Report) async throws -> UploadAnswer {
    var record = record
    record.code = rejection.code.rawValue
    record.detail = rejection.detail
    record.format = nil
    record.derivation = nil
    let answer = UploadAnswer(record, rejection: rejection, tables: [], report: report)
    record.report = String(decoding: try answer.json(), as: UTF8.self)
    try await store.catalog.recordRefusal(record, at: .nowInMicroseconds)
    PipelineMetrics.ended(.refused)
    PipelineMetrics.refused(rejection.code)
    return answer
  }

  /// Records the refusal of an upload whose body was not read to its end; its hash is that of no bytes.
  package func refuseUnread(_ request: UploadRequest, _ rejection: Rejection, bytes: UInt64) async throws
    -> UploadAnswer
  {
    var record = UploadRecord(
      id: request.id, receivedAt: .nowInMicroseconds, principal: request.principal, scope: request.scope,
      contentHash: ContentHash(of: "").description, bytes: bytes, sandboxLevel: "", options: "", report: "{}")
    if let untrusted = request.fileName, case .success(let name) = UploadName.check(untrusted, limits: limits) {
      record.displayName = name.display
    }
    return try await refuse(record, rejection, .empty)
  }

  func publish(
    _ outcome: ReadOutcome, _ record: UploadRecord, _ outputs: [ReadingOutput], names: [TableName], _ report: Report,
    onlyCreate: Bool, keeping original: OriginalToKeep?
  ) async throws -> UploadAnswer {
    var record = record
    // The stored report is the whole answer, but for the versions, which the catalog adds.
    record.report = String(decoding: try JSONEncoder.answers.encode(report), as: UTF8.self)
    let request = PublicationRequest(
      upload: record, outputs: outputs, names: names, onlyCreate: onlyCreate, publishedAt: .nowInMicroseconds)
    let files = try outcome.tables.flatMap(Self.files)
    do {
      let result = try await publishBounded(files, request, keeping: original)
      let versions = result.versions
      return UploadAnswer(record, rejection: nil, tables: versions.map { TableSummary($0) }, report: report)
    } catch StoreError.catalog(.storeFull(let limit, let actual)) {
      return try await refuse(record, Rejection(.storeFull, limit: limit, actual: actual), report)
    } catch {
      throw Self.failure(of: error)
    }
  }

  /// Publishes within the quota, and removes at once what made room.
  func publishBounded(
    _ files: [FinishedOutput], _ request: PublicationRequest, keeping original: OriginalToKeep? = nil
  ) async throws(StoreError) -> PublicationResult {
    // What is used at this moment is not what makes room.
    if limits.storeBytes.bytes > 0 { await recordUses() }
    let result = try await store.publish(files, request, quota: limits.storeBytes.bytes, keeping: original)
    await removeEvicted(result.evictedFiles)
    return result
  }

  /// A name that cannot be had is the request's failure; everything else stays what it is.
  static func failure(of error: StoreError) -> any Error {
    switch error {
    case .catalog(.nameTaken(let name)): PipelineFailure.nameTaken(name)
    case .catalog(.nameExists(let name)): PipelineFailure.nameExists(name)
    case .catalog(.versionChanged(let name)): PipelineFailure.versionChanged(name)
    case .catalog(.nameRetained(let name)): PipelineFailure.nameRetained(name)
    case .catalog(.conditionFailed(let actual)): PipelineFailure.conditionFailed(actual: actual)
    default: error
    }
  }

  /// - Parameter more: what is to be known beside the report's notes.
  static func output(_ read: ReadTable, _ report: Report.Table?, more: [String] = []) throws -> ReadingOutput {
    let warnings = (report?.notes ?? []).map(\.message) + more
    return ReadingOutput(
      ordinal: read.place, member: read.member, tableID: read.id, rows: read.table.rows,
      columns: read.table.schema.fields.count, rejected: read.table.findings.rejects, fileBytes: read.table.fileBytes,
      warnings: String(decoding: try JSONEncoder.answers.encode(warnings), as: UTF8.self),
      rejects: read.rejects.map { RejectsFile($0.id, $0.table) },
      statistics: try ColumnStatistics.text(
        of: TableFile(reading: try read.table.file.duplicate()), read.table.contents),
      checksums: read.table.contents.checksums.text,
      batchStatistics: BatchStatistics.text(of: read.table.contents, read.table.schema))
  }

  private static func files(of read: ReadTable) throws -> [FinishedOutput] {
    let table = FinishedOutput(try read.table.file.duplicate(), tableID: read.id)
    guard let rejects = read.rejects else { return [table] }
    return [table, FinishedOutput(try rejects.table.file.duplicate(), tableID: rejects.id)]
  }

  /// A name for each table: the wished one, else the file's, with the member's behind it in an archive.
  ///
  /// - Parameter table: which table of a text was read; its number ends each name, where it is not 1. So do those of
  ///   the further tables of a text that were all read.
  static func names(
    _ outputs: [ReadingOutput], wished: TableName?, fileName: String?, table: Int
  ) -> [TableName] {
    var taken: Set<String> = []
    var names: [TableName] = []
    for output in outputs {
      let whole = name(of: output, wished: wished, fileName: fileName)
      let number = max(table, ReadTable.number(ofPlace: output.ordinal))
      let base = number > 1 ? whole.numbered(number) : whole
      var name = base
      var attempt = 0
      // A hostile archive can hold a member that is called what another's hash gives, so one attempt may not do.
      while !taken.insert(name.folded).inserted {
        let salt = attempt == 0 ? "" : "#\(attempt)"
        name = base.appending(String(ContentHash(of: (output.member ?? output.tableID) + salt).description.prefix(6)))
        attempt += 1
      }
      names.append(name)
    }
    return names
  }

  private static func name(of output: ReadingOutput, wished: TableName?, fileName: String?) -> TableName {
    guard let member = output.member else {
      return wished ?? TableName(forFile: fileName ?? "", tableID: output.tableID)
    }
    let archive = wished?.text ?? fileName.map { TableName(forFile: $0, tableID: output.tableID).text }
    return TableName(forFile: [archive, member].compactMap(\.self).joined(separator: "_"), tableID: output.tableID)
  }
}

extension RejectsFile {
  init(_ id: String, _ rejects: VerifiedRejects) {
    self.init(tableID: id, fileBytes: rejects.fileBytes, checksums: rejects.checksums.text)
  }
}

extension JSONEncoder {
  /// One spelling of every answer: keys sorted, slashes bare.
  static var answers: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

extension Int64 {
  /// The time, in microseconds since 1970-01-01 UTC.
  package static var nowInMicroseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
}

extension String {
  /// 32 random lower-case hexadecimal digits.
  static func randomUploadID() -> String {
    (0..<4).map { _ in
      let digits = String(UInt32.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }
}
