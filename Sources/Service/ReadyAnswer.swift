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
    /// How often it was sent in that second, as far as nobody was told.
    var reads: UInt64 = 0
  }

  /// Bodies of at most this many bytes are sent in one piece with the header, which is cheaper than two.
  private static let joined = 16 << 10

  /// What says that it is still right.
  let basis: LookupBasis
  /// Whether it has a body: 200, or else 304.
  let isWhole: Bool
  /// What it takes in memory, in bytes.
  let cost: UInt64
  private let accesses: AccessTally
  private let date: Range<Int>
  private let rest: ByteBuffer?
  private let dated: Mutex<Dated>

  /// Takes an answer from the pieces in which it went to the connection, of which the first is the header.
  ///
  /// - Parameters:
  ///   - cost: of what it answers, in bytes.
  ///   - accesses: is told how often it was sent again.
  /// - Returns: nil for what is no whole answer of 200 or 304 with one date.
  init?(_ pieces: [ByteBuffer], basis: LookupBasis, cost: Int, countedBy accesses: AccessTally) {
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
    self.accesses = accesses
    self.date = date
    self.cost = UInt64(1_024 + cost + head.count + length)
    dated = Mutex(Dated(second: .min, start: start))
  }

  // Nobody asks for it any more who could tell.
  deinit { tellReads() }

  /// The bytes to be sent at a time, in seconds since 1970, and whether they are the first of that second.
  ///
  /// Counts as a read, of which others are told with the first of another second.
  func bytes(at second: Int) -> (bytes: Bytes, isFirst: Bool) {
    let (bytes, earlier) = dated.withLock { dated in
      var earlier: (reads: UInt64, second: Int)?
      if dated.second != second {
        earlier = (dated.reads, dated.second)
        // Copied where the bytes of an earlier second are still on their way.
        dated.start.setString(HTTPDate.text(second), at: dated.start.readerIndex + date.lowerBound)
        dated.second = second
        dated.reads = 0
      }
      dated.reads += 1
      return (Bytes(start: dated.start, rest: rest), earlier)
    }
    if let earlier { tell(earlier.reads, at: earlier.second) }
    return (bytes, earlier != nil)
  }

  /// Has the reads counted of which nobody was told yet.
  func tellReads() {
    let (reads, second) = dated.withLock { dated in
      defer { dated.reads = 0 }
      return (dated.reads, dated.second)
    }
    tell(reads, at: second)
  }

  private func tell(_ reads: UInt64, at second: Int) {
    guard reads > 0 else { return }
    accesses.noteRead(basis, by: UploadRequest.localPrincipal, count: reads, at: Int64(second) * 1_000_000)
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
