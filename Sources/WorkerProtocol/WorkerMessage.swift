// SPDX-License-Identifier: Apache-2.0

package import IngestTables
package import Validation

/// What a worker says to the service.
///
/// Everything in it is hostile.
package enum WorkerMessage: Sendable, Hashable {
  /// The longest packet; longer lists are split.
  package static let longestMessage = 60 * 1024
  /// The version of the conversation; service and worker are built together.
  package static let version: UInt32 = 5

  /// Stage one of the confinement is done; waits for a job.
  case ready(version: UInt32, layers: LayerSet)
  /// Stage two is done; waits for the service to verify it.
  case sealed(layers: LayerSet)
  /// The witnesses of the upload itself, with the worker's own verdict on them.
  case inspected(ContentWitnesses, Verdict)
  /// The content inside of a container. `name` is nil for the one content of a compressed file, which may itself be the
  /// last member of an archive. The worker reads it if the verdict accepts it; where that is a container, its contents
  /// follow.
  case member(name: String?, bytes: UInt64, content: ContentWitnesses?, Verdict)
  /// What was accepted as the last member of an archive is refused after all, and its outputs with it.
  case memberRejected(Rejection)
  /// How many entries of an archive are no members: folders, a packer's by-products, and what was not asked for.
  case passedOver(entries: UInt64)
  /// Asks for an output of the last member, or of the upload.
  case wantsOutput(OutputRole)
  /// Gives up what it wrote to its output: the columns are other than it guessed. The service empties the file, and gives
  /// it again when it is asked.
  case abandonsOutput
  /// Columns of the table, in order; repeated for wide tables.
  case columns([Field])
  /// The rows of batches, in order; repeated.
  case batchRows([UInt64])
  /// The variable sizes of all batches, in order (see `BatchShape`); repeated, and cut anywhere.
  case batchSizes([UInt64])
  /// The table is complete.
  case tableFinished(TableFindings)
  /// The rejects of the last table are complete; their columns are known to both sides (`RejectsTable`).
  case rejectsFinished
  /// How far the reading is.
  case progress(bytes: UInt64, records: UInt64)
  /// The content is refused. The reason's text is made by the service.
  case rejected(Rejection)
  /// Everything was said; the worker exits.
  case finished
  /// What came of a trial, where it did not end the worker.
  case trialEnded(TrialResult)

  package var bytes: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .ready(let version, let layers):
      writer.integer(UInt8(1))
      writer.integer(version)
      writer.integer(layers.rawValue)
    case .sealed(let layers):
      writer.integer(UInt8(2))
      writer.integer(layers.rawValue)
    case .inspected(let content, let verdict):
      writer.integer(UInt8(3))
      content.write(to: &writer)
      verdict.write(to: &writer)
    case .member(let name, let bytes, let content, let verdict):
      writer.integer(UInt8(4))
      writer.optional(name?.cutAsName)
      writer.integer(bytes)
      writer.integer(UInt8(content == nil ? 0 : 1))
      content?.write(to: &writer)
      verdict.write(to: &writer)
    case .wantsOutput(let role):
      writer.integer(UInt8(5))
      role.write(to: &writer)
    case .columns(let fields):
      writer.integer(UInt8(6))
      writer.integer(UInt16(truncatingIfNeeded: fields.count))
      for field in fields {
        writer.text(field.name)
        writer.integer(field.type.code)
      }
    case .batchRows(let rows):
      writer.integer(UInt8(7))
      writer.integers(rows)
    case .batchSizes(let sizes):
      writer.integer(UInt8(12))
      writer.integers(sizes)
    case .tableFinished(let findings):
      writer.integer(UInt8(8))
      findings.write(to: &writer)
    case .rejectsFinished: writer.integer(UInt8(15))
    case .progress(let bytes, let records):
      writer.integer(UInt8(9))
      writer.integer(bytes)
      writer.integer(records)
    case .rejected(let rejection):
      writer.integer(UInt8(10))
      rejection.write(to: &writer)
    case .finished: writer.integer(UInt8(11))
    case .passedOver(let entries):
      writer.integer(UInt8(16))
      writer.integer(entries)
    case .memberRejected(let rejection):
      writer.integer(UInt8(17))
      rejection.write(to: &writer)
    case .abandonsOutput: writer.integer(UInt8(14))
    case .trialEnded(.succeeded):
      writer.integer(UInt8(13))
      writer.integer(Int32(0))
    case .trialEnded(.denied(let errno)):
      writer.integer(UInt8(13))
      writer.integer(errno)
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(MalformedMessage) {
    var reader = MessageReader(bytes)
    switch try reader.integer(UInt8.self) {
    case 1: self = .ready(version: try reader.integer(), layers: LayerSet(rawValue: try reader.integer()))
    case 2: self = .sealed(layers: LayerSet(rawValue: try reader.integer()))
    case 3: self = .inspected(try ContentWitnesses(from: &reader), try Verdict(from: &reader))
    case 4:
      let name = try reader.optionalText()
      let bytes: UInt64 = try reader.integer()
      let content = try reader.flag() ? try ContentWitnesses(from: &reader) : nil
      self = .member(name: name, bytes: bytes, content: content, try Verdict(from: &reader))
    case 5: self = .wantsOutput(try OutputRole(from: &reader))
    case 6: self = .columns(try Self.readColumns(&reader))
    case 7: self = .batchRows(try reader.integers())
    case 8: self = .tableFinished(try TableFindings(from: &reader))
    case 9: self = .progress(bytes: try reader.integer(), records: try reader.integer())
    case 10: self = .rejected(try Rejection(from: &reader))
    case 11: self = .finished
    case 12: self = .batchSizes(try reader.integers())
    case 13:
      let errno = try reader.integer(Int32.self)
      self = .trialEnded(errno == 0 ? .succeeded : .denied(errno: errno))
    case 14: self = .abandonsOutput
    case 15: self = .rejectsFinished
    case 16: self = .passedOver(entries: try reader.integer())
    case 17: self = .memberRejected(try Rejection(from: &reader))
    default: throw MalformedMessage()
    }
    try reader.finish()
  }

  private static func readColumns(_ reader: inout MessageReader) throws(MalformedMessage) -> [Field] {
    var fields: [Field] = []
    for _ in 0..<(try reader.integer(UInt16.self)) {
      fields.append(Field(name: try reader.text(), type: try ColumnType(code: try reader.integer())))
    }
    return fields
  }
}

