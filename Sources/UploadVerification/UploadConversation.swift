// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import IngestTables
package import Sandbox
import Synchronization
package import Validation
package import WorkerProtocol

/// One output and what was said about it.
package final class WorkerOutput: Sendable {
  /// The archive entry that it comes from, counted among those that were reported; 0 for the upload itself.
  package let ordinal: Int
  /// What of that content it is.
  package let role: OutputRole
  package let member: String?
  private let state: Mutex<(descriptor: Int32, said: UntrustedOutput, isGivenUp: Bool)>

  init(_ descriptor: consuming OwnedDescriptor, ordinal: Int, role: OutputRole, member: String?) {
    self.ordinal = ordinal
    self.role = role
    self.member = member
    var said = UntrustedOutput()
    if role.part == .rejects { said.fields = RejectsTable.schema.fields }
    state = Mutex((descriptor.release(), said, false))
  }

  deinit { _ = takeDescriptor() }

  var number: Int32 { state.withLock { $0.descriptor } }
  /// What the worker has said of it so far.
  package var said: UntrustedOutput { state.withLock { $0.said } }

  /// Whether the worker gave it up and has not asked for it again.
  var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

  /// Takes back what the worker wrote, so that it can start again.
  func empty() throws(SystemCallError) {
    // Borrowed, as below.
    let file = OwnedDescriptor(owning: number)
    let emptied = Result { () throws(SystemCallError) in try file.truncate(to: 0) }
    _ = file.release()
    try emptied.get()
    state.withLock { $0.isGivenUp = true }
  }

  /// The worker has it again.
  func giveAgain() { state.withLock { $0.isGivenUp = false } }

  /// The bytes that were written so far.
  func size() throws(SystemCallError) -> UInt64 {
    // Borrowed: the number stays the state's.
    let file = OwnedDescriptor(owning: number)
    let size = Result { () throws(SystemCallError) in try file.size() }
    _ = file.release()
    return try size.get()
  }

  /// Has the kernel begin to write a part of it to disk.
  func startWritingBack(_ range: Range<UInt64>) {
    // Borrowed, as above.
    let file = OwnedDescriptor(owning: number)
    file.startWritingBack(range)
    _ = file.release()
  }

  /// Finds room on the disk for a part that is still to be written.
  func allocate(_ range: Range<UInt64>) {
    // Borrowed, as above.
    let file = OwnedDescriptor(owning: number)
    file.allocate(range)
    _ = file.release()
  }

  /// The same file, opened once more and for reading only.
  func openForReading() throws(SystemCallError) -> OwnedDescriptor {
    // Borrowed, as above.
    let file = OwnedDescriptor(owning: number)
    let again = Result { () throws(SystemCallError) -> OwnedDescriptor in try file.openForReading() }
    _ = file.release()
    return try again.get()
  }

  func update(_ change: (inout UntrustedOutput) -> Void) { state.withLock { change(&$0.said) } }

  /// The writable descriptor, once.
  package func takeDescriptor() -> OwnedDescriptor? {
    let number = state.withLock { state in
      defer { state.descriptor = -1 }
      return state.descriptor
    }
    return number < 0 ? nil : OwnedDescriptor(owning: number)
  }
}

