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
      return state.beginsSync()
    }
    #expect(!grow(to: sync - piece))
    #expect(grow(to: sync + piece))
    #expect(!grow(to: 3 * sync), "one is in flight")
    let ends = (0..<2).map { _ in state.endSync(of: ObjectIdentifier(output), .success(())) }
    #expect(ends == [true, false], "it goes on with what the file has grown by meanwhile")
    #expect(!grow(to: 3 * sync + piece))
    state.isComplete = true
    #expect(grow(to: 3 * sync + piece), "less is enough once there will be no more")
  }

  @Test("A sync of one output does not go on with another one")
  func syncsOfOutputs() {
    let (first, second) = (Output(), Output())
    var state = WriteBack.State()
    for _ in 0..<2 { _ = state.next(ObjectIdentifier(first), WriteBack.syncedPiece) }
    let begins = state.beginsSync()
    for _ in 0..<2 { _ = state.next(ObjectIdentifier(second), WriteBack.syncedPiece) }
    let goesOn = state.endSync(of: ObjectIdentifier(first), .success(()))
    let beginsAgain = state.beginsSync()
    #expect([begins, goesOn, beginsAgain] == [true, false, true])
  }

  @Test(
    "Room is found for what an output will come to, in large steps, ahead of what is written and not for small ones",
    arguments: [
      // The room there is, the size, the share of the input; the room that is found.
      (0, 8, 0.5, nil), (0, 16, 0.5, nil), (0, 16, 0.1, 16..<168), (168, 32, 0.2, nil), (168, 100, 0.5, nil),
      (168, 100, 0.1, 168..<612), (612, 480, 0.5, nil), (612, 500, 0.5, 612..<1012), (612, 500, 0.9, nil),
      (0, 16, 0, nil),
    ] as [(Int, Int, Double, Range<Int>?)])
  func room(_ before: Int, _ size: Int, _ share: Double, _ expected: Range<Int>?) {
    var state = WriteBack.State()
    state.allocated = UInt64(before) << 20
    let found = state.room(for: UInt64(size) << 20, by: share)
    #expect(found.map { Int($0.lowerBound >> 20)..<Int($0.upperBound >> 20) } == expected)
  }

  @Test("Room is given back where an output was emptied")
  func emptied() {
    let output = Output()
    var state = WriteBack.State()
    _ = state.next(ObjectIdentifier(output), 16 << 20)
    let first = state.room(for: 16 << 20, by: 0.1)
    _ = state.next(ObjectIdentifier(output), 0)
    #expect(first != nil)
    #expect(state.room(for: 16 << 20, by: 0.1) == first)
  }

  @Test("The first failure to write is kept, since the kernel tells of it once")
  func failures() {
    var state = WriteBack.State()
    let failures = [EIO, ENOSPC].map { SystemCallError(call: "fsync", errno: $0) }
    let output = ObjectIdentifier(Output())
    for failure in failures { _ = state.endSync(of: output, .failure(failure)) }
    _ = state.endSync(of: output, .success(()))
    #expect(state.failure == failures[0])
  }

  @Test("The rest of an output goes to disk beside its verification, and no descriptor that can write stays behind")
  func rest() throws {
    let file = try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    try file.truncate(to: WriteBack.lastPiece)
    let output = WorkerOutput(file, ordinal: 0, role: .firstTable, member: nil)
    let writeBack = WriteBack()
    writeBack.advance(output, by: 1)
    writeBack.complete(output)
    try writeBack.finish()
    guard let writer = output.takeDescriptor() else { throw OutputFault.stillWritable }
    #expect(try OutputVerifier.seal(writer).size() == WriteBack.lastPiece)
  }
}