extension ContentWitnesses {
  func write(to writer: inout MessageWriter) {
    writer.text(signature.rawValue)
    writer.text(magicType.description)
    writer.text(magicCharset, limit: 32)
    writer.integer(UInt8(isBlank ? 1 : 0))
    writer.integer(UInt8(wideText == nil ? 0 : 1))
    wideText?.write(to: &writer)
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    let signature: Signature = try reader.value()
    guard let magicType = MediaType(try reader.text()) else { throw MalformedMessage() }
    let charset = try reader.text()
    guard charset.utf8.count <= 32, charset.utf8.allSatisfy(\.isToken) else { throw MalformedMessage() }
    self.init(signature: signature, magicType: magicType, magicCharset: charset, isBlank: try reader.flag())
    if try reader.flag() { wideText = try WideText(from: &reader) }
  }
}

extension WideText {
  func write(to writer: inout MessageWriter) {
    writer.text(encoding.rawValue)
    writer.text(signature.rawValue)
    writer.text(magicType.description)
    writer.integer(UInt8(isBlank ? 1 : 0))
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    let encoding: Encoding = try reader.value()
    let signature: Signature = try reader.value()
    guard let magicType = MediaType(try reader.text()) else { throw MalformedMessage() }
    self.init(encoding: encoding, signature: signature, magicType: magicType, isBlank: try reader.flag())
  }
}

extension Verdict {
  func write(to writer: inout MessageWriter) {
    switch self {
    case .accepted(let format):
      writer.integer(UInt8(1))
      writer.text(format.rawValue)
    case .rejected(let rejection):
      writer.integer(UInt8(0))
      rejection.write(to: &writer)
    }
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    self = try reader.flag() ? .accepted(try reader.value()) : .rejected(try Rejection(from: &reader))
  }
}

extension Rejection {
  func write(to writer: inout MessageWriter) {
    writer.text(code.rawValue)
    for number in [line, column, byteOffset, limit, actual] { writer.optional(number) }
    for text in [expected, example] {
      writer.optional(text.map { $0.utf8.count <= Self.longestExample ? $0 : $0.cut(toBytes: Self.longestExample) })
    }
    writer.optional(violation?.rawValue)
    writer.integers(Array(tableLines.prefix(Dialect.mostTables)))
    writer.optional(jsonProblem?.rawValue)
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    self.init(try reader.value())
    line = try reader.optionalInteger()
    column = try reader.optionalInteger()
    byteOffset = try reader.optionalInteger()
    limit = try reader.optionalInteger()
    actual = try reader.optionalInteger()
    expected = try Self.expectation(&reader)
    example = try Self.text(&reader)
    if let text = try reader.optionalText() {
      guard let code = RejectCode(rawValue: text) else { throw MalformedMessage() }
      violation = code
    }
    tableLines = try reader.integers()
    guard tableLines.count <= Dialect.mostTables else { throw MalformedMessage() }
    if let text = try reader.optionalText() {
      guard let problem = JSONProblem(rawValue: text) else { throw MalformedMessage() }
      jsonProblem = problem
    }
  }

  private static func text(_ reader: inout MessageReader) throws(MalformedMessage) -> String? {
    guard let text = try reader.optionalText() else { return nil }
    guard text.utf8.count <= longestExample else { throw MalformedMessage() }
    return text
  }

  /// The name of a type or of an encoding, so that a worker cannot say anything else there.
  private static func expectation(_ reader: inout MessageReader) throws(MalformedMessage) -> String? {
    guard let text = try text(&reader) else { return nil }
    guard RequestedType(text)?.name == text || TextEncoding(rawValue: text) != nil else { throw MalformedMessage() }
    return text
  }
}
