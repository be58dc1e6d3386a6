// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestTables
import Sandbox
import Testing
import Validation
import WorkerProtocol

@testable import UploadVerification

private let text = ContentWitnesses(
  signature: .none, magicType: MediaType("text/csv") ?? .fallback, magicCharset: "us-ascii", isBlank: false)
private let zip = ContentWitnesses(
  signature: .zip, magicType: MediaType("application/zip") ?? .fallback, magicCharset: "binary", isBlank: false)
private let gzip = ContentWitnesses(
  signature: .gzip, magicType: MediaType("application/gzip") ?? .fallback, magicCharset: "binary", isBlank: false)
private let tar = ContentWitnesses(
  signature: .tar, magicType: MediaType("application/x-tar") ?? .fallback, magicCharset: "binary", isBlank: false)
private let findings = TableFindings(
  dialect: Dialect(delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false),
  records: 1, setAside: 1, notes: [])

/// Findings with this many rejects, of which five are allowed below.
private func rejecting(_ rejects: UInt64) -> TableFindings {
  var findings = findings
  findings.rejects = rejects
  return findings
}

private let rejectsRole = OutputRole.firstTable.rejects

extension MediaType {
  fileprivate static var fallback: MediaType { preconditionFailure("a media type that cannot be read") }
}

/// A conversation with outputs that nobody looks at.
private func converse(
  extension name: String = "csv", known: Set<Format> = [], _ messages: [WorkerMessage]
) throws -> (conversation: UploadConversation, lastReply: WorkerReply) {
  var conversation = UploadConversation(
    claims: UploadClaims(extension: name), fileName: nil, inputBytes: 100, limits: Limits(), knownFormats: known,
    mostRejects: 5)
  var reply = WorkerReply.none
  for message in messages {
    reply = try conversation.receive(message) {
      try OwnedDescriptor.open(FileManager.default.temporaryDirectory.path, flags: O_RDONLY | O_DIRECTORY)
        .makeUnnamedFile()
    }
  }
  return (conversation, reply)
}

@Suite("Upload conversation")
struct UploadConversationTests {
  @Test("An honest worker is believed to the end")
  func honest() throws {
    let (conversation, _) = try converse([
      .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .progress(bytes: 1, records: 1),
      .columns([Field(name: "a", type: .int64)]), .batchRows([3]), .batchSizes([]), .tableFinished(findings), .finished,
    ])
    #expect(conversation.isComplete)
    #expect(conversation.lie == nil)
    #expect(conversation.outputs.count == 1)
  }

  @Test("A table that rejected records is followed by these")
  func rejects() throws {
    let start: [WorkerMessage] = [
      .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .columns([Field(name: "a", type: .int64)]),
      .tableFinished(rejecting(5)),
    ]
    #expect(try !converse(start + [.finished]).conversation.isComplete)
    #expect(try !converse(start + [.wantsOutput(rejectsRole), .finished]).conversation.isComplete)
    let (conversation, _) = try converse(
      start + [
        .wantsOutput(rejectsRole), .batchRows([5]), .batchSizes([0, 0, 0, 0]), .rejectsFinished, .finished,
      ])
    #expect(conversation.isComplete && conversation.outputs.map(\.role) == [.firstTable, rejectsRole])
    #expect(conversation.outputs.last?.said.fields == RejectsTable.schema.fields)
  }

  @Test("An output that is given up comes back empty, and is the only one")
  func abandoned() throws {
    let (conversation, reply) = try converse([
      .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .abandonsOutput, .wantsOutput(.firstTable),
    ])
    guard case .descriptor(.output, _) = reply else {
      Issue.record("no output came")
      return
    }
    #expect(conversation.lie == nil)
    #expect(conversation.outputs.count == 1)
  }

  private static let table: [WorkerMessage] = [.wantsOutput(.firstTable), .tableFinished(findings)]

  private static func member(
    _ name: String?, _ content: ContentWitnesses = text, _ format: Format = .csv
  ) -> WorkerMessage { .member(name: name, bytes: 1, content: content, .accepted(format)) }

