// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import IngestTables
import IngestTesting
import Validation
import WorkerProtocol

/// What libmagic says of plain text.
let textType: MediaType = {
  guard let type = MediaType("text/plain") else { fatalError("text/plain is no media type") }
  return type
}()
let textContent = ContentWitnesses(
  signature: .none, magicType: textType, magicCharset: "us-ascii", isBlank: false)

/// A worker's messages, one of each kind at least.
let workerMessages: [(String, WorkerMessage)] = {
  var findings = TableFindings.counting(records: 4, setAside: 1)
  findings.notes = [
    Note(.nearMiss, column: 3, count: 1, line: 17, byteOffset: 400, type: .float64, example: "abc"),
    Note(.unclosedQuote, count: .max, example: "é"),
  ]
  var longest = TableFindings.counting(records: .max, setAside: .max)
  let example = String(repeating: "é", count: TableFindings.longestExample / 2)
  longest.notes = [Note](
    repeating: Note(.nullWords, column: 1, count: 1, example: example), count: TableFindings.mostNotes)
  return [
    ("table_finished_longest", .tableFinished(longest)),
    ("columns_longest", .columns([Field(name: String(repeating: "x", count: MessageReader.longestText), type: .utf8)])),
    ("ready", .ready(version: WorkerMessage.version, layers: [.seccomp, .landlock])),
    ("sealed", .sealed(layers: LayerSet(rawValue: .max))),
    ("inspected_accepted", .inspected(textContent, .accepted(.csv))),
    ("inspected_rejected", .inspected(textContent, .rejected(Rejection(.contentRefused, limit: 2, actual: .max)))),
    ("member", .member(name: "a/b.csv", bytes: 12, content: textContent, .accepted(.csv))),
    ("member_of_gzip", .member(name: nil, bytes: .max, content: nil, .rejected(Rejection(.archiveNesting)))),
    ("wants_output", .wantsOutput(.firstTable)), ("wants_rejects", .wantsOutput(OutputRole(table: 0, .rejects))),
    ("rejects_finished", .rejectsFinished),
    ("columns", .columns(SampleTable.types.enumerated().map { Field(name: "c\($0)é", type: $1) })),
    ("batch_rows", .batchRows([0, 1, .max])), ("batch_sizes", .batchSizes([1 << 40, 7])),
    ("table_finished", .tableFinished(findings)), ("progress", .progress(bytes: .max, records: 0)),
    ("rejected", .rejected(Rejection(.cellTooLarge, line: 1, column: 2, byteOffset: 3))), ("finished", .finished),
    ("trial_denied", .trialEnded(.denied(errno: 1))), ("trial_succeeded", .trialEnded(.succeeded)),
  ]
}()

private let serviceMessages: [(String, ServiceMessage)] = {
  let budget = JobBudget(addressSpaceBytes: .max, dataBytes: 1 << 31, fileBytes: 0, cpuSeconds: 120)
  let bare = Job(
    claims: UploadClaims(), fileName: nil, inputBytes: 0, options: ReadOptions(), limits: ReadLimits(Limits()),
    budget: budget)
  var options = ReadOptions(header: .never, isVerbatim: true)
  options.cells.rules = [
    CellOptions.Rule(name: "price", type: .decimal(precision: 10, scale: 2)),
    CellOptions.Rule(name: "day", type: .date, dateOrder: .dmy),
  ]
  options.cells.nullWords = ["k.A."]
  let full = Job(
    claims: UploadClaims(extension: "csv", declaredType: textType, forcedFormat: .gzip), fileName: "Umsätze.csv",
    inputBytes: .max, options: options, limits: ReadLimits(Limits()), budget: budget)
  return [
    ("job", .job(bare)), ("job_full", .job(full)), ("begin", .begin), ("proceed", .proceed), ("stop", .stop),
    ("output", .output), ("try_attack", .tryAttack(.openFile)),
  ]
}()

/// Every message as it is sent.
let messageSeeds: [Seed] =
  workerMessages.map { Seed("worker_\($0)", $1.bytes) } + serviceMessages.map { Seed("service_\($0)", $1.bytes) }
  + [
    Seed("fork_order", ForkOrder(user: 100_000, inNamespaces: true).bytes),
    Seed(
      "zygote_warm",
      ZygoteReply.warm(version: 1, LibraryVersions(magic: 544, archive: 3_006_002), hasEmptyRoot: true).bytes),
    Seed("zygote_forked", ZygoteReply.forked(4_711).bytes), Seed("zygote_failed", ZygoteReply.failed(errno: 11).bytes),
  ]