/// The service's side of one job: a state machine over a worker's messages, of which none is believed.
package struct UploadConversation: Sendable {
  private enum Phase { case inspection, reading, finished }

  private let claims: UploadClaims
  private let inputBytes: UInt64
  let limits: Limits
  /// The formats whose reading of these bytes is known: nothing needs to be read again.
  private let knownFormats: Set<Format>
  /// The records that a table may reject.
  private let mostRejects: UInt64
  private var phase = Phase.inspection
  private var abandonedOutputs = 0
  private var describedBytes = 0
  /// A table is converted again at most as often: six rounds, for each way in which its end can turn out to be elsewhere.
  private static let mostAbandoned = 24
  /// The tables that one content may give.
  private let mostTables: Int
  /// What the descriptions of all outputs may take of the service's memory: four times the widest table there can be.
  private static let mostDescribedBytes = 64 << 20

  package private(set) var content: ContentWitnesses?
  package private(set) var verdict: Verdict?
  package internal(set) var members: [MemberFinding] = []
  /// How many entries of an archive are no members, as the worker has it.
  package private(set) var passedOver: UInt64 = 0
  /// The containers that are open around the next member.
  var containers: ContainerChain
  package private(set) var outputs: [WorkerOutput] = []
  /// Outputs of members that were refused after all: nothing of them is used, but the worker may still write to them.
  private var withdrawn: [WorkerOutput] = []
  private var given: [WorkerOutput] { withdrawn + outputs }
  package private(set) var rejection: Rejection?
  /// What showed that the worker lies.
  package private(set) var lie: String?

  package init(
    claims: UploadClaims, fileName: UploadName?, inputBytes: UInt64, limits: Limits, knownFormats: Set<Format>,
    mostRejects: UInt64 = 0, mostTables: Int = 1
  ) {
    self.claims = claims
    containers = ContainerChain(inner: fileName?.inner)
    self.inputBytes = inputBytes
    self.limits = limits
    self.knownFormats = knownFormats
    self.mostRejects = mostRejects
    self.mostTables = mostTables
  }

  /// Whether everything was said that is needed, and each content that is a table has left one.
  package var isComplete: Bool {
    guard lie == nil, phase == .finished, outputsAreFinished, !owesRejects, !containers.owesContent else {
      return false
    }
    let written = Set(outputs.map(\.ordinal))
    return members.indices.allSatisfy { !members[$0].isTable || written.contains($0) }
  }

  /// What all tables together may take: by the input, or by what it expanded to within its cap.
  package var outputBytes: UInt64 {
    let expanded = members.reduce(UInt64(0)) { sum, member in
      let (total, overflowed) = sum.addingReportingOverflow(member.bytes)
      return overflowed ? .max : total
    }
    return limits.outputBytes(forInput: ByteCount(bytes: max(inputBytes, min(expanded, limits.expandedBytes.bytes))))
      .bytes
  }

  /// What all outputs have grown to.
  package func writtenBytes() throws(SystemCallError) -> UInt64 {
    var sum: UInt64 = 0
    for output in given {
      let (total, overflowed) = sum.addingReportingOverflow(try output.size())
      sum = overflowed ? .max : total
    }
    return sum
  }

  /// Takes the next message and answers it.
  ///
  /// - Throws: our own failure to make an output.
  package mutating func receive(
    _ message: WorkerMessage, makeOutput: () throws -> OwnedDescriptor
  ) throws -> WorkerReply {
    guard phase != .finished else { return lied("a message after the last") }
    switch message {
    case .inspected(let content, let verdict): return inspected(content, verdict)
    case .member(let name, let bytes, let content, let verdict): return member(name, bytes, content, verdict)
    case .memberRejected(let rejection): return try memberRejected(rejection)
    case .passedOver(let entries):
      guard phase == .reading, outputsAreFinished, passedOver == 0 else { return lied("entries that are none, twice") }
      passedOver = entries
      return .none
    case .wantsOutput(let role): return try wantsOutput(role, makeOutput)
    case .abandonsOutput: return try abandonsOutput()
    case .columns(let fields):
      guard fields.allSatisfy({ $0.name.utf8.count <= limits.longestColumnName }) else {
        return lied("an endless name")
      }
      guard outputs.last?.role.part != .rejects else { return lied("columns of rejects") }
      let bytes = fields.reduce(0) { $0 + $1.name.utf8.count + MemoryLayout<Field>.size }
      return describe(bytes: bytes) { $0.fields += fields }
    case .batchRows(let rows): return describe(bytes: rows.count * 8) { $0.rows += rows }
    case .batchSizes(let sizes): return describe(bytes: sizes.count * 8) { $0.sizes += sizes }
    case .tableFinished(let findings):
      guard outputs.last?.role.part == .rows else { return lied("the end of another table") }
      guard findings.rejects <= mostRejects else { return lied("too many rejects") }
      return describe(bytes: 4096) { $0.findings = findings }
    case .rejectsFinished:
      guard outputs.last?.role.part == .rejects else { return lied("the end of rejects that nobody asked for") }
      return describe(bytes: 8) { $0.rejectsAreFinished = true }
    case .progress: return phase == .reading ? .none : lied("progress before reading")
    case .rejected(let rejection):
      guard phase == .reading, self.rejection == nil else { return lied("a rejection out of turn") }
      self.rejection = rejection
      return .none
    case .finished:
      guard verdict != nil else { return lied("no verdict") }
      phase = .finished
      return .none
    case .ready, .sealed, .trialEnded: return lied("a second start")
    }
  }

  mutating func lied(_ what: String) -> WorkerReply {
    lie = what
    return .dismiss
  }

  private mutating func inspected(_ content: ContentWitnesses, _ untrusted: Verdict) -> WorkerReply {
    guard phase == .inspection, verdict == nil else { return lied("a second inspection") }
    let verdict = Policy().judge(claims, content)
    guard verdict.agrees(with: untrusted) else { return lied("another verdict on the same witnesses") }
    self.content = content
    self.verdict = verdict
    guard case .accepted(let format) = verdict else { return .none }
    if knownFormats.contains(format) { return .message(.stop) }
    phase = .reading
    containers.open(format)
    return .message(.proceed)
  }

  /// Whether a content may still be refused.
  var isReading: Bool { phase == .reading && rejection == nil }

  /// Whether a content may be reported now: all of the last one's outputs have come.
  var mayReportMember: Bool { phase == .reading && outputsAreFinished && !owesRejects }

  private var outputsAreFinished: Bool { outputs.last?.said.isFinished ?? true }

  /// Whether the last table has rejects that have not come.
  private var owesRejects: Bool { outputs.last?.said.findings.map { $0.rejects > 0 } ?? false }

  private mutating func wantsOutput(
    _ role: OutputRole, _ makeOutput: () throws -> OwnedDescriptor
  ) throws -> WorkerReply {
    if phase == .reading, let output = outputs.last, output.isGivenUp, output.role == role {
      output.giveAgain()
      return .descriptor(.output, output.number)
    }
    guard phase == .reading, outputsAreFinished, case .accepted(let format) = verdict else {
      return lied("an output out of turn")
    }
    let isContainer = format.container != nil
    let ordinal = isContainer ? members.count - 1 : 0
    guard !isContainer || members.last?.isTable == true, nextRoles(ordinal).contains(role) else {
      return lied("an output that no content asks for")
    }
    guard role.part == .rejects || given.count(where: { $0.role.part == .rows }) < limits.mostTables else {
      return lied("endless tables")
    }
    // Together with the limit on one file this bounds what a hostile worker can write.
    guard try writtenBytes() <= outputBytes else { return lied("endless outputs") }
    let output = WorkerOutput(
      try makeOutput(), ordinal: ordinal, role: role, member: isContainer ? members[ordinal].name : nil)
    outputs.append(output)
    return .descriptor(.output, output.number)
  }

  /// What may come next of the content at `ordinal`: its first table, the rejects that a table has, or the next table.
  private func nextRoles(_ ordinal: Int) -> [OutputRole] {
    guard let last = outputs.last, last.ordinal == ordinal else { return [.firstTable] }
    if owesRejects { return [last.role.rejects] }
    let next = last.role.table &+ 1
    return next < mostTables ? [OutputRole(table: next)] : []
  }

  /// Takes back what the last member gave.
  mutating func withdrawOutputs(ofMember ordinal: Int) throws {
    for output in outputs where output.ordinal == ordinal {
      try output.empty()
      withdrawn.append(output)
    }
    outputs.removeAll { $0.ordinal == ordinal }
  }

  /// Throws the current output away, of which nothing was said yet.
  private mutating func abandonsOutput() throws -> WorkerReply {
    guard phase == .reading, let output = outputs.last, output.role.part == .rows, output.said.findings == nil,
      output.said.fields.isEmpty, !output.isGivenUp,
      abandonedOutputs < Self.mostAbandoned * max(given.count, members.count + 1)
    else { return lied("an output given up out of turn") }
    abandonedOutputs += 1
    // The same file again: another one would be one more that the worker can fill.
    try output.empty()
    return .none
  }

  /// Adds to the description of the current output, as far as an honest one may grow.
  private mutating func describe(bytes: Int, _ change: (inout UntrustedOutput) -> Void) -> WorkerReply {
    guard phase == .reading, let output = outputs.last, !output.said.isFinished else {
      return lied("a description out of turn")
    }
    describedBytes += bytes
    guard describedBytes <= Self.mostDescribedBytes else { return lied("endless descriptions") }
    output.update(change)
    let said = output.said
    // Expanded bytes bound the blocks, and each block is one batch; `_extra` is one column more.
    let bytes = max(limits.expandedBytes.bytes, limits.uploadBytes.bytes)
    let block = UInt64(Recipe.blockBytes(columns: said.fields.count))
    // A block of many short records makes more than one, each of at least half as many rows as one may have.
    let batches = bytes / block + 2 + limits.rows / (ArrowLayout.maximumRows / 2)
    let columns = limits.columns + 1
    guard said.fields.count <= columns, UInt64(said.rows.count) <= batches,
      UInt64(said.sizes.count) <= batches * UInt64(said.fields.count + 1)
    else { return lied("an endless description") }
    return .none
  }
}

extension Limits {
  /// A column's name as it is published: it may have been lengthened to be unique.
  package var longestColumnName: Int { headerNameBytes + 32 }
}

extension Verdict {
  /// Whether two verdicts decide the same; texts and positions do not count.
  func agrees(with other: Verdict) -> Bool {
    switch (self, other) {
    case (.accepted(let left), .accepted(let right)): left == right
    case (.rejected(let left), .rejected(let right)): left.code == right.code
    default: false
    }
  }
}
