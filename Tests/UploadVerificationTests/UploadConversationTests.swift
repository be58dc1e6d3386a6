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
private let findings = TableFindings(
  dialect: Dialect(delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false),
  records: 1, setAside: 1, notes: [])

extension MediaType {
  fileprivate static var fallback: MediaType { preconditionFailure("a media type that cannot be read") }
}

/// A conversation with outputs that nobody looks at.
private func converse(
  extension name: String = "csv", known: Set<Format> = [], _ messages: [WorkerMessage]
) throws -> (conversation: UploadConversation, lastReply: WorkerReply) {
  var conversation = UploadConversation(
    claims: UploadClaims(extension: name), fileName: nil, inputBytes: 100, limits: Limits(), knownFormats: known)
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
      .inspected(text, .accepted(.csv)), .wantsOutput, .progress(bytes: 1, records: 1),
      .columns([Field(name: "a", type: .int64)]), .batchRows([3]), .batchSizes([]), .tableFinished(findings), .finished,
    ])
    #expect(conversation.isComplete)
    #expect(conversation.lie == nil)
    #expect(conversation.outputs.count == 1)
  }

  @Test("An output that is given up comes back empty, and is the only one")
  func abandoned() throws {
    let (conversation, reply) = try converse([
      .inspected(text, .accepted(.csv)), .wantsOutput, .abandonsOutput, .wantsOutput,
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
    ("an output before any verdict", "csv", [.wantsOutput]),
    ("an output after a refusal", "zip", [.inspected(text, .rejected(Rejection(.typeMismatch))), .wantsOutput]),
    (
      "a second output before the first is finished", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput, .wantsOutput]
    ),
    (
      "a second table of one file", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput, .tableFinished(findings), .wantsOutput]
    ),
    ("an output given up that was never had", "csv", [.inspected(text, .accepted(.csv)), .abandonsOutput]),
    (
      "an output given up that was described", "csv",
      [
        .inspected(text, .accepted(.csv)), .wantsOutput, .columns([Field(name: "a", type: .utf8)]), .abandonsOutput,
      ]
    ),
    (
      "an output given up twice at once", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput, .abandonsOutput, .abandonsOutput]
    ),
    (
      "an output given up for ever", "csv",
      [.inspected(text, .accepted(.csv)), .wantsOutput]
        + (0...8).flatMap { _ in [WorkerMessage.abandonsOutput, .wantsOutput] }
    ),
    ("an output of an archive without a member", "zip", [.inspected(zip, .accepted(.zip)), .wantsOutput]),
    (
      "an output of a refused member", "zip",
      [
        .inspected(zip, .accepted(.zip)),
        .member(name: "a.exe", bytes: 1, content: nil, .rejected(Rejection(.extensionRefused))), .wantsOutput,
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
      [.inspected(text, .accepted(.csv)), .wantsOutput, .tableFinished(findings), .batchSizes([1])]
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
      .inspected(text, .accepted(.csv)), .wantsOutput, .columns(chunk), .columns(chunk), .columns(chunk),
    ])
    #expect(conversation.lie != nil)
  }

  @Test("C40 An endless list of batches ends the conversation")
  func endlessBatches() throws {
    let chunk = [UInt64](repeating: 1, count: 7000)
    let (conversation, _) = try converse([
      .inspected(text, .accepted(.csv)), .wantsOutput, .columns([Field(name: "a", type: .utf8)]), .batchRows(chunk),
    ])
    #expect(conversation.lie != nil)
  }
}
