// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import Inspection
import Lockdown
package import Readers
import Validation
import WorkerChannel
import WorkerProtocol

/// One job, from the first message to the exit: confine, inspect, unpack, read, reply.
package final class WorkerSession {
  /// What a worker exits with.
  package enum ExitStatus {
    /// Everything was said.
    package static let done: Int32 = 0
    /// Our own failure.
    package static let failed: Int32 = 70
    /// Memory ran out.
    package static let outOfMemory: Int32 = 71
    /// A file would have grown past its limit.
    package static let outputLimit: Int32 = 72
    /// A file that the service gave could not be written or read: the disk is full or fails.
    package static let storageFailed: Int32 = 74
    /// The confinement could not be had.
    package static let unconfined: Int32 = 78
  }

  /// The descriptor on which the channel arrives.
  private static let channelDescriptor: Int32 = 3

  private let channel: MessageSocket
  private var inspector: ContentInspector

  /// Runs the job of the channel and exits; never returns.
  ///
  /// - Parameters:
  ///   - user: the user to become, where the service is root.
  ///   - afterSeal: runs on the input before it is inspected, inside the confinement; the tests' way to misbehave.
  package static func run(user: UInt32?, afterSeal: (MappedBytes) throws -> Void = { _ in }) -> Never {
    do {
      let session = try WorkerSession()
      try session.serve(user: user, afterSeal: afterSeal)
      exit(ExitStatus.done)
    } catch is ConfinementError {
      exit(ExitStatus.unconfined)
    } catch let error as SystemCallError where error.errno == ENOMEM {
      exit(ExitStatus.outOfMemory)
    } catch let error as SystemCallError where error.errno == EFBIG {
      exit(ExitStatus.outputLimit)
    } catch let error as SystemCallError where [ENOSPC, EDQUOT, EIO].contains(error.errno) {
      exit(ExitStatus.storageFailed)
    } catch {
      exit(ExitStatus.failed)
    }
  }

  private init() throws {
    channel = MessageSocket(owning: OwnedDescriptor(owning: Self.channelDescriptor))
    // What opens files on first use must do so before the confinement.
    // SAFETY: the literal's bytes outlive the call and end in a zero.
    _ = unsafe setlocale(LC_ALL, "C.UTF-8")
    tzset()
    inspector = try ContentInspector()
    inspector.warm()
    try ZipExpander.warm()
  }

  private func serve(user: UInt32?, afterSeal: (MappedBytes) throws -> Void) throws {
    let confinement = try Confinement.begin(
      user: user, parent: getppid(), keepingDescriptorsBelow: Self.channelDescriptor + 1)
    try send(.ready(version: WorkerMessage.version, layers: confinement.layers))
    guard let packet = try channel.receive(), case .job(let job) = try ServiceMessage(packet.bytes),
      let inputNumber = packet.descriptors.first
    else { throw MalformedMessage() }
    let input = OwnedDescriptor(owning: inputNumber)
    guard packet.descriptors.count == 2 else { throw MalformedMessage() }
    let scratch = OwnedDescriptor(owning: packet.descriptors[1])
    let layers = try confinement.seal(
      ResourceBudget(
        addressSpaceBytes: job.budget.addressSpaceBytes, dataBytes: job.budget.dataBytes,
        fileBytes: job.budget.fileBytes, cpuSeconds: job.budget.cpuSeconds, descriptors: 64))
    try send(.sealed(layers: layers))
    guard case .begin = try receive() else { throw MalformedMessage() }

    let bytes = try MappedBytes(input, range: 0..<Int(clamping: job.inputBytes))
    try afterSeal(bytes)
    do {
      try process(job, bytes, scratch: scratch)
    } catch let rejection as Rejection {
      try send(.rejected(rejection))
    }
    try send(.finished)
  }

  private func process(_ job: Job, _ bytes: MappedBytes, scratch: borrowing OwnedDescriptor) throws {
    let content = inspect(bytes)
    let verdict = Policy().judge(job.claims, content)
    try send(.inspected(content, verdict))
    guard case .accepted(let format) = verdict, case .proceed = try receive() else { return }
    switch format {
    case .csv: try read(bytes, job)
    case .gzip: try readGzip(job, bytes, scratch: scratch)
    case .zip: try readZip(job, bytes, scratch: scratch)
    }
  }

  func read(_ bytes: MappedBytes, _ job: Job) throws {
    try CSVReader(bytes, options: job.options, limits: job.limits).read(to: output())
  }

  // MARK: The channel

  func send(_ message: WorkerMessage) throws { try channel.send(message.bytes) }

  func receivePacket() throws -> MessageSocket.Packet? { try channel.receive() }

  private func receive() throws -> ServiceMessage {
    guard let packet = try channel.receive() else { throw MalformedMessage() }
    return try ServiceMessage(packet.bytes)
  }

  func inspect(_ bytes: MappedBytes) -> ContentWitnesses {
    inspector.witnesses(count: bytes.count) { range in
      var piece: [UInt8] = []
      bytes.append(range, to: &piece)
      return piece
    }
  }
}
