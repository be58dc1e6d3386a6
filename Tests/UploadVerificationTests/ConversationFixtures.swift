// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestTables
import Sandbox
import Testing
import Validation
import WorkerProtocol

@testable import UploadVerification

let text = ContentWitnesses(
  signature: .none, magicType: MediaType("text/csv") ?? .fallback, magicCharset: "us-ascii", isBlank: false)
let zip = ContentWitnesses(
  signature: .zip, magicType: MediaType("application/zip") ?? .fallback, magicCharset: "binary", isBlank: false)
let gzip = ContentWitnesses(
  signature: .gzip, magicType: MediaType("application/gzip") ?? .fallback, magicCharset: "binary", isBlank: false)
let tar = ContentWitnesses(
  signature: .tar, magicType: MediaType("application/x-tar") ?? .fallback, magicCharset: "binary", isBlank: false)
let findings = TableFindings(
  dialect: Dialect(delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false),
  records: 1, setAside: 1, notes: [])

/// Findings with this many rejects, of which five are allowed below.
func rejecting(_ rejects: UInt64) -> TableFindings {
  var findings = findings
  findings.rejects = rejects
  return findings
}

let rejectsRole = OutputRole.firstTable.rejects

extension MediaType {
  static var fallback: MediaType { preconditionFailure("a media type that cannot be read") }
}

/// A conversation with outputs that nobody looks at.
func converse(
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