  @Test("Each member of an archive is a table, and a compressed member's content has the member's name")
  func members() throws {
    let (conversation, _) = try converse(
      extension: "zip",
      [.inspected(zip, .accepted(.zip)), Self.member("a.csv")] + Self.table + [
        Self.member("b.csv.gz", gzip, .gzip), Self.member(nil),
      ] + Self.table + [
        .member(name: "c.exe", bytes: 1, content: nil, .rejected(Rejection(.extensionRefused))), Self.member("d.csv"),
      ] + Self.table + [.passedOver(entries: 2), .finished])
    #expect(conversation.lie == nil && conversation.isComplete)
    #expect(conversation.outputs.map(\.member) == ["a.csv", "b.csv.gz", "d.csv"])
    #expect(conversation.outputs.map(\.ordinal) == [0, 2, 4])
    #expect(conversation.members.map(\.name) == ["a.csv", "b.csv.gz", "b.csv.gz", "c.exe", "d.csv"])
    #expect(conversation.passedOver == 2)
  }

  @Test("C40 An accepted content without a table, or a compressed one without a content, is not all there is to say")
  func missingTables() throws {
    let archive: [WorkerMessage] = [.inspected(zip, .accepted(.zip)), Self.member("a.csv")] + Self.table
    for rest in [[Self.member("b.csv")], [Self.member("b.csv.gz", gzip, .gzip)]] {
      let (conversation, _) = try converse(extension: "zip", archive + rest + [.finished])
      #expect(conversation.lie == nil && !conversation.isComplete)
    }
    #expect(try converse(extension: "zip", archive + [.finished]).conversation.isComplete)
  }

  @Test("C40 A member's endless name is refused by both sides, however few characters it has")
  func endlessName() throws {
    for name in ["a" + String(repeating: "\u{301}", count: 3_000) + ".csv", String(repeating: "a", count: 9_000)] {
      let sent = WorkerMessage.member(name: name, bytes: 1, content: nil, .rejected(Rejection(.nameTooLong)))
      let (conversation, _) = try converse(
        extension: "zip", [.inspected(zip, .accepted(.zip)), try WorkerMessage(sent.bytes), .finished])
      #expect(conversation.lie == nil)
      #expect(conversation.members.first?.verdict.code == .nameTooLong)
    }
  }

  @Test("A member without an extension is refused like a file without one that is no table")
  func bareName() throws {
    let (conversation, _) = try converse(
      extension: "zip",
      [
        .inspected(zip, .accepted(.zip)),
        .member(name: "d/LICENSE", bytes: 1, content: nil, .rejected(Rejection(.extensionRefused))), .finished,
      ])
    #expect(conversation.lie == nil && conversation.members.count == 1)
  }

  @Test("C40 An upload gives only so many tables, whatever its members give")
  func endlessTables() throws {
    var limits = Limits()
    limits.archiveEntries = 2
    var conversation = UploadConversation(
      claims: UploadClaims(extension: "zip"), fileName: nil, inputBytes: 100, limits: limits, knownFormats: [],
      mostTables: Dialect.mostTables)
    func say(_ messages: [WorkerMessage]) throws {
      for message in messages {
        _ = try conversation.receive(message) {
          try OwnedDescriptor.open(FileManager.default.temporaryDirectory.path, flags: O_RDONLY | O_DIRECTORY)
            .makeUnnamedFile()
        }
      }
    }
    try say([.inspected(zip, .accepted(.zip)), Self.member("a.csv")])
    for table in 0..<UInt16(Dialect.mostTables) {
      try say([.wantsOutput(OutputRole(table: table)), .tableFinished(findings)])
    }
    try say([Self.member("b.csv")])
    #expect(conversation.lie == nil && conversation.outputs.count == limits.mostTables)
    try say([.wantsOutput(.firstTable)])
    #expect(conversation.lie != nil)
  }

  @Test("A compressed tar archive is one content with members")
  func compressedArchive() throws {
    let (conversation, _) = try converse(
      extension: "tgz",
      [.inspected(gzip, .accepted(.gzip)), Self.member(nil, tar, .tar), Self.member("a.csv")] + Self.table + [
        Self.member("b.csv")
      ] + Self.table + [.finished])
    #expect(conversation.lie == nil && conversation.isComplete)
    #expect(conversation.outputs.map(\.member) == ["a.csv", "b.csv"])
  }

