// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestTables
import Sandbox
import Testing
import Validation
import WorkerProtocol

@testable import UploadVerification

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
