// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import Foundation
import IngestPipeline
import IngestTables
import Store
import Validation

/// `ingest audit`: the record of every decision.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Verify, list and export the audit log.",
    subcommands: [AuditVerifyCommand.self, AuditListCommand.self, AuditExportCommand.self])
}

/// `ingest audit verify`.
struct AuditVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Find rows of the audit log that were removed, altered, moved or cut off.",
    discussion: """
      Who can write the database can chain a log of his own: a head that was kept elsewhere tells, best with a key that
      seals it. Exit status: 70 if the log is not sound, or does not lead up to the head.
      """)

  @Option(help: "A head of before, as this command, --audit-head or the log of serve and batch tell it.")
  var head: String?

  @Option(name: .customLong("head-file"), help: "The file with a head of before.")
  var headFile: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var key: AuditKeyOption
  @OptionGroup var store: StoreOption

  private struct Answer: Encodable {
    struct Fault: Encodable {
      let kind: String
      let row: Int64
      let detail: String
    }

    let sound: Bool
    let rows: Int64
    let head: String
    let seal: String?
    let fault: Fault?
    let holdsHead: Bool?
    let headIsSealed: Bool?

    enum CodingKeys: String, CodingKey {
      case sound, rows, head, seal, fault
      case holdsHead = "holds_head"
      case headIsSealed = "head_is_sealed"
    }
  }

  func validate() throws {
    guard head == nil || headFile == nil else { throw ValidationError("--head and --head-file are one or the other") }
  }

  func run() async throws {
    let key = try key.key()
    let kept = try keptHead()
    // With a key, a head that does not bear its seal proves nothing.
    let isSealed = key.flatMap { key in kept.map { kept in key.vouches(for: kept.head, by: kept.seal ?? "") } }
    let store = try store.open(.readOnly)
    let found: AuditVerification
    do { found = try await store.catalog.verifyAudit(holding: kept?.head) } catch { throw StoreError(error) }
    try await store.close()
    let isSound = found.isSound && isSealed != false
    let now = KeptHead(found.head, key)
    if json {
      try DataOutput.json(
        Answer(
          sound: isSound, rows: found.rows, head: now.head.description, seal: now.seal,
          fault: found.fault.map { Answer.Fault(kind: $0.kind, row: $0.row, detail: $0.text) },
          holdsHead: found.holdsKeptHead, headIsSealed: isSealed))
    } else {
      try DataOutput.line(text(found, isSealed: isSealed, now))
    }
    guard isSound else { throw ExitStatus.Unsound() }
  }

  private func keptHead() throws -> KeptHead? {
    guard let text = try head ?? headFile.map({ String(decoding: try SmallFile.read($0, atMost: 512), as: UTF8.self) })
    else { return nil }
    guard let kept = KeptHead(text) else {
      throw ExitStatus.Usage(message: "a head is the number of a row, a colon and 64 hexadecimal digits")
    }
    return kept
  }

  private func text(_ found: AuditVerification, isSealed: Bool?, _ now: KeptHead) -> String {
    var lines: [String] = []
    if let fault = found.fault { lines.append("not sound: \(fault.text)") }
    if isSealed == false { lines.append("the head that was kept does not bear the seal of this key") }
    if let holds = found.holdsKeptHead {
      lines.append(holds ? "the head that was kept is in the chain" : "the head that was kept is not in the chain")
    }
    lines.append("\(found.fault == nil ? "sound: " : "")\(found.rows) rows up to")
    lines.append("head \(now.text)")
    return lines.joined(separator: "\n")
  }
}

extension AuditFault {
  fileprivate var kind: String {
    switch self {
    case .altered: "altered"
    case .missing: "missing"
    case .cutOff: "cut_off"
    case .notChained: "not_chained"
    }
  }

  /// The row that it is about, or the last one before it.
  fileprivate var row: Int64 {
    switch self {
    case .altered(let row), .notChained(let row), .missing(let row), .cutOff(let row, _): row
    }
  }
}

/// A row of the audit log as it is shown; with `at` it can be chained again elsewhere.
private struct AuditLine: Encodable {
  let sequence: Int64
  let at: Int64
  let time: String
  let actor: String
  let action: String
  let subject: String
  let outcome: String
  let code: String?
  let count: Int64?
  let hash: String?

  init(_ event: AuditEvent) {
    sequence = event.sequence
    at = event.at
    time = Value.timestamp(microseconds: event.at, isUTC: true).text
    actor = event.actor
    action = event.action.rawValue
    subject = event.subject
    outcome = event.outcome.rawValue
    code = event.code
    count = event.count
    hash = event.hash
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  var text: String {
    let times = count.map { "count \($0)" }
    let words = [String(sequence), time, actor, action, subject, outcome] + [code, times].compactMap(\.self)
    return words.map(\.escapedForDisplay).joined(separator: "\t")
  }
}

/// The rows of the audit log of a store, a page at a time.
private struct AuditPages {
  let store: TableStore

  /// Calls `body` with each row after the one numbered `sequence`; `limit` of them at most.
  func forEach(after sequence: Int64, limit: Int = .max, _ body: (AuditLine) throws -> Void) async throws {
    var (last, left) = (sequence, limit)
    while left > 0 {
      let page: [AuditEvent]
      do { page = try await store.catalog.auditEvents(after: last, limit: min(left, 1_000)) } catch {
        throw StoreError(error)
      }
      for event in page { try body(AuditLine(event)) }
      guard let end = page.last else { return }
      last = end.sequence
      left -= page.count
    }
  }
}

/// `ingest audit list`.
struct AuditListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List rows of the audit log: who did what to what, when, and how it ended.")

  @Option(help: "List what follows the row of this number.")
  var after: Int64 = 0

  @Option(help: "List so many rows at most.")
  var limit = 100

  @Flag(help: "Print a JSON object for each row.")
  var json = false

  @OptionGroup var store: StoreOption

  func run() async throws {
    guard after >= 0, limit >= 0 else { throw ExitStatus.Usage(message: "--after and --limit take 0 or more") }
    let store = try store.open(.readOnly)
    try await AuditPages(store: store).forEach(after: after, limit: limit) { row in
      try DataOutput.line(json ? try row.json() : row.text)
    }
    try await store.close()
  }
}

/// `ingest audit export`.
struct AuditExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the whole audit log, with the hashes that chain it.")

  /// What it can be written as.
  enum Target: String, ExpressibleByArgument, CaseIterable { case jsonl }

  @Option(help: "The form to write: jsonl, an object a line.")
  var to = Target.jsonl

  @Option(name: .shortAndLong, help: "The file to write; standard output otherwise.")
  var output: String?

  @OptionGroup var store: StoreOption

  func run() async throws {
    let store = try store.open(.readOnly)
    let sink = try DataSink(path: output)
    try await AuditPages(store: store).forEach(after: 0) { try sink.write(Array((try $0.json() + "\n").utf8)) }
    try sink.commit()
    try await store.close()
  }
}
