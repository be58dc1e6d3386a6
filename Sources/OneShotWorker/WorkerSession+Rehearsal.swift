// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Readers
import Validation
import WorkerChannel
import WorkerProtocol

extension WorkerSession {
  /// Reads one tiny file through everything that a worker does with an upload, before any worker is forked.
  ///
  /// The Swift runtime makes types and constants on first use, and each worker would make them again: that takes longer
  /// than to read a small file.
  /// - Throws: what reading throws; the sample is sound, so that is a fault of this machine.
  static func rehearse(with parsers: WarmParsers) throws {
    let ends = try MessageSocket.makePair()
    let service = MessageSocket(owning: OwnedDescriptor(owning: ends.0))
    let session = WorkerSession(channel: MessageSocket(owning: OwnedDescriptor(owning: ends.1)), parsers)
    let output = try OwnedDescriptor.makeInMemory()
    let scratch = try OwnedDescriptor.makeInMemory()
    // What the service would answer waits in the channel, and nobody listens to what is said.
    for message in [ServiceMessage.job(job), .begin, .proceed] { try service.send(message.bytes) }
    try service.send(ServiceMessage.output.bytes, descriptors: [output.rawValue])
    guard case .job(let job) = try session.receive(), case .begin = try session.receive() else {
      throw MalformedMessage()
    }
    try session.send(.ready(version: WorkerMessage.version, layers: SandboxLevel.full.required))
    try session.process(job, MappedBytes(Self.sample), scratch: scratch)
    try session.send(.finished)
  }

  private static var job: Job {
    Job(
      claims: UploadClaims(extension: "csv", declaredType: MediaType("text/csv")), fileName: "sample.csv",
      inputBytes: UInt64(sample.count), options: ReadOptions(), limits: ReadLimits(Limits()),
      budget: JobBudget(addressSpaceBytes: 1 << 31, dataBytes: 1 << 31, fileBytes: 1 << 28, cpuSeconds: 1))
  }

  /// A column of every kind, a quoted cell, and a null.
  private static let sample = Array(
    """
    id,name,amount,day,at,flag,code
    1,"a, b",1.5,2024-01-02,2024-01-02T03:04:05Z,true,007
    2,é,,2024-01-03,2024-01-02T03:04:06Z,false,008

    """.utf8)
}
