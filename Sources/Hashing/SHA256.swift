// SPDX-License-Identifier: Apache-2.0

import CSHA256

/// SHA-256 (FIPS 180-4) of a message that comes in pieces.
///
/// A copy goes on by itself: both have the pieces until then.
package struct SHA256: Sendable {
  private var state = ingest_sha256()

  /// The hash of no bytes, so far.
  package init() {
    // SAFETY: the calls of this structure read and write its own state, and the span's bytes, within the call.
    unsafe ingest_sha256_begin(&state)
  }

  /// Adds bytes to the message, which may be none.
  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe ingest_sha256_add(&state, $0.baseAddress, $0.count) }
  }

  /// Adds bytes to the message, which may be none.
  package mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: a byte has no padding that could be uninitialised.
    update(unsafe bytes.bytes)
  }

  /// Adds bytes to the message.
  package mutating func update(_ bytes: some Sequence<UInt8>) { update(Array(bytes).span) }

  /// The hash of all that was added.
  package consuming func finalize() -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      // SAFETY: the buffer has room for a digest.
      if let digest = buffer.baseAddress { unsafe ingest_sha256_end(&state, digest) }
    }
    return SHA256Digest(bytes: bytes)
  }

  /// The hash of one message.
  package static func hash(_ message: some Sequence<UInt8>) -> SHA256Digest {
    var hasher = SHA256()
    hasher.update(message)
    return hasher.finalize()
  }
}

/// A hash of 32 bytes.
package struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
  package static let byteCount = 32

  /// Its bytes, of which there are `byteCount`.
  package let bytes: [UInt8]

  /// 64 lower-case hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Keyed hashes (RFC 2104), by which who has the key tells what another who has it has written.
package enum HMAC {
  private static let blockBytes = 64

  /// HMAC-SHA-256 of a message, with a key of any length.
  package static func sha256(_ message: some Sequence<UInt8>, key: [UInt8]) -> SHA256Digest {
    var block = key.count > blockBytes ? SHA256.hash(key).bytes : key
    block += [UInt8](repeating: 0, count: blockBytes - block.count)
    let inner = SHA256.hash(block.map { $0 ^ 0x36 } + Array(message))
    return SHA256.hash(block.map { $0 ^ 0x5C } + inner.bytes)
  }
}
