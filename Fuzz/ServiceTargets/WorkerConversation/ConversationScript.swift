// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import IngestTables
import IngestTesting
import UploadVerification
import Validation
import WorkerProtocol

/// A fuzzer's bytes as the deeds of a worker.
///
/// Some messages are raw bytes. Others are built with the verdict that an honest worker would reach, as a state machine
/// is seldom got through by chance.
struct ConversationScript {
  enum Step {
    case message(WorkerMessage)
    /// Bytes for the last output.
    case write([UInt8], at: UInt64)
    /// A packet that is no message, which ends the run.
    case malformed
  }

  let limits: Limits
  /// Before any message.
  let conversation: UploadConversation
  private let claims: UploadClaims
  private let fileName: UploadName?
  private var input: FuzzInput
  /// More than any honest conversation of a few kilobytes.
  private var steps = 4_096

  private static let extensions = [nil, "csv", "gz", "zip", "txt", "json", "xlsx", "exe", "tsv", ""]
  private static let types = [
    nil, "text/csv", "application/zip", "application/gzip", "text/plain", "application/octet-stream", "image/png",
  ]
  private static let magicTypes = [
    "text/plain", "text/csv", "application/json", "application/zip", "application/gzip", "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream",
  ]
  private static let names = [
    "a.csv", "b.csv.gz", "c.zip", "d", "dir/e.tsv", "../f.csv", "g.exe", "h.json", "i\u{202E}.csv", "",
  ]

  init(_ input: FuzzInput) {
    var input = input
    var limits = Limits()
    if input.flag() {
      limits.archiveEntries = 2
      limits.columns = 3
      limits.uploadBytes = ByteCount(bytes: 1_000)
      limits.expandedBytes = ByteCount(bytes: 1_000)
      limits.outputBase = ByteCount(bytes: 4_096)
    }
    var claims = UploadClaims(extension: input.element(of: Self.extensions))
    claims.declaredType = input.element(of: Self.types).flatMap { MediaType($0) }
    claims.forcedFormat = input.element(of: [nil, nil, nil, .csv, .gzip, .zip, .tar, .zstd])
    let name = input.flag() ? input.element(of: Self.names) : "sales.csv.gz"
    let fileName = try? UploadName.check(name.utf8, limits: limits).get()
    let known: [Format] = input.byte() & 0x80 == 0 ? [] : Format.allCases
    let size = input.element(of: [UInt64(100), 0, 1 << 30, .max])
    conversation = UploadConversation(
      claims: claims, fileName: fileName, inputBytes: size, limits: limits, knownFormats: Set(known), mostRejects: 2)
    self.limits = limits
    self.claims = claims
    self.fileName = fileName
    self.input = input
  }

  /// The next deed, with the state of the conversation as far as a worker can know it; nil at the end.
  mutating func next(_ conversation: UploadConversation) -> Step? {
    guard !input.isEmpty, steps > 0 else { return nil }
    steps -= 1
    switch input.choice(19) {
    case 0: return (try? WorkerMessage(input.block())).map(Step.message) ?? .malformed
    case 1:
      let content = witnesses()
      return .message(.inspected(content, Policy().judge(claims, content)))
    case 2: return .message(member(conversation))
    case 3: return .message(.wantsOutput(.firstTable))
    case 4: return .message(.columns(fields()))
    case 5: return .message(.batchRows((0..<input.choice(8)).map { _ in number() }))
    case 6: return .message(.batchSizes((0..<input.choice(8)).map { _ in number() }))
    case 7: return .message(.tableFinished(findings(conversation)))
    case 8: return .message(.progress(bytes: number(), records: number()))
    case 9: return .message(.rejected(Rejection(input.element(of: Rejection.Code.allCases))))
    case 10: return .message(.finished)
    case 11: return .message(endless())
    case 12: return .write(input.bytes(input.choice(256)), at: UInt64(input.integer(UInt16.self)))
    case 14: return .message(.wantsOutput(OutputRole.firstTable.rejects))
    case 15: return .message(.rejectsFinished)
    case 16: return .message(.abandonsOutput)
    case 17: return .message(.passedOver(entries: number()))
    case 18:
      let codes = Rejection.Code.allCases.filter(\.isOfOneMember) + [.tooManyRows]
      return .message(.memberRejected(Rejection(input.element(of: codes))))
    default: return honestBodies(conversation)
    }
  }

