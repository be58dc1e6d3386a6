// SPDX-License-Identifier: Apache-2.0

import Testing

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
}
