// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestTables
import IngestTesting
import Testing

@testable import UploadVerification

@Suite("Verification by several threads")
struct BatchVerificationTests {
  private static let schema = Schema(fields: [Field(name: "n", type: .int64), Field(name: "t", type: .utf8)])
  /// All cells are null, so that a file without any data is an honest one; more than threads that share it need.
  private static let shape = BatchShape(rows: 200_000, sizes: [0])
  private static let batches = 24

  private func layout() throws -> ArrowLayout {
    try ArrowLayout(
      schema: Self.schema, shapes: [BatchShape](repeating: Self.shape, count: Self.batches))
  }

  private func makeFile(_ layout: ArrowLayout, ones: [Int] = []) throws -> OwnedDescriptor {
    let file = try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    try file.truncate(to: UInt64(layout.bodiesEnd))
    for offset in ones { try file.pwrite([1 as UInt8].span, at: UInt64(offset)) }
    return file
  }

  private func run(_ file: borrowing OwnedDescriptor, _ layout: ArrowLayout) throws -> [ArrowMetadata.Block] {
    let verification = BatchVerification(
      try file.duplicate(), writingTo: try file.duplicate(), schema: Self.schema, count: Self.batches
    ) { _ in Self.shape }
    return try verification.run(length: layout.bodiesEnd).blocks
  }

  @Test("Every batch is verified once, and its message stands before it")
  func honest() throws {
    let layout = try layout()
    let file = try makeFile(layout)
    #expect(try run(file, layout) == layout.batches.map(ArrowMetadata.Block.init))
    for batch in layout.batches {
      var bytes = [UInt8](repeating: 0, count: batch.messageLength)
      var span = bytes.mutableSpan
      #expect(try file.pread(into: &span, at: UInt64(batch.messageOffset)) == batch.messageLength)
      let nulls = [NullCount](repeating: NullCount(rows: batch.rows), count: 2)
      #expect(bytes == ArrowMetadata.batchMessage(batch, nulls: nulls))
    }
  }

  @Test(
    "C40 Of several faults the first in the file is told, every time",
    arguments: [[0, 1], [5, 6, 7], [11, 23], [23]])
  func firstFault(batches: [Int]) throws {
    let layout = try layout()
    // The first stands at the end of its batch, the others at the start of theirs, where they are found sooner.
    let offsets = batches.enumerated().map { place, batch in
      let values = layout.batches[batch].columns[0].values
      return place == 0 ? values.upperBound - 8 : values.lowerBound
    }
    for _ in 0..<Soak.rounds(2, soak: 8) {
      let file = try makeFile(layout, ones: offsets)
      #expect(throws: BodyFault.nullNotZero(offset: offsets[0])) { try run(file, layout) }
    }
  }
}
