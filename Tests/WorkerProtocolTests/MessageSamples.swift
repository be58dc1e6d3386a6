// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation

@testable import WorkerProtocol

/// At least one message of every kind, with every optional part there and away.
enum MessageSamples {
  static let service: [ServiceMessage] =
    jobs.map { .job($0) } + [.begin, .proceed, .stop, .output]
    + TrialAttack.allCases.map { .tryAttack($0) }

  static let forkOrders = [
    ForkOrder(user: nil, inNamespaces: true), ForkOrder(user: .max, inNamespaces: false),
  ]

  static let zygoteReplies: [ZygoteReply] = [
    .warm(version: 1, LibraryVersions(magic: 544, archive: 3_006_002), hasEmptyRoot: true),
    .forked(.max), .forked(-1), .failed(errno: 1),
  ]

  static let worker: [WorkerMessage] =
    conversation + tables + verdicts
    + [.trialEnded(.succeeded), .trialEnded(.denied(errno: 38))]

  private static let budget = JobBudget(addressSpaceBytes: .max, dataBytes: 1 << 31, fileBytes: 0, cpuSeconds: 120)

  private static var jobs: [Job] {
    var limits = Limits()
    limits.rows = .max
    limits.columns = 1
    let bare = Job(
      claims: UploadClaims(), fileName: nil, inputBytes: 0, options: ReadOptions(), limits: ReadLimits(Limits()),
      budget: budget)
    var options = ReadOptions(header: .never, isVerbatim: true)
    options.cells.rules = [
      CellOptions.Rule(name: "Größe", type: .decimal(precision: 38, scale: 2)),
      CellOptions.Rule(name: "day", type: .date, dateOrder: .mdy), CellOptions.Rule(name: "x", type: .text),
    ]
    options.cells.isAllText = true
    options.cells.hasDecimalComma = true
    options.cells.dateOrder = .dmy
    options.cells.nullWords = ["k.A.", "-999"]
    options.isStrict = true
    options.maxRejects = ReadOptions.mostRejects
    options.member = MemberPattern("data/*;größe?.csv")
    let full = Job(
      claims: UploadClaims(extension: "csv", declaredType: MediaType("text/csv"), forcedFormat: .gzip),
      fileName: "Umsätze.csv", inputBytes: .max, options: options,
      limits: ReadLimits(limits), budget: budget)
    return [bare, full]
  }

  private static let conversation: [WorkerMessage] = [
    .ready(version: WorkerMessage.version, layers: [.seccomp, .landlock]), .ready(version: .max, layers: []),
    .sealed(layers: LayerSet(rawValue: .max)), .wantsOutput(.firstTable),
    .wantsOutput(OutputRole(table: .max, .rejects)), .progress(bytes: .max, records: 0), .finished,
  ]

  private static let tables: [WorkerMessage] = [
    .columns([]), .columns(types.enumerated().map { Field(name: "c\($0)é", type: $1) }), .batchRows([]),
    .batchRows([0, 1, .max]), .batchSizes([1 << 40, 7]), .tableFinished(findings([])), .tableFinished(findings(notes)),
    .rejectsFinished, .passedOver(entries: .max),
  ]

  private static let verdicts: [WorkerMessage] =
    [
      .inspected(content, .accepted(.csv)), .inspected(content, .rejected(Rejection(.contentRefused))),
      .member(name: "a/b.csv", bytes: 12, content: content, .accepted(.zip)),
      .inspected(wideContent, .accepted(.csv)),
      .member(name: nil, bytes: .max, content: nil, .rejected(Rejection(.archiveNesting, limit: 2))),
      .memberRejected(Rejection(.jsonMalformed, line: 7)),
    ]
    + Rejection.Code.allCases.map {
      .rejected(Rejection($0, line: 1, column: 2, byteOffset: 3, limit: nil, actual: .max))
    }
    + JSONProblem.allCases.map { problem in
      var rejection = Rejection(.jsonMalformed, line: 1)
      rejection.jsonProblem = problem
      return .rejected(rejection)
    } + [.rejected(.withExample), .rejected(.withEncoding)]

  static let types: [ColumnType] = [
    .null, .bool, .int64, .uint64, .float64, .date, .timestamp(isUTC: false), .timestamp(isUTC: true), .utf8,
    .listOfUTF8, .decimal(precision: 38, scale: 38), .decimal(precision: 1, scale: 0), .time,
    .timestampNanoseconds(isUTC: false), .timestampNanoseconds(isUTC: true),
  ]

  // swift-format-ignore: NeverForceUnwrap
  static let content = ContentWitnesses(
    signature: .none, magicType: MediaType("text/plain")!, magicCharset: "us-ascii", isBlank: false)

  static let wideContent: ContentWitnesses = {
    var wide = content
    wide.wideText = WideText(
      encoding: .utf32BigEndian, signature: .html, magicType: content.magicType, isBlank: true)
    return wide
  }()

  static let notes: [Note] =
    [
      Note(
        .nullWords, count: 7, words: (1...8).map { Note.Word(String(repeating: "é", count: 16), count: UInt64($0)) }),
      Note(.nearMiss, column: 3, count: 1, line: 17, byteOffset: 400, type: .float64, example: "abc"),
      Note(.unclosedQuote, count: .max, example: String(repeating: "é", count: 32)),
    ] + types.map { Note(.nullWords, column: .max, count: 0, type: $0) }

  static let lines = SetAsideLine.Part.allCases.map {
    SetAsideLine($0, line: .max, text: String(repeating: "é", count: SetAsideLine.longestText / 2))
  }

  static func findings(_ notes: [Note]) -> TableFindings {
    var dialect = Dialect(
      delimiter: ", ", quote: "'", newline: .mixed, header: .assumed, hasByteOrderMark: true)
    dialect.escape = .backslash
    dialect.comment = "//"
    dialect.headerRows = 3
    dialect.preambleRows = .max
    dialect.footnoteRows = 7
    dialect.table = UInt8(Dialect.mostTables)
    dialect.tables = (1...Dialect.mostTables).map {
      Dialect.TablePlace(line: UInt64($0), records: .max, columns: UInt32($0))
    }
    dialect.confidence = 1000
    dialect.reasons = (1...Dialect.mostReasons).map { String(repeating: "r", count: $0 * 15) }
    dialect.runnerUp = Dialect.RunnerUp(delimiter: ";", quote: nil)
    return TableFindings(dialect: dialect, records: 10, rejects: 3, setAside: 1, notes: notes, lines: lines)
  }
}

extension Rejection {
  fileprivate static var withEncoding: Rejection {
    var rejection = Rejection(.encodingMismatch, byteOffset: 0)
    rejection.expected = "utf-16le"
    rejection.example = "utf-8"
    return rejection
  }

  fileprivate static var withExample: Rejection {
    var rejection = Rejection(.contractViolated, column: 3)
    rejection.expected = "decimal(38,2)"
    rejection.example = String(repeating: "é", count: 32)
    rejection.tableLines = (1...Dialect.mostTables).map { UInt64($0) }
    return rejection
  }
}