  static let deepLies: [(String, String, [WorkerMessage])] = [
    ("a named member of a compressed file", "gz", [.inspected(gzip, .accepted(.gzip)), member("a.csv")]),
    ("a nameless member of an archive", "zip", [.inspected(zip, .accepted(.zip)), member(nil)]),
    (
      "two contents of a compressed file", "gz",
      [.inspected(gzip, .accepted(.gzip)), member(nil)] + table + [member(nil)]
    ),
    (
      "the next member before the content of the last", "zip",
      [.inspected(zip, .accepted(.zip)), member("b.csv.gz", gzip, .gzip), member("c.csv")]
    ),
    (
      "two contents of a compressed member", "zip",
      [.inspected(zip, .accepted(.zip)), member("b.csv.gz", gzip, .gzip), member(nil)] + table + [member(nil)]
    ),
    (
      "a table of a compressed member itself", "zip",
      [.inspected(zip, .accepted(.zip)), member("b.csv.gz", gzip, .gzip), .wantsOutput(.firstTable)]
    ),
    (
      "a container three deep, accepted", "tgz",
      [.inspected(gzip, .accepted(.gzip)), member(nil, tar, .tar), member("b.csv.gz", gzip, .gzip)]
    ),
    (
      "an archive in an archive, accepted", "zip",
      [.inspected(zip, .accepted(.zip)), member("b.tar", tar, .tar)]
    ),
    (
      "entries passed over twice", "zip",
      [.inspected(zip, .accepted(.zip)), .passedOver(entries: 1), .passedOver(entries: 1)]
    ),
    ("entries passed over before an inspection", "zip", [.passedOver(entries: 1)]),
    ("a member without an extension, accepted", "zip", [.inspected(zip, .accepted(.zip)), member("LICENSE")]),
  ]

  @Test("C40 A lie about what lies in what ends the conversation", arguments: deepLies)
  func deepLie(_ what: String, _ name: String, _ messages: [WorkerMessage]) throws {
    let (conversation, reply) = try converse(extension: name, messages)
    guard case .dismiss = reply else {
      Issue.record("\(what) was answered")
      return
    }
    #expect(conversation.lie != nil && !conversation.isComplete)
  }

  @Test("Known bytes are not read again")
  func known() throws {
    let (conversation, reply) = try converse(known: [.csv], [.inspected(text, .accepted(.csv))])
    guard case .message(.stop) = reply else {
      Issue.record("the worker was not stopped")
      return
    }
    #expect(conversation.lie == nil)
  }

