// SPDX-License-Identifier: Apache-2.0

import Caching
import Catalog
package import Logging
package import Sandbox
package import Store
import Synchronization
package import Telemetry
package import Validation
import WorkerProtocol

/// What a client says about one upload.
///
/// Nothing of it is checked yet.
package struct UploadRequest: Sendable {
  /// The upload's own id, known before anything is decided; each request makes a new one.
  package let id = String.randomUploadID()
  /// The digits of an id.
  package static let idDigits = 32
  /// The bytes of the client's name for the file.
  package var fileName: [UInt8]?
  package var declaredType: String?
  /// The reader that the client asks for.
  package var format: String?
  /// `auto`, `always` or `never`.
  package var header: String?
  /// What the cells are said to be.
  package var cells = CellWishes()
  /// What becomes of records that are not as they should be.
  package var rejects = RejectWishes()
  /// Which members of an archive are read, by a pattern.
  package var member: String?
  /// What the client states of the dialect, by the names in `dialectFields`.
  package var dialect: [String: String] = [:]
  package static let dialectFields = DialectOptions.Key.allCases.map(\.rawValue)
  /// The wished name of the table; of a table, where the upload holds one.
  package var tableName: String?
  /// Whether that name was made from the file's, so that the number of a further table of the text ends it.
  package var isNameOfFile = false
  /// Whether an existing name is refused rather than given a new version.
  package var onlyCreate = false
  /// Whether a file that is read where it lies is kept too; what was received is, as far as the limits allow.
  package var keepsOriginal = false
  package var principal = Self.localPrincipal
  /// Who asks, as long as nobody is told from another.
  package static let localPrincipal = "local"
  /// Within whom readings are reused and crashes remembered.
  var scope: String { principal }

  package init() {}
}

/// What stops an upload beside its content, and is neither its fault nor ours.
package enum PipelineFailure: Error, Hashable, Sendable {
  /// As many uploads wait as may.
  case busy
  /// The name belongs to another principal.
  case nameTaken(String)
  /// The name exists, and only a new one was wanted.
  case nameExists(String)
  /// A newer version of the name was published meanwhile.
  case versionChanged(String)
  /// Deleted versions of the name are still kept.
  case nameRetained(String)
  /// The change was bound to a version that is not in place; this one is, or none.
  case conditionFailed(actual: Int?)
  /// Too many of the sender's uploads crashed their workers lately; some of that is forgotten after this time.
  case crashBudgetExhausted(retryAfter: Duration)
  /// The request contradicts itself; the text says how and holds nothing of the client's.
  case invalidRequest(String)
}

