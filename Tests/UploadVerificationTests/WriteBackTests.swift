// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Testing
import WorkerProtocol

@testable import UploadVerification

@Suite("Early write-back")
struct WriteBackTests {
  private final class Output {}

  @Test("Each part is begun once, in pieces, and never what the output has just grown by")
  func pieces() {
    let output = Output()
    let piece = WriteBack.piece
    var state = WriteBack.State()
    var ranges: [Range<UInt64>] = []
    for size in [1, piece - 1, piece, piece + 5, 4 * piece, 4 * piece, 5 * piece] {
      if let range = state.next(ObjectIdentifier(output), size) { ranges.append(range) }
    }
    #expect(ranges == [0..<piece, piece..<4 * piece])
  }

  @Test("An output that shrinks, as no honest one does, is left alone until it has grown again")
  func shrinking() {
    let output = Output()
    var state = WriteBack.State()
    let sizes = [3, 3, 1, 1, 4, 4].map { $0 * WriteBack.piece }
    let ranges = sizes.map { state.next(ObjectIdentifier(output), $0) }
    #expect(ranges == [nil, sizes[0] - sizes[0]..<sizes[0], nil, nil, nil, sizes[0]..<sizes[4]])
  }

  @Test("Another output begins anew")
  func outputs() {
    let (first, second) = (Output(), Output())
    var state = WriteBack.State()
    for _ in 0..<2 { _ = state.next(ObjectIdentifier(first), 9 * WriteBack.piece) }
    #expect(state.next(ObjectIdentifier(second), WriteBack.piece) == nil)
    #expect(state.next(ObjectIdentifier(second), 2 * WriteBack.piece) == 0..<WriteBack.piece)
  }

  @Test("A file is synced once it has grown by enough, one sync at a time, and never for what was synced before")
  func syncs() {
    let output = Output()
    let (piece, sync) = (WriteBack.piece, WriteBack.syncedPiece)
    var state = WriteBack.State()
    func grow(to size: UInt64) -> Bool {
      for _ in 0..<2 { _ = state.next(ObjectIdentifier(output), size) }
      return state.beginsSync(of: sync)
    }
    #expect(!grow(to: sync - piece))
    #expect(grow(to: sync + piece))
    #expect(!grow(to: 3 * sync), "one is in flight")
    state.endSync(.success(()))
    #expect(grow(to: 3 * sync))
    state.endSync(.success(()))
    #expect(!grow(to: 3 * sync + piece))
  }

  @Test("The first failure to write is kept, since the kernel tells of it once")
  func failures() {
    var state = WriteBack.State()
    let failures = [EIO, ENOSPC].map { SystemCallError(call: "fsync", errno: $0) }
    for failure in failures { state.endSync(.failure(failure)) }
    state.endSync(.success(()))
    #expect(state.failure == failures[0])
  }

  @Test("The rest of an output goes to disk beside its verification, and no descriptor that can write stays behind")
  func rest() throws {
    let file = try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    try file.truncate(to: WriteBack.lastPiece)
    let output = WorkerOutput(file, ordinal: 0, role: .firstTable, member: nil)
    let writeBack = WriteBack()
    writeBack.advance(output)
    writeBack.complete(output)
    try writeBack.finish()
    guard let writer = output.takeDescriptor() else { throw OutputFault.stillWritable }
    #expect(try OutputVerifier.seal(writer).size() == WriteBack.lastPiece)
  }
}
