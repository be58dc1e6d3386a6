// SPDX-License-Identifier: Apache-2.0

package import Validation

/// How a file is to be read; part of a table's identity.
public struct ReadOptions: Sendable, Hashable {
  /// Whether the first record names the columns.
  public enum Header: String, Sendable, CaseIterable {
    /// The reader decides, and reports an undecidable one as assumed.
    case auto
    case always
    case never
  }

  /// Whether the first record names the columns.
  public var header: Header
  /// Every cell as it stands, each record with as many cells as it has; nothing is typed.
  public var isVerbatim: Bool
  /// What is known of the cells beforehand.
  public var cells = CellOptions()
  /// What the sender states of the dialect and the structure.
  public var dialect = DialectOptions()
  /// Whether a record must have as many cells as the header, and its quotes where they belong.
  public var isStrict = false
  /// How many records may be rejected; one more refuses the file.
  public var maxRejects: UInt64 = 0
  /// Which members of an archive are read; all where nothing is said.
  public var member: MemberPattern?

  /// The most records that can be asked for: a worker keeps a place of each in memory.
  public static let mostRejects: UInt64 = 1_000_000

  /// The default reading: header detected, types inferred.
  public init(header: Header = .auto, isVerbatim: Bool = false) {
    self.header = header
    self.isVerbatim = isVerbatim
  }

  /// The options that differ from the default, in one spelling: `header=never;verbatim=true`.
  package var canonical: String {
    var parts: [String] = []
    if header != .auto { parts.append("header=\(header.rawValue)") }
    if isVerbatim { parts.append("verbatim=true") }
    if isStrict { parts.append("strict=true") }
    if maxRejects > 0 { parts.append("max_rejects=\(maxRejects)") }
    if let member { parts.append("member=\(member.text.utf8.count):\(member.text)") }
    parts += cells.canonicalParts
    parts += dialect.canonical
    return parts.joined(separator: ";")
  }
}

/// The caps that a reader keeps.
///
/// The worker's own resource limits stand beside them.
package struct ReadLimits: Sendable, Hashable {
  package var columns: UInt64
  package var rows: UInt64
  package var recordBytes: UInt64
  package var cellBytes: UInt64
  package var headerNameBytes: UInt64
  package var jsonDepth: UInt64
  package var expandedBytes: UInt64
  package var compressionRatio: UInt64
  package var ratioFloor: UInt64
  package var archiveEntries: UInt64
  package var outputBase: UInt64
  package var outputFactor: UInt64
  package var fileNameBytes: UInt64

  package init(_ limits: Limits) {
    columns = UInt64(clamping: limits.columns)
    rows = limits.rows
    recordBytes = limits.recordBytes.bytes
    cellBytes = limits.cellBytes.bytes
    headerNameBytes = UInt64(clamping: limits.headerNameBytes)
    jsonDepth = UInt64(clamping: limits.jsonDepth)
    expandedBytes = limits.expandedBytes.bytes
    compressionRatio = limits.compressionRatio
    ratioFloor = limits.ratioFloor.bytes
    archiveEntries = UInt64(clamping: limits.archiveEntries)
    outputBase = limits.outputBase.bytes
    outputFactor = limits.outputFactor
    fileNameBytes = UInt64(clamping: limits.fileNameBytes)
  }

  fileprivate static let members: [any WritableKeyPath<ReadLimits, UInt64> & Sendable] = [
    \.columns, \.rows, \.recordBytes, \.cellBytes, \.headerNameBytes, \.expandedBytes, \.compressionRatio, \.ratioFloor,
    \.archiveEntries, \.outputBase, \.outputFactor, \.fileNameBytes, \.jsonDepth,
  ]
}

/// What a worker may use of the machine: its hard resource limits.
package struct JobBudget: Sendable, Hashable {
  /// Everything that it maps, the input and the scratch included.
  package var addressSpaceBytes: UInt64
  /// Private writable memory.
  package var dataBytes: UInt64
  /// The longest file that it may write.
  package var fileBytes: UInt64
  package var cpuSeconds: UInt64
  /// The threads that read one table together.
  package var threads: UInt8

  package init(addressSpaceBytes: UInt64, dataBytes: UInt64, fileBytes: UInt64, cpuSeconds: UInt64, threads: UInt8 = 1)
  {
    self.addressSpaceBytes = addressSpaceBytes
    self.dataBytes = dataBytes
    self.fileBytes = fileBytes
    self.cpuSeconds = cpuSeconds
    self.threads = threads
  }
}

/// One upload for one worker.
///
/// The input and the scratch travel beside it as descriptors, in this order.
package struct Job: Sendable, Hashable {
  package var claims: UploadClaims
  /// The checked display name; its stem names what a compressed file holds.
  package var fileName: String?
  package var inputBytes: UInt64
  package var options: ReadOptions
  package var limits: ReadLimits
  package var budget: JobBudget

  package init(
    claims: UploadClaims, fileName: String?, inputBytes: UInt64, options: ReadOptions, limits: ReadLimits,
    budget: JobBudget
  ) {
    self.claims = claims
    self.fileName = fileName
    self.inputBytes = inputBytes
    self.options = options
    self.limits = limits
    self.budget = budget
  }
}

extension Job {
  func write(to writer: inout MessageWriter) {
    writer.optional(claims.extension)
    writer.optional(claims.declaredType?.description)
    writer.optional(claims.forcedFormat?.rawValue)
    writer.optional(fileName)
    writer.integer(inputBytes)
    writer.text(options.header.rawValue)
    writer.integer(UInt8(options.isVerbatim ? 1 : 0))
    writer.integer(UInt8(options.isStrict ? 1 : 0))
    writer.integer(options.maxRejects)
    writer.optional(options.member?.text)
    options.cells.write(to: &writer)
    options.dialect.write(to: &writer)
    for member in ReadLimits.members { writer.integer(limits[keyPath: member]) }
    writer.integer(budget.addressSpaceBytes)
    writer.integer(budget.dataBytes)
    writer.integer(budget.fileBytes)
    writer.integer(budget.cpuSeconds)
    writer.integer(budget.threads)
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    var claims = UploadClaims(extension: try reader.optionalText())
    if let declared = try reader.optionalText() {
      guard let type = MediaType(declared) else { throw MalformedMessage() }
      claims.declaredType = type
    }
    if let forced = try reader.optionalText() {
      guard let format = Format(rawValue: forced) else { throw MalformedMessage() }
      claims.forcedFormat = format
    }
    let fileName = try reader.optionalText()
    let inputBytes: UInt64 = try reader.integer()
    var options = ReadOptions(header: try reader.value(), isVerbatim: try reader.flag())
    options.isStrict = try reader.flag()
    options.maxRejects = try reader.integer()
    guard options.maxRejects <= ReadOptions.mostRejects else { throw MalformedMessage() }
    if let text = try reader.optionalText() {
      guard let member = MemberPattern(text) else { throw MalformedMessage() }
      options.member = member
    }
    options.cells = try CellOptions(from: &reader)
    options.dialect = try DialectOptions(from: &reader)
    var limits = ReadLimits(Limits())
    for member in ReadLimits.members { limits[keyPath: member] = try reader.integer() }
    self.init(
      claims: claims, fileName: fileName, inputBytes: inputBytes, options: options, limits: limits,
      budget: JobBudget(
        addressSpaceBytes: try reader.integer(), dataBytes: try reader.integer(), fileBytes: try reader.integer(),
        cpuSeconds: try reader.integer(), threads: try reader.integer()))
  }
}
