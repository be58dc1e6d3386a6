// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import IngestTables
import Readers
import Validation
import WorkerChannel
import WorkerProtocol

extension WorkerSession {
  /// How far the input must move until the service hears of it again.
  private static let progressStep: UInt64 = 4 << 20

  /// Where readers put their tables: the service is asked for each file and told what was written.
  func output() -> ReaderOutput {
    var reported: UInt64 = 0
    return ReaderOutput(
      open: { [self] role in try openOutput(role) },
      finish: { [self] schema, shapes, findings in try send(schema, shapes, findings) },
      finishRejects: { [self] shapes in try sendRejects(shapes) },
      progress: { [self] bytes, records in
        guard bytes >= reported + Self.progressStep else { return }
        reported = bytes
        try send(.progress(bytes: bytes, records: records))
      })
  }

  /// Takes the last member and its tables back.
  func takeBack(_ rejection: Rejection) throws {
    try send(.memberRejected(rejection))
    hasOutput = false
  }

  private func openOutput(_ role: OutputRole) throws -> OwnedDescriptor {
    if hasOutput { try send(.abandonsOutput) } else if role.part == .rows { try countTable() }
    hasOutput = true
    try send(.wantsOutput(role))
    guard let packet = try receivePacket(), case .output = try ServiceMessage(packet.bytes),
      let number = packet.descriptors.first
    else { throw MalformedMessage() }
    return OwnedDescriptor(owning: number)
  }

  private func countTable() throws(Rejection) {
    tables += 1
    guard tables <= mostTables else {
      throw Rejection(
        .archiveTooManyEntries, reason: "The upload gives more tables than are allowed", limit: UInt64(mostTables),
        actual: UInt64(tables))
    }
  }

  private func send(_ schema: Schema, _ shapes: [BatchShape], _ findings: TableFindings) throws {
    for chunk in schema.fields.chunked(maximumBytes: WorkerMessage.longestMessage, size: { $0.name.utf8.count + 6 }) {
      try send(.columns(Array(chunk)))
    }
    try send(shapes)
    try send(.tableFinished(findings))
    hasOutput = false
  }

  private func sendRejects(_ shapes: [BatchShape]) throws {
    try send(shapes)
    try send(.rejectsFinished)
    hasOutput = false
  }

  private func send(_ shapes: [BatchShape]) throws {
    let perMessage = WorkerMessage.longestMessage / 8
    let rows = shapes.map(\.rows)
    for start in stride(from: 0, to: rows.count, by: perMessage) {
      try send(.batchRows(Array(rows[start..<min(start + perMessage, rows.count)])))
    }
    let sizes = shapes.flatMap(\.sizes)
    for start in stride(from: 0, to: sizes.count, by: perMessage) {
      try send(.batchSizes(Array(sizes[start..<min(start + perMessage, sizes.count)])))
    }
  }
}

extension [Field] {
  /// Cuts the list so that no piece is larger than one message.
  fileprivate func chunked(maximumBytes: Int, size: (Field) -> Int) -> [ArraySlice<Field>] {
    var chunks: [ArraySlice<Field>] = []
    var start = startIndex
    var bytes = 0
    for index in indices {
      let next = size(self[index])
      if bytes + next > maximumBytes, index > start {
        chunks.append(self[start..<index])
        start = index
        bytes = 0
      }
      bytes += next
    }
    if start < endIndex { chunks.append(self[start...]) }
    return chunks
  }
}
