// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation

@testable import WorkerProtocol

@Suite("Messages between service and worker")
struct WorkerMessageTests {
  @Test("Every message of a worker's is read back as it was", arguments: MessageSamples.worker)
  func worker(message: WorkerMessage) throws {
    #expect(try WorkerMessage(message.bytes) == message)
  }

  @Test("Every message of the service's is read back as it was", arguments: MessageSamples.service)
  func service(message: ServiceMessage) throws {
    #expect(try ServiceMessage(message.bytes) == message)
  }

  @Test("Every message to and from the zygote is read back as it was, and no shorter or longer one")
  func zygote() throws {
    for request in MessageSamples.forkOrders {
      #expect(try ForkOrder(request.bytes) == request)
      #expect(throws: MalformedMessage.self) { try ForkOrder(request.bytes.dropLast() + []) }
      #expect(throws: MalformedMessage.self) { try ForkOrder(request.bytes + [0]) }
    }
    for reply in MessageSamples.zygoteReplies {
      #expect(try ZygoteReply(reply.bytes) == reply)
      #expect(throws: MalformedMessage.self) { try ZygoteReply(reply.bytes.dropLast() + []) }
      #expect(throws: MalformedMessage.self) { try ZygoteReply(reply.bytes + [0]) }
    }
  }

  @Test("Every kind of note, newline, header, shape, signature and format travels")
  func enumerations() throws {
    for kind in Note.Kind.allCases { try roundTrip(MessageSamples.findings([Note(kind, count: 1)])) }
    for newline in Dialect.Newline.allCases {
      for header in Dialect.HeaderFinding.allCases {
        let dialect = Dialect(
          delimiter: "\t", newline: newline, header: header, hasByteOrderMark: false)
        try roundTrip(TableFindings(dialect: dialect, records: .max, setAside: 0, notes: []))
      }
    }
    for shape in Dialect.JSONShape.allCases {
      var dialect = Dialect(delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false)
      dialect.json = Dialect.JSONFinding(shape: shape, pointer: shape == .list ? "/a~1b/\u{E9}" : "")
      try roundTrip(TableFindings(dialect: dialect, records: 1, setAside: 0, notes: []))
    }
    for signature in Signature.allCases {
      for format in Format.allCases {
        var content = MessageSamples.content
        content.signature = signature
        content.isBlank = true
        let message = WorkerMessage.inspected(content, .accepted(format))
        #expect(try WorkerMessage(message.bytes) == message)
      }
    }
  }

  private func roundTrip(_ findings: TableFindings) throws {
    let message = WorkerMessage.tableFinished(findings)
    #expect(try WorkerMessage(message.bytes) == message)
  }

  @Test("C44 The text of a reason does not travel: the service makes its own")
  func reasons() throws {
    let message = WorkerMessage.rejected(Rejection(.empty, reason: "\u{1B}[31m from the file"))
    #expect(try WorkerMessage(message.bytes) == .rejected(Rejection(.empty)))
  }

  @Test("A message of the longest lists fits one packet")
  func packets() throws {
    let numbers = [UInt64](repeating: .max, count: WorkerMessage.longestMessage / 8)
    #expect(WorkerMessage.batchSizes(numbers).bytes.count <= WorkerMessage.longestMessage + 8)
    #expect(try WorkerMessage(WorkerMessage.batchSizes(numbers).bytes) == .batchSizes(numbers))
    let note = Note(
      .nearMiss, column: 1, count: 1, line: 1, byteOffset: 1, type: .date,
      example: String(repeating: "x", count: 64))
    let findings = MessageSamples.findings([Note](repeating: note, count: 1000))
    let bytes = WorkerMessage.tableFinished(findings).bytes
    #expect(bytes.count < WorkerMessage.longestMessage)
    guard case .tableFinished(let read) = try WorkerMessage(bytes) else { throw MalformedMessage() }
    #expect(read.notes.count == TableFindings.mostNotes)
  }

  @Test("An example is cut to 64 bytes, between characters")
  func examples() throws {
    let note = Note(.nearMiss, count: 1, example: String(repeating: "日本", count: 40))
    let bytes = WorkerMessage.tableFinished(MessageSamples.findings([note])).bytes
    guard case .tableFinished(let read) = try WorkerMessage(bytes) else { throw MalformedMessage() }
    #expect(read.notes[0].example == String(String(repeating: "日本", count: 40).prefix(21)))
  }

  @Test("C40 An example longer than 64 bytes is malformed")
  func longExample() {
    var writer = MessageWriter()
    writer.integer(UInt8(8))
    var findings = MessageSamples.findings([])
    findings.notes = []
    findings.write(to: &writer)
    var bytes = writer.bytes
    // One note with an example of 65 bytes in place of none.
    bytes.replaceSubrange(bytes.count - 2..<bytes.count, with: [1, 0])
    var note = MessageWriter()
    note.text(Note.Kind.nearMiss.rawValue)
    note.optional(UInt32?.none)
    note.integer(UInt64(1))
    for _ in 0..<2 { note.optional(UInt64?.none) }
    note.optional(UInt8?.none)
    note.text(String(repeating: "x", count: 65))
    #expect(throws: MalformedMessage.self) { try WorkerMessage(bytes + note.bytes) }
  }

  @Test(
    "The options' canonical form names what differs from the default",
    arguments: [
      (ReadOptions(), ""), (ReadOptions(header: .never), "header=never"),
      (ReadOptions(isVerbatim: true), "verbatim=true"),
      (ReadOptions(header: .always, isVerbatim: true), "header=always;verbatim=true"),
    ])
  func canonical(options: ReadOptions, text: String) {
    #expect(options.canonical == text)
  }

  @Test("A level is the strongest whose layers are all there")
  func levels() {
    #expect(SandboxLevel(of: []) == .none)
    #expect(SandboxLevel(of: SandboxLevel.basic.required) == .basic)
    #expect(SandboxLevel(of: SandboxLevel.strong.required.union(.denyWriteExecute)) == .strong)
    #expect(SandboxLevel(of: SandboxLevel.strong.required.subtracting(.seccomp)) == .none)
    #expect(SandboxLevel.none < .basic && .basic < .strong && !(SandboxLevel.strong < .strong))
  }

  @Test(
    "A block grows with the columns, to at most 32 times",
    arguments: [
      (1, 1), (512, 1), (513, 2), (1024, 2), (1025, 4), (16_384, 32), (.max, 32), (0, 1), (-1, 1),
    ])
  func blocks(columns: Int, factor: Int) {
    #expect(Recipe.blockBytes(columns: columns) == Recipe.blockBytes * factor)
  }
}
