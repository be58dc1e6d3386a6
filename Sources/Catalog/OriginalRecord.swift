// SPDX-License-Identifier: Apache-2.0

/// The bytes of an upload as they came, which are kept for a time.
package struct OriginalRecord: Sendable, Hashable {
  /// Within whom it may be seen.
  package var scope: String
  /// SHA-256 of the bytes, which names the file: 64 lower-case hexadecimal digits.
  package var contentHash: String
  /// The length in bytes; at most 2^63 - 1.
  package var bytes: UInt64
  /// When it came last, in microseconds since 1970-01-01 UTC.
  package var keptAt: Int64
  /// When it may be removed, in microseconds since 1970-01-01 UTC.
  package var keptUntil: Int64

  /// A record of these values.
  package init(scope: String, contentHash: String, bytes: UInt64, keptAt: Int64, keptUntil: Int64) {
    self.scope = scope
    self.contentHash = contentHash
    self.bytes = bytes
    self.keptAt = keptAt
    self.keptUntil = keptUntil
  }
}
