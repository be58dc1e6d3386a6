// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import Sandbox
import Store
import Validation
import WorkerProtocol

/// `ingest batch`: folders of files into a store.
///
/// Sources are never moved or changed.
struct BatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "Publish files and whole folders into a store.",
    discussion: """
      Each file is either published or refused with a code; the report says which. A file that was published before is
      judged again and answered without reading it again, so a batch that was killed can simply be run once more.
      """)

  @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
  var paths: [String]

  @Flag(help: "Print one JSON object for each file.")
  var json = false

  @Flag(name: .customLong("keep-originals"), help: "Keep a copy of each file for a time, as uploads over HTTP are.")
  var keepOriginals = false

  @OptionGroup var store: StoreOption
  @OptionGroup var keeping: KeepingOptions
  @OptionGroup var auditHead: AuditHeadOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var workers: WorkerOptions

  func run() async throws {
    let plan = try BatchPlan(paths: paths)
    let cells = try reading.cellWishes()
    _ = try cells.options()
    let tally = try await publish(plan, cells)
    for skipped in plan.skipped { Talk.line("skipped \(skipped.escapedForDisplay): no plain file") }
    if !json { Talk.line(tally.text) }
    if let failure = tally.firstFailure { throw failure }
    if tally.refused > 0 { throw ExitStatus.Refused() }
  }

  private func publish(_ plan: BatchPlan, _ cells: CellWishes) async throws -> BatchTally {
    // Before the store is opened, so that they get ready meanwhile; for nothing, none.
    let pool = plan.files.isEmpty ? nil : workers.makeWorkers(files: plan.files.count)
    let opening = plan.files.first.map(opening)
    let store = try store.open(.readWrite)
    var tally = BatchTally()
    if let pool {
      let logger = Composition.logger()
      let keeper = try await auditHead.keep(store, logger)
      let ingestor = Composition.ingestor(
        workers, store: store, pool: pool, keeping: keeping, crashesPerHour: 0, logger: logger)
      try await publish(plan, opening, cells, ingestor, &tally)
      try await keeper.log(store, at: "end")
    }
    try await store.close()
    return tally
  }

  /// Opens the first file, and begins to hash it where it is large, while store and workers get ready.
  private func opening(_ file: BatchPlan.File) -> Task<UploadSource?, any Error> {
    let limit = workers.limits.uploadBytes
    return Task { file.isMisnamed ? nil : try UploadSource.open(path: file.path, limit: limit) }
  }

  private func publish(
    _ plan: BatchPlan, _ first: Task<UploadSource?, any Error>?, _ cells: CellWishes, _ ingestor: Ingestor,
    _ tally: inout BatchTally
  ) async throws {
    try await withThrowingTaskGroup(of: BatchLine.self) { group in
      var waiting = plan.files[...]
      if let file = waiting.popFirst() { group.addTask { await publish(file, opening: first, cells, ingestor) } }
      // With the first, two more than there are workers, so that one is always ready; the pool bounds the rest.
      for _ in 0..<ingestor.reader.workers.settings.concurrent + 1 {
        if let file = waiting.popFirst() { group.addTask { await publish(file, cells, ingestor) } }
      }
      while let line = try await group.next() {
        tally.add(line)
        try show(line, tally, total: plan.files.count)
        if let file = waiting.popFirst() { group.addTask { await publish(file, cells, ingestor) } }
      }
    }
  }

  private func publish(
    _ file: BatchPlan.File, opening: Task<UploadSource?, any Error>? = nil, _ cells: CellWishes, _ ingestor: Ingestor
  ) async -> BatchLine {
    let bar = ProgressBar(label: file.path.escapedForDisplay)
    defer { bar.clear() }
    var request = UploadRequest()
    request.fileName = Array(URL(fileURLWithPath: file.path).lastPathComponent.utf8)
    request.tableName = file.tableName
    request.isNameOfFile = true
    request.keepsOriginal = keepOriginals
    request.declaredType = reading.declaredType
    request.format = reading.format?.rawValue
    request.header = reading.header.rawValue
    request.cells = cells
    request.rejects = reading.rejects
    request.member = reading.member
    for (key, text) in reading.dialectTexts { request.dialect[key.rawValue] = text }
    do {
      if file.isMisnamed {
        request.fileName = nil
        return BatchLine(
          file: file, .answered(try await ingestor.refuseUnread(request, Rejection(.nameInvalid), bytes: 0)))
      }
      return BatchLine(
        file: file, .answered(try await ingestor.publish(fileAt: file.path, opening: opening, request) { bar.show($0) })
      )
    } catch {
      return BatchLine(file: file, .failed(error))
    }
  }

  private func show(_ line: BatchLine, _ tally: BatchTally, total: Int) throws {
    if json {
      try DataOutput.line(try line.json())
    } else {
      try DataOutput.line("[\(tally.done)/\(total)] \(line.text)")
    }
  }
}
