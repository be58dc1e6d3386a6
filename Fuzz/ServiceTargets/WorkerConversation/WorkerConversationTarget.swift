// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
package import Fuzzing
import IngestTables
import Sandbox
import UploadVerification
import Validation
import WorkerProtocol

extension FuzzTarget {
  /// A worker that says and writes anything, in any order: nothing of it may trap, outlast its dismissal, grow without
  /// end, or become a table that is none.
  package static let workerConversation = FuzzTarget(name: "fuzz-worker-conversation") { bytes in
    var script = ConversationScript(FuzzInput(bytes))
    var conversation = script.conversation
    var output: Int32?
    while let step = script.next(conversation) {
      switch step {
      case .malformed: return
      case .write(let bytes, let offset): try write(bytes, at: offset, to: output)
      case .message(let message):
        let before = conversation
        let reply = try conversation.receive(message) { try .inMemory() }
        try check(conversation, after: before, message, reply)
        // The worker is killed.
        if case .dismiss = reply { return }
        if case .descriptor(_, let number) = reply { output = number }
      }
    }
    try judge(conversation, nameBytes: script.limits.longestColumnName)
  }
}

private func check(
  _ conversation: UploadConversation, after before: UploadConversation, _ message: WorkerMessage, _ reply: WorkerReply
) throws {
  let outputs = conversation.outputs
  var outputsBefore = before.outputs.count
  try require(before.verdict == nil || before.verdict == conversation.verdict, "another verdict")
  try require(before.rejection == nil || before.rejection == conversation.rejection, "another rejection")
  if case .memberRejected = message, conversation.lie == nil {
    let last = before.members.count - 1
    guard conversation.members.count == last + 1, case .rejected = conversation.members[last].verdict else {
      return try require(false, "still accepted")
    }
    try require(conversation.members.starts(with: before.members.dropLast()), "other members")
    try require(!outputs.contains { $0.ordinal == last }, "outputs of a member that was refused")
    outputsBefore -= before.outputs.count { $0.ordinal == last }
  } else {
    try require(conversation.members.starts(with: before.members), "other members")
  }
  switch reply {
  case .dismiss:
    try require(conversation.lie != nil && !conversation.isComplete, "dismissed without a lie")
    try require(outputs.count == outputsBefore, "an output for a liar")
  case .descriptor(let message, let number):
    let isAgain = outputsBefore > 0 && before.outputs.last === outputs.last
    try require(message == .output && number >= 0, "another descriptor")
    try require(outputs.count == outputsBefore + (isAgain ? 0 : 1), "another output")
  case .end: try require(false, "only what stands around a conversation ends a worker that did nothing wrong")
  case .none, .message: try require(conversation.lie == nil && outputs.count == outputsBefore, "a lie is answered")
  }
  try require(zip(outputs, outputs.dropFirst()).allSatisfy { isNext($1, after: $0) }, "ordinals")
  let described = outputs.reduce(0) { sum, output in
    sum + output.said.fields.reduce(0) { $0 + $1.name.utf8.count } + (output.said.rows.count + output.said.sizes.count)
      * 8
  }
  try require(described < 80 << 20, "an endless description is kept")
  _ = conversation.outputBytes
  guard conversation.isComplete else { return }
  try require(
    conversation.verdict != nil && outputs.allSatisfy { $0.said.findings != nil || $0.said.rejectsAreFinished },
    "complete too early")
  let rejecting = outputs.count { $0.said.findings.map { $0.rejects > 0 } ?? false }
  try require(outputs.count { $0.role.part == .rejects } == rejecting, "rejects that did not come")
}

/// The rejects of a table follow it; else the next content does.
private func isNext(_ output: WorkerOutput, after last: WorkerOutput) -> Bool {
  output.role.part == .rejects
    ? output.ordinal == last.ordinal && last.role == .firstTable : output.ordinal > last.ordinal
}

/// What a worker can do to the last output while it lives.
private func write(_ bytes: [UInt8], at offset: UInt64, to output: Int32?) throws {
  guard let number = output else { return }
  let file = OwnedDescriptor(owning: number)
  let written = Result { try file.pwrite(bytes.span, at: offset) }
  // The number stays the conversation's.
  _ = file.release()
  try written.get()
}

/// What the service does once the worker is gone.
private func judge(_ conversation: UploadConversation, nameBytes: Int) throws {
  let written = try conversation.writtenBytes()
  guard conversation.isComplete, conversation.rejection == nil, written <= conversation.outputBytes else { return }
  var last: VerifiedTable?
  for output in conversation.outputs {
    guard let writer = output.takeDescriptor() else { return try require(false, "no descriptor") }
    try require(output.takeDescriptor() == nil, "a descriptor of two owners")
    do {
      let verifier = OutputVerifier(nameBytes: nameBytes)
      guard output.role.part == .rows else {
        guard let table = last else { continue }
        let rejects = try verifier.verifyRejects(output.said, of: table, writtenTo: writer)
        try TableReading(TableFile(reading: try rejects.file.duplicate())).requireTexts()
        continue
      }
      last = nil
      let table = try verifier.verify(output.said, writtenTo: writer)
      last = table
      try TableReading(TableFile(reading: try table.file.duplicate())).requireTexts()
    } catch is OutputFault {}
  }
}
