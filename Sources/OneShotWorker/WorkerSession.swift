// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import Inspection
import Lockdown
import Readers
import Validation
import WorkerChannel
import WorkerProtocol

/// One job, from the first message to the exit: confine, inspect, unpack, read, reply.
package final class WorkerSession {
  private let channel: MessageSocket
  private let parsers: WarmParsers
  private let misdeeds: Misdeeds
  /// What reads a table together; started before the worker is sealed.
  private var threads = ParsingThreads.alone
  /// Whether the service gave an output of which it has not heard that it is finished.
  var hasOutput = false
  /// The tables for which outputs were asked, and how many there may be.
  var tables = 0
  var mostTables = Dialect.mostTables

  /// Serves the one job that comes by the channel and exits; never returns.
  ///
  static func run(_ birth: Birth, channel: Int32, parsers: WarmParsers, misdeeds: Misdeeds) -> Never {
    do {
      let session = WorkerSession(channel: MessageSocket(owning: OwnedDescriptor(owning: channel)), parsers, misdeeds)
      try session.serve(birth)
      // At once: what exit(3) would still do for the C library takes longer than reading a small file.
      _exit(WorkerExit.done)
    } catch {
      _exit(status(of: error))
    }
  }

  private static func status(of error: any Error) -> Int32 {
    switch error {
    case is ConfinementError: WorkerExit.unconfined
    case let error as SystemCallError:
      switch error.errno {
      case ENOMEM: WorkerExit.outOfMemory
      case EFBIG: WorkerExit.outputLimit
      case ENOSPC, EDQUOT: WorkerExit.diskFull
      case EIO: WorkerExit.storageFailed
      default: WorkerExit.failed
      }
    default: WorkerExit.failed
    }
  }

  init(channel: consuming MessageSocket, _ parsers: WarmParsers, _ misdeeds: Misdeeds = Misdeeds()) {
    self.channel = channel
    self.parsers = parsers
    self.misdeeds = misdeeds
  }

  private func serve(_ birth: Birth) throws {
    let confinement = try Confinement.begin(birth, keepingDescriptorsBelow: Zygote.channelDescriptor + 1)
    try send(.ready(version: WorkerMessage.version, layers: confinement.layers))
    // The end of the channel: the service needs no worker any more.
    guard let packet = try channel.receive() else { return }
    guard case .job(let job) = try ServiceMessage(packet.bytes), packet.descriptors.count == 2 else {
      throw MalformedMessage()
    }
    let input = OwnedDescriptor(owning: packet.descriptors[0])
    let scratch = OwnedDescriptor(owning: packet.descriptors[1])
    if job.budget.threads > 1 { threads = ParsingThreads(count: Int(job.budget.threads)) }
    let layers = try confinement.seal(
      ResourceBudget(
        addressSpaceBytes: job.budget.addressSpaceBytes, dataBytes: job.budget.dataBytes,
        fileBytes: job.budget.fileBytes, cpuSeconds: job.budget.cpuSeconds, descriptors: 64))
    try send(.sealed(layers: layers))
    switch try receive() {
    case .begin: break
    case .tryAttack(let attack): return try send(.trialEnded(attack.run(on: birth.parent, writingTo: scratch.rawValue)))
    default: throw MalformedMessage()
    }
    let bytes = try MappedBytes(input, range: 0..<Int(clamping: job.inputBytes))
    misdeeds.beforeReading(bytes)
    do {
      try process(job, bytes, scratch: scratch)
    } catch let rejection as Rejection {
      try send(.rejected(rejection))
    }
    try send(.finished)
  }

  func process(_ job: Job, _ bytes: MappedBytes, scratch: borrowing OwnedDescriptor) throws {
    mostTables = max(Int(clamping: job.limits.archiveEntries), Dialect.mostTables)
    let content = inspect(bytes, job)
    let verdict = Policy().judge(job.claims, content)
    try send(.inspected(content, verdict))
    guard case .accepted(let format) = verdict, case .proceed = try receive() else { return }
    if format.container == nil {
      guard job.options.member == nil else { throw Rejection(.memberMissing) }
      try read(bytes, as: format, job, scratch: scratch, from: 0)
    } else {
      try readContainer(format, bytes, job, scratch: scratch)
    }
  }

  /// Reads one table.
  ///
  /// - Parameter used: what of the scratch is in use.
  func read(
    _ bytes: MappedBytes, as format: Format, _ job: Job, scratch: borrowing OwnedDescriptor, from used: UInt64
  ) throws {
    switch format {
    case .json: try read(bytes, by: JSONReader.self, job, scratch: scratch, from: used)
    case .ndjson: try read(bytes, by: JSONLinesReader.self, job, scratch: scratch, from: used)
    default: try read(bytes, by: CSVReader.self, job, scratch: scratch, from: used)
    }
  }

  private func read<Reader: TableReader>(
    _ bytes: MappedBytes, by reader: Reader.Type, _ job: Job, scratch: borrowing OwnedDescriptor, from used: UInt64
  ) throws {
    try EncodedReader<Reader>(bytes, options: job.options, limits: job.limits, threads: threads).read(
      to: output(), scratch: scratch, at: Self.mappable(used))
  }

  /// The next offset at which a map can start, whatever the size of a page.
  static func mappable(_ offset: UInt64) -> UInt64 { (offset + 65_535) & ~65_535 }

  // MARK: The channel

  func send(_ message: WorkerMessage) throws {
    for packet in misdeeds.inPlaceOf(message.bytes) { try channel.send(packet) }
  }

  func receivePacket() throws -> MessageSocket.Packet? { try channel.receive() }

  func receive() throws -> ServiceMessage {
    guard let packet = try channel.receive() else { throw MalformedMessage() }
    return try ServiceMessage(packet.bytes)
  }

  func inspect(_ bytes: MappedBytes, _ job: Job) -> ContentWitnesses {
    var content = parsers.inspector.witnesses(count: bytes.count) { range in
      var piece: [UInt8] = []
      bytes.append(range, to: &piece)
      return piece
    }
    content.wideText = UnmarkedText(bytes, stated: job.options.dialect.encoding).flatMap(wideText)
    return content
  }

  /// What the start of a text of wide characters is, once it is written like any other text.
  private func wideText(_ text: UnmarkedText) -> WideText? {
    guard let encoding = WideText.Encoding(rawValue: text.encoding.rawValue) else { return nil }
    let content = parsers.inspector.witnesses(count: text.start.count) { Array(text.start[$0]) }
    return WideText(
      encoding: encoding, signature: content.signature, magicType: content.magicType, isBlank: content.isBlank)
  }
}