/// Judges, reads, verifies and publishes uploads into one store: the whole way of DESIGN section 2.
package struct Ingestor: Sendable {
  package let limits: Limits
  package let store: TableStore
  package let reader: UploadReader
  package let shared = SharedWork()
  let uses = UseRecorder()
  package let accesses = AccessTally()
  let evicted = EvictedFiles()
  private let spoolBudget: SpoolBudget
  let logger: Logger

  package init(limits: Limits, store: TableStore, workers: WorkerPool, logger: Logger) {
    self.limits = limits
    self.store = store
    self.logger = logger
    spoolBudget = SpoolBudget(limit: limits.memorySpoolBudget)
    reader = UploadReader(limits: limits, workers: workers, workspace: Workspace(store), logger: logger)
  }

  /// A spool for bytes that are about to come.
  package func makeSpool() throws -> SpoolWriter {
    SpoolWriter(limits: limits, budget: spoolBudget, makesNamable: true) { [store] in try store.makeScratchFile() }
  }

  /// Judges what is known before a body is read.
  package func judgeClaims(_ request: UploadRequest) -> Rejection? {
    switch check(request) {
    case .failure(let rejection): rejection
    case .success(let checked): Policy().judge(checked.claims)
    }
  }

  /// What is looked up for a scrape.
  package var metricReadings: [MetricReading] {
    PipelineMetrics.readings(reader.workers.activity(), spoolBytes: spoolBudget.usedBytes) + shared.metricReadings
      + PipelineMetrics.readings(store.catalog.commitActivity)
  }

  /// Judges, reads, verifies and publishes an upload, or records why it is refused.
  ///
  /// - Throws: `PipelineFailure`, or our own failure; nothing is published then.
  package func publish(
    _ source: UploadSource, _ request: UploadRequest, progress: @escaping @Sendable (ReadProgress) -> Void = { _ in }
  ) async throws -> UploadAnswer {
    // What takes long is no reason for others to wait.
    let coming = source.bytes <= Self.briefBytes ? store.catalog.expectDecision() : nil
    defer { withExtendedLifetime(coming) {} }
    return try await decide(source, request) { try await publishOnce(source, request, progress) }
  }

  /// What is read within milliseconds.
  private static let briefBytes: UInt64 = 1 << 20

  /// Publishes or refuses an upload, alone of those that have the same content and options at this time; the others wait,
  /// and are then judged over what is known.
  ///
  /// They wait for one reading only: where that gave no table, each is read.
  private func publishOnce(
    _ source: UploadSource, _ request: UploadRequest, _ progress: @escaping @Sendable (ReadProgress) -> Void
  ) async throws -> UploadAnswer {
    guard let content = source.knownHash else { return try await publishOrRefuse(source, request, progress) }
    let options = try Self.options(request).canonical
    let own = OwnAnswer()
    let key = SharedWork.ReadingKey(scope: request.scope, content: content, options: options)
    _ = try await shared.readings.value(for: key) { [self] in
      do { own.set(.success(try await publishOrRefuse(source, request, progress))) } catch { own.set(.failure(error)) }
    }
    if let answer = own.get() { return try answer.get() }
    return try await publishOrRefuse(source, request, progress)
  }

  private func publishOrRefuse(
    _ source: UploadSource, _ request: UploadRequest, _ progress: @escaping @Sendable (ReadProgress) -> Void
  ) async throws -> UploadAnswer {
    do {
      return try await decideOnce(source, request, progress)
    } catch StoreError.notFound {
      // The tables that were known have made room for others meanwhile, so that they are not known any more.
      return try await decideOnce(source, request, progress)
    }
  }

  private func decideOnce(
    _ source: UploadSource, _ request: UploadRequest, _ progress: @escaping @Sendable (ReadProgress) -> Void
  ) async throws -> UploadAnswer {
    let options = try Self.options(request)
    let wished = try Self.wishedName(request)
    var record = makeRecord(source, request, options)
    var reading: UploadReader.Request
    switch check(request, options: options) {
    case .failure(let rejection):
      record.contentHash = try await source.hash().description
      return try await refuse(record, rejection, Report.empty)
    case .success(let checked): reading = checked
    }
    record.displayName = reading.name?.display
    let settled = SettledFormats()
    reading.settled = settled
    let (principal, scope) = (request.principal, request.scope)
    async let later = priorKnowledge(of: source, options, principal: principal, scope: scope, settled: settled)
    // Only of a large file in place is it not known yet what it is; its worker need not wait for that.
    if source.knownHash != nil {
      let knowledge = try await later
      if let rejection = knowledge.rejection {
        record.contentHash = knowledge.content.description
        return try await refuse(record, rejection, Report.empty)
      }
      reading.knownFormats = Set(knowledge.readings.keys)
    }
    var outcome = try await read(source, reading, progress)
    let knowledge = try await later
    outcome.discardTables(ofAnyIn: knowledge)
    record.contentHash = knowledge.content.description
    record.sandboxLevel = outcome.level?.rawValue ?? ""
    var report = Report(outcome)
    if let rejection = knowledge.rejection { return try await refuse(record, rejection, report) }
    switch outcome.verdict {
    case .rejected(let rejection): return try await refuse(record, rejection, report)
    case .accepted(let format):
      PipelineMetrics.accepted(isKnown: outcome.isKnown)
      if outcome.isKnown { report.tables = try await lookup.tablesAsRead(outcome.derivation, scope: scope) }
      record.format = format.rawValue
      record.derivation = outcome.derivation?.id
      let outputs =
        outcome.isKnown
        ? knowledge.readings[format] ?? [] : try zip(outcome.tables, report.tables).map { try Self.output($0, $1) }
      let isNumbered = wished == nil || request.isNameOfFile
      let names = Self.names(
        outputs, wished: wished, fileName: record.displayName, table: isNumbered ? options.dialect.tableNumber ?? 1 : 1)
      let original = originalToPublish(of: source, knowledge.content, request, known: knowledge.original)
      let answer = try await publish(
        outcome, record, outputs, names: names, report, onlyCreate: request.onlyCreate, keeping: original)
      if answer.rejection == nil { source.isKeepingSettled.store(true, ordering: .releasing) }
      return answer
    }
  }

  func read(
    _ source: UploadSource, _ request: UploadReader.Request, _ progress: @escaping @Sendable (ReadProgress) -> Void
  ) async throws -> ReadOutcome {
    do {
      return try await reader.read(source, request, progress: progress)
    } catch SandboxError.busy { throw PipelineFailure.busy }
  }

  func check(
    _ request: UploadRequest, options: ReadOptions = ReadOptions()
  ) -> Result<UploadReader.Request, Rejection> {
    UploadReader.Request.check(
      fileName: request.fileName, declaredType: request.declaredType, format: request.format.flatMap(Format.init),
      options: options, limits: limits)
  }

  /// Refuses a request that contradicts itself, and a sender whose uploads crash workers, before an answer is promised.
  ///
  /// - Throws: `PipelineFailure`, or our own failure.
  package func checkRequest(_ request: UploadRequest, for source: UploadSource) async throws {
    _ = try Self.options(request)
    _ = try Self.wishedName(request)
    // A content that is known to be bad is refused, and recorded, in its turn.
    _ = try await judgeCrashes(of: source.hash(), principal: request.principal, scope: request.scope)
  }

  static func options(_ request: UploadRequest) throws(PipelineFailure) -> ReadOptions {
    if let format = request.format, Format(rawValue: format) == nil {
      throw .invalidRequest("format must be one of \(Format.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var options = ReadOptions()
    options.cells = try request.cells.options()
    if let text = request.header {
      guard let header = ReadOptions.Header(rawValue: text) else {
        throw .invalidRequest("header must be auto, always or never")
      }
      options.header = header
    }
    try request.rejects.apply(to: &options)
    if let text = request.member {
      guard let member = MemberPattern(text) else {
        throw .invalidRequest("member must have 1 to \(MemberPattern.longest) bytes and no control character")
      }
      options.member = member
    }
    for key in DialectOptions.Key.allCases {
      guard let text = request.dialect[key.rawValue] else { continue }
      do { try options.dialect.set(key, to: text) } catch { throw .invalidRequest(error.message) }
    }
    return options
  }

  private static func wishedName(_ request: UploadRequest) throws(PipelineFailure) -> TableName? {
    guard let text = request.tableName else { return nil }
    guard let name = TableName(exactly: text) else {
      throw .invalidRequest("a table's name has 1 to 100 letters, digits, _ or -")
    }
    return name
  }

  /// The upload's row, still without the hash of its content.
  func makeRecord(_ source: UploadSource, _ request: UploadRequest, _ options: ReadOptions) -> UploadRecord {
    UploadRecord(
      id: request.id, receivedAt: .nowInMicroseconds, principal: request.principal, scope: request.scope,
      declaredType: request.declaredType.flatMap { MediaType($0)?.description }, contentHash: "",
      bytes: source.bytes, sandboxLevel: "", options: options.canonical, report: "{}")
  }
}