  static let lies: [(String, String, [WorkerMessage])] = [
    ("another verdict: refused instead of accepted", "csv", [.inspected(text, .rejected(Rejection(.empty)))]),
    ("another verdict: accepted instead of refused", "zip", [.inspected(text, .accepted(.csv))]),
    ("another format than the content's", "csv", [.inspected(text, .accepted(.zip))]),
    ("a second inspection", "csv", [.inspected(text, .accepted(.csv)), .inspected(text, .accepted(.csv))]),
    ("an output before any verdict", "csv", [.wantsOutput(.firstTable)]),
    (
      "an output after a refusal", "zip",
      [.inspected(text, .rejected(Rejection(.typeMismatch))), .wantsOutput(.firstTable)]
    ),
    (
      "a second output before the first is finished", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .wantsOutput(.firstTable)]
    ),
    (
      "a second table of one file", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(findings),
        .wantsOutput(.firstTable),
      ]
    ),
    (
      "more rejects than are allowed", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(rejecting(6))]
    ),
    ("rejects before their table", "csv", [.inspected(text, .accepted(.csv)), .wantsOutput(rejectsRole)]),
    (
      "rejects of a table that has none", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(findings),
        .wantsOutput(rejectsRole),
      ]
    ),
    (
      "rejects of another table", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(rejecting(1)),
        .wantsOutput(OutputRole(table: 1, .rejects)),
      ]
    ),
    (
      "rejects that come twice", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(rejecting(1)),
        .wantsOutput(rejectsRole), .rejectsFinished, .wantsOutput(rejectsRole),
      ]
    ),
    (
      "rejects with columns of their own", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(rejecting(1)),
        .wantsOutput(rejectsRole), .columns([Field(name: "a", type: .utf8)]),
      ]
    ),
    (
      "rejects that end as a table", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(rejecting(1)),
        .wantsOutput(rejectsRole), .tableFinished(findings),
      ]
    ),
    (
      "a table that ends as rejects", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .rejectsFinished]
    ),
    (
      "a member before the rejects of the last", "zip",
      [
        .inspected(zip, .accepted(.zip)), .member(name: "a.csv", bytes: 1, content: text, .accepted(.csv)),
        .wantsOutput(.firstTable), .tableFinished(rejecting(1)),
        .member(name: "b.csv", bytes: 1, content: text, .accepted(.csv)),
      ]
    ),
    (
      "a second table", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(findings),
        .wantsOutput(OutputRole(table: 1)),
      ]
    ),
    ("an output given up that was never had", "csv", [.inspected(text, .accepted(.csv)), .abandonsOutput]),
    (
      "an output given up that was described", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .columns([Field(name: "a", type: .utf8)]),
        .abandonsOutput,
      ]
    ),
    (
      "an output given up twice at once", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .abandonsOutput, .abandonsOutput]
    ),
    (
      "an output given up for ever", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput(.firstTable)]
        + (0...24).flatMap { _ in [WorkerMessage.abandonsOutput, .wantsOutput(.firstTable)] }
    ),
    ("an output of an archive without a member", "zip", [.inspected(zip, .accepted(.zip)), .wantsOutput(.firstTable)]),
    (
      "an output of a refused member", "zip",
      [
        .inspected(zip, .accepted(.zip)),
        .member(name: "a.exe", bytes: 1, content: nil, .rejected(Rejection(.extensionRefused))),
        .wantsOutput(.firstTable),
      ]
    ),
    (
      "a member that its name refuses, accepted", "zip",
      [.inspected(zip, .accepted(.zip)), .member(name: "a.exe", bytes: 1, content: text, .accepted(.csv))]
    ),
    (
      "a member inside of a member, accepted", "zip",
      [.inspected(zip, .accepted(.zip)), .member(name: "a.zip", bytes: 1, content: zip, .accepted(.zip))]
    ),
    (
      "a member of a plain file", "csv",
      [.inspected(text, .accepted(.csv)), .member(name: "a.csv", bytes: 1, content: text, .accepted(.csv))]
    ),
    (
      "columns before an output", "csv", [.inspected(text, .accepted(.csv)), .columns([Field(name: "a", type: .utf8)])]
    ),
    (
      "sizes after the end of the table", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .tableFinished(findings), .batchSizes([1])]
    ),
    ("an end without a verdict", "csv", [.finished]),
    ("a message after the end", "csv", [.inspected(text, .accepted(.csv)), .finished, .finished]),
    ("a second start", "csv", [.ready(version: 1, layers: [])]),
    ("a second sealing", "csv", [.sealed(layers: [])]),
    ("progress before reading", "csv", [.progress(bytes: 1, records: 1)]),
    ("a rejection before reading", "csv", [.rejected(Rejection(.empty))]),
    (
      "two rejections", "csv",
      [.inspected(text, .accepted(.csv)), .rejected(Rejection(.cellTooLarge)), .rejected(Rejection(.cellTooLarge))]
    ),
  ]

  @Test("C40 A lie ends the conversation", arguments: lies)
  func lie(_ what: String, _ name: String, _ messages: [WorkerMessage]) throws {
    let (conversation, reply) = try converse(extension: name, messages)
    guard case .dismiss = reply else {
      Issue.record("\(what) was answered")
      return
    }
    #expect(conversation.lie != nil)
    #expect(!conversation.isComplete)
  }

  @Test("C40 An endless list of columns ends the conversation")
  func endlessColumns() throws {
    let chunk = (0..<6000).map { Field(name: "c\($0)", type: .utf8) }
    let (conversation, _) = try converse([
      .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .columns(chunk), .columns(chunk), .columns(chunk),
    ])
    #expect(conversation.lie != nil)
  }

  @Test("C40 An endless list of batches ends the conversation")
  func endlessBatches() throws {
    let chunk = [UInt64](repeating: 1, count: 7000)
    let (conversation, _) = try converse([
      .inspected(text, .accepted(.csv)), .wantsOutput(.firstTable), .columns([Field(name: "a", type: .utf8)]),
      .batchRows(chunk),
    ])
    #expect(conversation.lie != nil)
  }
}
