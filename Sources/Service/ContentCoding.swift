// SPDX-License-Identifier: Apache-2.0

import CGzip
import HTTPParsing
import HTTPTypes
import Hummingbird
import NIOCore

/// How the bytes of a representation are sent (RFC 9110 section 8.4.1).
enum ContentCoding: String {
  /// As they are.
  case identity
  case gzip

  /// Below this a head of gzip and the work are not worth what they save.
  static let leastBytes = 1_024

  /// Compresses bytes.
  ///
  /// Takes its time, so it is not for a thread that serves connections.
  ///
  /// - Returns: nil where that does not make them shorter.
  static func compress(_ bytes: ByteBuffer) -> ByteBuffer? {
    guard bytes.readableBytes >= leastBytes else { return nil }
    var output = ByteBuffer()
    // SAFETY: both regions live for as long as the closures run; the call reads the one and writes to the other within
    // the lengths that it is given, and keeps neither.
    let written = unsafe bytes.withUnsafeReadableBytes { input in
      unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: input.count - 1) { room in
        guard let source = input.baseAddress, let target = room.baseAddress else { return 0 }
        return unsafe ingest_gzip(
          source.assumingMemoryBound(to: UInt8.self), input.count, target.assumingMemoryBound(to: UInt8.self),
          input.count - 1)
      }
    }
    guard written > 0 else { return nil }
    // What was reserved and not needed would be kept by a cache that does not know of it.
    return ByteBuffer(buffer: output)
  }
}

extension Request {
  private static let acceptEncoding = HTTPField.Name("Accept-Encoding")

  /// What the request says of codings.
  var codings: AcceptEncodingField {
    AcceptEncodingField(Self.acceptEncoding.map { headers[values: $0].joined(separator: ",") } ?? "")
  }
}