  /// Mostly small, sometimes any.
  private mutating func number() -> UInt64 {
    let byte = input.byte()
    return byte < 250 ? UInt64(byte) : input.integer()
  }

  private mutating func witnesses() -> ContentWitnesses {
    guard let type = MediaType(input.element(of: Self.magicTypes)) else { fatalError("a bad media type in the list") }
    return ContentWitnesses(
      signature: input.element(of: [.none, .zip, .gzip] + Signature.allCases), magicType: type,
      magicCharset: input.element(of: ["us-ascii", "utf-8", "binary"]), isBlank: input.byte() == 0xFF)
  }

  /// A member with the verdict of an honest worker.
  private mutating func member(_ conversation: UploadConversation) -> WorkerMessage {
    let containers = Self.containers(around: conversation)
    let name = input.flag() ? input.element(of: Self.names) : nil
    let bytes = number()
    let content = input.byte() < 0xE0 ? witnesses() : nil
    var claims = UploadClaims(extension: innerName(conversation, containers)?.extension)
    if let name {
      switch UploadName.check(name.utf8, limits: limits) {
      case .failure(let rejection): return .member(name: name, bytes: bytes, content: content, .rejected(rejection))
      case .success(let checked): claims = UploadClaims(extension: checked.extension)
      }
    }
    let verdict = content.map { Policy().judge(claims, $0, inside: containers) }
    let refusal = Policy().judge(claims) ?? Rejection(.archiveEntryRefused)
    return .member(name: name, bytes: bytes, content: content, verdict ?? .rejected(refusal))
  }

  /// What lies around the next content: an honest worker's own account.
  private static func containers(around conversation: UploadConversation) -> [Format] {
    guard case .accepted(let outer) = conversation.verdict else { return [] }
    guard case .accepted(let last)? = conversation.members.last?.verdict, last.container != nil else {
      let isInTar = conversation.members.first?.verdict == .accepted(.tar)
      return !outer.isArchive && isInTar ? [outer, .tar] : [outer]
    }
    return [outer, last]
  }

  /// The name that the content of a compressed file has, by that of the file.
  private func innerName(_ conversation: UploadConversation, _ containers: [Format]) -> UploadName? {
    guard containers.count == 2, containers[0].isArchive, let name = conversation.members.last?.name else {
      return fileName?.inner
    }
    return try? UploadName.check(name.utf8, limits: limits).get().inner
  }

  private mutating func fields() -> [Field] {
    (0..<input.choice(6)).map { index in
      let name = input.flag() ? String(decoding: input.bytes(input.choice(12)), as: UTF8.self) : "c\(index)"
      return Field(name: name, type: input.element(of: SampleTable.types))
    }
  }

  /// Findings that add up, give or take.
  private mutating func findings(_ conversation: UploadConversation) -> TableFindings {
    let setAside = number()
    let rows = conversation.outputs.last?.said.rows.reduce(0, &+) ?? 0
    let flaw = input.byte()
    let rejects = UInt64(flaw == 0xFF ? 0 : flaw & 3)
    return .counting(
      records: rows &+ setAside &+ rejects &+ (flaw == 0xFF ? 1 : 0), rejects: rejects, setAside: setAside)
  }

  /// As much as one packet holds.
  private mutating func endless() -> WorkerMessage {
    switch input.choice(4) {
    case 0: .columns([Field](repeating: Field(name: "c", type: input.element(of: SampleTable.types)), count: 6_000))
    case 1: .columns([Field(name: String(repeating: "x", count: 4_096), type: .utf8)])
    case 2: .batchRows([UInt64](repeating: number(), count: 7_000))
    default: .batchSizes([UInt64](repeating: number(), count: 7_000))
    }
  }

  /// Makes the output as long as its description wants: every cell is null then, and every text empty.
  private func honestBodies(_ conversation: UploadConversation) -> Step {
    guard let said = conversation.outputs.last?.said, said.sizes.allSatisfy({ $0 == 0 }), !said.rows.isEmpty else {
      return .write([], at: 0)
    }
    let schema = Schema(fields: said.fields)
    let shapes = said.rows.map { BatchShape(rows: $0, sizes: [UInt64](repeating: 0, count: schema.variableSizes)) }
    guard said.fields.count < 64, said.rows.count < 64, let layout = try? ArrowLayout(schema: schema, shapes: shapes),
      (1..<1 << 20).contains(layout.bodiesEnd)
    else { return .write([], at: 0) }
    return .write([0], at: UInt64(layout.bodiesEnd - 1))
  }
}
