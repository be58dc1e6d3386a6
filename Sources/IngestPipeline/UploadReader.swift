// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FileDescriptors
import Foundation
import Glibc
import IngestTables
package import Logging
package import Sandbox
import Store
import Synchronization
package import UploadVerification
package import Validation
package import WorkerProtocol

/// How far a worker is.
package struct ReadProgress: Sendable, Hashable {
  package var bytes: UInt64
  package var totalBytes: UInt64
  package var records: UInt64

  package init(bytes: UInt64, totalBytes: UInt64, records: UInt64) {
    self.bytes = bytes
    self.totalBytes = totalBytes
    self.records = records
  }
}

/// A table that a reading gave, with its identity.
package struct ReadTable: Sendable {
  /// The archive entry that it comes from.
  package var ordinal: Int
  /// Its number within that entry, from 0.
  package var number: UInt16
  package var member: String?
  package var id: String
  package var table: VerifiedTable
  /// The records that it rejected; nil where there are none.
  package var rejects: ReadRejects?

  /// Its place among all tables of the upload, as the catalog counts them: that of the entry for the entry's first
  /// table, and far behind all entries for the next ones.
  package var place: Int { Int(number) << 32 | ordinal }

  /// The number of a table within its entry, from 1, by its place.
  static func number(ofPlace place: Int) -> Int { (place >> 32) + 1 }
}

/// The rejects of a table that a reading gave, with their identity.
package struct ReadRejects: Sendable {
  package var id: String
  package var table: VerifiedRejects
}

/// What became of one upload, before anything is published.
package struct ReadOutcome: Sendable {
  package var verdict: Verdict
  package var content: ContentWitnesses?
  package var members: [MemberFinding]
  /// Entries of an archive that are no members.
  package var passedOver: UInt64 = 0
  /// Verified tables; none where the file was refused or its reading is known.
  package var tables: [ReadTable]
  /// The reading's identity, once the format is known.
  package var derivation: Derivation?
  /// Whether the reading was known, so that nothing was read.
  package var isKnown: Bool
  /// nil where no worker was needed to refuse the file.
  package var level: SandboxLevel?
  /// The worker's largest private memory that was seen, in bytes.
  package var workerBytes: UInt64
  /// What the open tables take of the budget, for as long as they are open.
  fileprivate var share: OutputShare?
}

