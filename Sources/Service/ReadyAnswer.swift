// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import NIOCore
import Synchronization

/// An answer as it was sent once, to be sent again with nothing changed but its date.
final class ReadyAnswer: Sendable {
  /// What goes to the connection: a header with what is short of the body, and the rest.
  struct Bytes: Sendable {
    let start: ByteBuffer
    let rest: ByteBuffer?
  }

  private struct Dated {
    var second: Int
    var start: ByteBuffer
  }

  /// Bodies of at most this many bytes are sent in one piece with the header, which is cheaper than two.
  private static let joined = 16 << 10

  /// What says that it is still right.
  let basis: LookupBasis
  /// Whether it has a body: 200, or else 304.
  let isWhole: Bool
  /// What it takes in memory, in bytes.
  let cost: UInt64
  private let date: Range<Int>
  private let rest: ByteBuffer?
  private let dated: Mutex<Dated>

  /// Takes an answer from the pieces in which it went to the connection, of which the first is the header.
  ///
  /// - Parameter cost: of what it answers, in bytes.
  /// - Returns: nil for what is no whole answer of 200 or 304 with one date.
  init?(_ pieces: [ByteBuffer], basis: LookupBasis, cost: Int) {
    guard var start = pieces.first, let date = Self.date(in: start.readableBytesView) else { return nil }
    let head = start.readableBytesView
    isWhole = head.starts(with: "HTTP/1.1 200 ".utf8)
    guard isWhole || head.starts(with: "HTTP/1.1 304 ".utf8) else { return nil }
    let body = pieces.dropFirst().filter { $0.readableBytes > 0 }
    let length = body.reduce(0) { $0 + $1.readableBytes }
    // A buffer of its own: what the encoder took may be larger, and the body's may be anybody's.
    start = ByteBuffer(bytes: head)
    if length <= Self.joined {
      for piece in body { start.writeImmutableBuffer(piece) }
      rest = nil
    } else {
      var all = body[body.startIndex]
      for piece in body.dropFirst() { all.writeImmutableBuffer(piece) }
      rest = all
    }
    self.basis = basis
    self.date = date
    self.cost = UInt64(1_024 + cost + head.count + length)
    dated = Mutex(Dated(second: .min, start: start))
  }

  /// The bytes to be sent at a time, in seconds since 1970, and whether they are the first of that second.
  func bytes(at second: Int) -> (bytes: Bytes, isFirst: Bool) {
    dated.withLock { dated in
      let isFirst = dated.second != second
      if isFirst {
        // Copied where the bytes of an earlier second are still on their way.
        dated.start.setString(HTTPDate.text(second), at: dated.start.readerIndex + date.lowerBound)
        dated.second = second
      }
      return (Bytes(start: dated.start, rest: rest), isFirst)
    }
  }

  /// Where the value of the one field `Date` lies; nil where there is none, or another one.
  private static func date(in head: ByteBufferView) -> Range<Int>? {
    let bytes = Array(head)
    let fields = bytes.ranges(of: Array("\r\nDate: ".utf8))
    guard bytes.suffix(4) == Array("\r\n\r\n".utf8)[...], fields.count == 1, let start = fields.first?.upperBound else {
      return nil
    }
    let range = start..<start + HTTPDate.length
    guard range.upperBound <= bytes.count - 4, bytes[range.upperBound] == UInt8(ascii: "\r") else { return nil }
    return range
  }
}
