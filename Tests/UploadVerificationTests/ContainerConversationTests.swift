// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Glibc
import IngestTables
import Sandbox
import Testing
import Validation
import WorkerProtocol

@testable import UploadVerification

/// What a worker may say of members, and of contents within contents.
@Suite("Upload conversation about containers")
struct ContainerConversationTests {
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

  private static let twoEntries = {
    var limits = Limits()
    limits.archiveEntries = 2
    return limits
  }()

  private func conversation(of limits: Limits) -> UploadConversation {
    UploadConversation(
      claims: UploadClaims(extension: "zip"), fileName: nil, inputBytes: 100, limits: limits, knownFormats: [],
      mostTables: Dialect.mostTables)
  }

  private func say(_ messages: [WorkerMessage], to conversation: inout UploadConversation) throws {
    for message in messages {
      _ = try conversation.receive(message) {
        try OwnedDescriptor.open(FileManager.default.temporaryDirectory.path, flags: O_RDONLY | O_DIRECTORY)
          .makeUnnamedFile()
      }
    }
  }

  /// A member with as many tables as one may have.
  private func sayManyTables(to conversation: inout UploadConversation) throws {
    try say([.inspected(zip, .accepted(.zip)), Self.member("a.csv")], to: &conversation)
    for table in 0..<UInt16(Dialect.mostTables) {
      try say([.wantsOutput(OutputRole(table: table)), .tableFinished(findings)], to: &conversation)
    }
  }

  @Test("C40 An upload gives only so many tables, whatever its members give")
  func endlessTables() throws {
    var conversation = conversation(of: Self.twoEntries)
    func say(_ messages: [WorkerMessage]) throws { try self.say(messages, to: &conversation) }
    try sayManyTables(to: &conversation)
    try say([Self.member("b.csv")])
    #expect(conversation.lie == nil && conversation.outputs.count == Self.twoEntries.mostTables)
    try say([.wantsOutput(.firstTable)])
    #expect(conversation.lie != nil)
  }

  @Test("A member that is refused after all takes its tables with it, and the others stay")
  func refusedMembers() throws {
    let (conversation, _) = try converse(
      extension: "zip",
      [.inspected(zip, .accepted(.zip)), Self.member("a.csv")] + Self.table + [
        Self.member("b.csv"), .wantsOutput(.firstTable), .memberRejected(Rejection(.invalidEncoding)),
        Self.member("c.csv.gz", gzip, .gzip), .memberRejected(Rejection(.compressedCorrupt)),
        Self.member("d.csv.gz", gzip, .gzip), Self.member(nil),
      ] + Self.table + [
        .memberRejected(Rejection(.controlCharacter)),
        .member(name: "e.csv", bytes: 1, content: nil, .rejected(Rejection(.compressedCorrupt))), Self.member("f.csv"),
      ] + Self.table + [.finished])
    #expect(conversation.lie == nil && conversation.isComplete)
    #expect(conversation.outputs.map(\.member) == ["a.csv", "f.csv"])
    #expect(conversation.outputs.map(\.ordinal) == [0, 6])
    #expect(
      conversation.members.map(\.verdict.code) == [
        nil, .invalidEncoding, .compressedCorrupt, nil, .controlCharacter, .compressedCorrupt, nil,
      ])
  }

  @Test("C40 Outputs of refused members count towards what a worker may have")
  func withdrawnOutputs() throws {
    var conversation = conversation(of: Self.twoEntries)
    func say(_ messages: [WorkerMessage]) throws { try self.say(messages, to: &conversation) }
    try sayManyTables(to: &conversation)
    let output = try #require(conversation.outputs.last)
    #expect(ftruncate(output.number, 10) == 0)
    try say([.memberRejected(Rejection(.invalidEncoding))])
    #expect(conversation.lie == nil && conversation.outputs.isEmpty)
    #expect(try conversation.writtenBytes() == 0)
    #expect(ftruncate(output.number, 7) == 0)
    #expect(try conversation.writtenBytes() == 7)
    try say([Self.member("b.csv")])
    #expect(conversation.lie == nil)
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

  private static let damaged = Rejection(.compressedCorrupt)

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
    ("a refused upload that is no archive", "csv", [.inspected(text, .accepted(.csv)), .memberRejected(damaged)]),
    (
      "a refused content of a compressed file", "gz",
      [.inspected(gzip, .accepted(.gzip)), member(nil), .memberRejected(damaged)]
    ),
    (
      "a refused archive", "tgz",
      [.inspected(gzip, .accepted(.gzip)), member(nil, tar, .tar), .memberRejected(damaged)]
    ),
    ("a refused member before any came", "zip", [.inspected(zip, .accepted(.zip)), .memberRejected(damaged)]),
    (
      "a member that is refused twice", "zip",
      [.inspected(zip, .accepted(.zip)), member("a.csv"), .memberRejected(damaged), .memberRejected(damaged)]
    ),
    (
      "a member that breaks a limit, refused by itself", "zip",
      [.inspected(zip, .accepted(.zip)), member("a.csv"), .memberRejected(Rejection(.tooManyRows))]
    ),
    (
      "a table of a refused member", "zip",
      [.inspected(zip, .accepted(.zip)), member("a.csv"), .memberRejected(damaged), .wantsOutput(.firstTable)]
    ),
    (
      "a content of a refused compressed member", "zip",
      [.inspected(zip, .accepted(.zip)), member("b.csv.gz", gzip, .gzip), .memberRejected(damaged), member(nil)]
    ),
    (
      "a member that nobody looked at, refused for its text", "zip",
      [
        .inspected(zip, .accepted(.zip)),
        .member(name: "a.csv", bytes: 1, content: nil, .rejected(Rejection(.invalidEncoding))),
      ]
    ),
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
}