/// Takes an upload from its bytes to verified tables: the straight line of DESIGN section 2 up to publishing.
package struct UploadReader: Sendable {
  package let limits: Limits
  package let workers: WorkerPool
  /// How many uploads are read at the same time.
  package var places: Int { workers.settings.concurrent }
  private let workspace: Workspace
  private let scratches: BlankScratches
  private let outputs = OutputBudget.halfOfDescriptors()
  private let logger: Logger

  package init(limits: Limits, workers: WorkerPool, workspace: Workspace, logger: Logger) {
    self.limits = limits
    self.workers = workers
    self.workspace = workspace
    scratches = BlankScratches(most: workers.settings.concurrent, make: workspace.makeScratch)
    self.logger = logger
  }

  /// Judges, reads and verifies one upload in a worker of its own.
  ///
  /// - Throws: our own failures only: `SandboxError`, or what the machine refuses.
  package func read(
    _ source: UploadSource, _ request: Request, progress: @escaping @Sendable (ReadProgress) -> Void = { _ in }
  ) async throws -> ReadOutcome {
    if let rejection = Policy().judge(request.claims) { return refused(rejection) }
    if source.bytes == 0 { return refused(Rejection(.empty)) }
    let start = ContinuousClock.now
    do {
      let outcome = try await readInWorker(source, request, progress: progress)
      PipelineMetrics.workerEnded(.success(outcome.verdict), after: .now - start)
      return outcome
    } catch {
      PipelineMetrics.workerEnded(.failure(error), after: .now - start)
      throw error
    }
  }

  private func readInWorker(
    _ source: UploadSource, _ request: Request, progress: @escaping @Sendable (ReadProgress) -> Void
  ) async throws -> ReadOutcome {
    let scratch = try scratches.take()
    defer { scratches.giveBack(scratch) }
    let conversation = SharedConversation(
      UploadConversation(
        claims: request.claims, fileName: request.name, inputBytes: source.bytes, limits: limits,
        knownFormats: request.knownFormats, mostRejects: request.options.maxRejects,
        mostTables: request.options.dialect.mostTables))
    let share = OutputShare(of: outputs)
    let makeOutput: @Sendable () throws -> OwnedDescriptor = { [workspace] in
      try share.take()
      return try workspace.makeOutput()
    }
    let writeBack = workspace.isDurable ? WriteBack() : nil
    let report = try await workers.run(assignment(source, request, scratch.descriptor)) { message in
      switch message {
      // The first word: whoever waits learns that a worker has begun.
      case .inspected: progress(ReadProgress(bytes: 0, totalBytes: source.bytes, records: 0))
      case .progress(let bytes, let records):
        progress(ReadProgress(bytes: bytes, totalBytes: source.bytes, records: records))
        if conversation.reads(anyOf: request.settled) { return .end }
        if let output = conversation.state.withLock({ $0.outputs.last }) {
          writeBack?.advance(output, by: Self.share(bytes, of: source.bytes))
        }
      default: break
      }
      return try conversation.state.withLock { try $0.receive(message, makeOutput: makeOutput) }
    }
    if let output = conversation.state.withLock({ $0.outputs.last }) { writeBack?.complete(output) }
    let hash = try await hash(of: source)
    var outcome = try await Self.blocking {
      let outcome = try judge(source, hash, request, conversation.state.withLock { $0 }, report)
      try StoreError.mapping { () throws(SystemCallError) in try writeBack?.finish() }
      return outcome
    }
    outcome.share = share
    return outcome
  }

  /// How much of the input an output shows that is at least a block ahead of what was told.
  private static func share(_ bytes: UInt64, of all: UInt64) -> Double {
    min(1, (Double(bytes) + Double(Recipe.blockBytes)) / Double(max(1, all)))
  }

  /// nil where the file became shorter meanwhile.
  private func hash(of source: UploadSource) async throws -> ContentHash? {
    do { return try await source.hash() } catch is Rejection { return nil }
  }

  private func refused(_ rejection: Rejection) -> ReadOutcome {
    ReadOutcome(
      verdict: .rejected(rejection), content: nil, members: [], tables: [], derivation: nil, isKnown: false, level: nil,
      workerBytes: 0)
  }

  private func assignment(
    _ source: UploadSource, _ request: Request, _ scratch: borrowing OwnedDescriptor
  ) -> WorkerAssignment {
    let input = ByteCount(bytes: source.bytes)
    let wallTime = limits.workerWallTime(forInput: input)
    let memory = limits.workerMemory(forInput: input)
    let budget = JobBudget(
      // A scratch that is mapped for reading is address space, but no memory of the worker's own.
      addressSpaceBytes: limits.expandedBytes.scaled(by: 1, plus: memory).bytes, dataBytes: memory.bytes,
      fileBytes: fileBytes(source, request.claims),
      cpuSeconds: UInt64(clamping: wallTime.components.seconds), threads: threads(source, request.claims))
    let job = Job(
      claims: request.claims, fileName: request.name?.display, inputBytes: source.bytes, options: request.options,
      limits: ReadLimits(limits), budget: budget)
    return WorkerAssignment(
      job: job, input: source.descriptor.rawValue, scratch: scratch.rawValue, wallTime: wallTime)
  }

  /// The most threads that read one table.
  private static let mostThreads = 4

  /// The threads that are worth starting: a small table is read by one, and a container can hold a large one.
  private func threads(_ source: UploadSource, _ claims: UploadClaims) -> UInt8 {
    let isText = claims.extension.flatMap { Family(extension: $0) } == .delimitedText
    guard source.bytes >= (isText ? 2 * UInt64(Recipe.blockBytes) : 256 << 10) else { return 1 }
    return UInt8(clamping: min(ProcessInfo.processInfo.activeProcessorCount, Self.mostThreads))
  }

  /// The longest file that the worker may write: an output, or the scratch where the file may be a container.
  private func fileBytes(_ source: UploadSource, _ claims: UploadClaims) -> UInt64 {
    let output = limits.outputBytes(forInput: ByteCount(bytes: source.bytes))
    let claimed = claims.extension.flatMap { Family(extension: $0) }
    return (claimed == .delimitedText ? output : max(output, limits.expandedBytes)).bytes
  }

  /// The verdict, once the worker has ended; then the outputs' verification.
  ///
  /// Blocks for as long as the disk takes.
  private func judge(
    _ source: UploadSource, _ hash: ContentHash?, _ request: Request, _ conversation: UploadConversation,
    _ report: WorkerReport
  ) throws -> ReadOutcome {
    // A hostile worker that claims this gets no verdict, and nothing else.
    guard report.end != .diskFull else { throw StoreError.diskFull }
    guard report.end != .storageFailed else { throw StoreError.io(SystemCallError(call: "write", errno: EIO)) }
    var outcome = ReadOutcome(
      verdict: conversation.verdict ?? .rejected(Rejection(.workerCrashed)), content: conversation.content,
      members: conversation.members, tables: [], derivation: nil, isKnown: false, level: report.level,
      workerBytes: report.peakPrivateBytes)
    outcome.passedOver = conversation.passedOver
    guard let hash, source.isUnchanged else {
      outcome.verdict = .rejected(Rejection(.sourceChanged))
      return outcome
    }
    if report.end == .unneeded, case .accepted(let format) = outcome.verdict {
      outcome.derivation = Derivation(content: hash, format: format, options: request.options)
      outcome.isKnown = true
    } else if let lie = conversation.lie {
      outcome.verdict = lied(lie)
    } else if let code = report.end.rejection {
      outcome.verdict = ended(report.end, code)
    } else if let rejection = conversation.rejection {
      outcome.verdict = .rejected(rejection)
    } else if !conversation.isComplete {
      outcome.verdict = lied("the worker stopped in the middle")
    } else if case .accepted(let format) = outcome.verdict {
      try accept(format, hash, request, conversation, &outcome)
    }
    return outcome
  }

  private func accept(
    _ format: Format, _ hash: ContentHash, _ request: Request, _ conversation: UploadConversation,
    _ outcome: inout ReadOutcome
  ) throws {
    let derivation = Derivation(content: hash, format: format, options: request.options)
    outcome.derivation = derivation
    outcome.isKnown = request.knownFormats.contains(format) || request.settled?.contains(format) == true
    guard !outcome.isKnown else { return }
    guard !conversation.outputs.isEmpty else {
      outcome.verdict = .rejected(notATable(conversation.members))
      return
    }
    // Before a byte is verified: sparse files could keep the service reading for hours.
    let cap = conversation.outputBytes
    let written = try conversation.writtenBytes()
    guard written <= cap else {
      outcome.verdict = .rejected(Rejection(.outputTooLarge, limit: cap, actual: written))
      return
    }
    var tables = ReadTables(
      derivation: derivation,
      verifier: OutputVerifier(nameBytes: limits.longestColumnName), left: cap)
    do {
      for output in conversation.outputs { try tables.add(output) }
      outcome.tables = tables.tables
    } catch let fault as OutputFault {
      outcome.verdict = lied("\(fault)")
    }
  }

  /// A container without a table: the refusal of its one content, or of the archive.
  private func notATable(_ members: [MemberFinding]) -> Rejection {
    if members.count == 1, members[0].name == nil, case .rejected(let rejection) = members[0].verdict {
      return rejection
    }
    return Rejection(.archiveNoTable)
  }

  /// What no honest worker does is an alarm, whether a message or the kernel tells of it.
  private func ended(_ end: WorkerEnd, _ code: Rejection.Code) -> Verdict {
    switch code {
    case .workerLied: return lied("\(end)")
    case .workerViolation: logger.critical("a worker made a forbidden system call")
    default: break
    }
    return .rejected(Rejection(code))
  }

  private func lied(_ what: String) -> Verdict {
    logger.critical("a worker lied", metadata: ["what": "\(what)"])
    return .rejected(Rejection(.workerLied))
  }

  /// Waits for the disk on a thread of its own, not on one of the few that run tasks.
  private static func blocking<Answer: Sendable>(
    _ work: @escaping @Sendable () throws -> Answer
  ) async throws -> Answer {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Answer, any Error>) in
      DispatchQueue(label: "ingest.disk").async { continuation.resume(with: Result { try work() }) }
    }
  }
}

/// A conversation that the worker's thread holds while its task waits.
private final class SharedConversation: Sendable {
  let state: Mutex<UploadConversation>

  init(_ conversation: UploadConversation) { state = Mutex(conversation) }

  /// Whether the upload is of a format that needs no reading any more.
  func reads(anyOf settled: SettledFormats?) -> Bool {
    guard let settled, case .accepted(let format)? = state.withLock({ $0.verdict }) else { return false }
    return settled.contains(format)
  }
}
