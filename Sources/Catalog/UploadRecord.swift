// SPDX-License-Identifier: Apache-2.0

/// One upload and what became of it, as the catalog keeps it.
package struct UploadRecord: Sendable, Hashable, Codable {
  /// 32 lower-case hexadecimal digits, random, made by the caller.
  package var id: String
  /// When its first byte arrived, in microseconds since 1970-01-01 UTC.
  package var receivedAt: Int64
  /// Who sent it.
  package var principal: String
  /// Within whom readings are reused: the principal, or the store where the operator declares it shared.
  package var scope: String
  /// The client's name for the file: display data, never a path.
  package var displayName: String?
  /// The media type that the client declared.
  package var declaredType: String?
  /// SHA-256 of the bytes as they arrived, 64 lower-case hexadecimal digits.
  package var contentHash: String
  /// The bytes as they arrived; at most 2^63 - 1.
  package var bytes: UInt64
  /// What it was read as; nil where it was refused before that was known.
  package var format: String?
  /// The stable rejection code; nil where the upload was accepted.
  package var code: String?
  /// The rejection in words.
  package var detail: String?
  /// What identifies the reading: 64 lower-case hexadecimal digits; nil where it was refused before that was known.
  package var derivation: String?
  /// The layers that the worker ran behind.
  package var sandboxLevel: String
  /// The canonical options, as the caller wrote them.
  package var options: String
  /// The report, JSON text made by the caller.
  package var report: String

  /// A record of these values.
  package init(
    id: String, receivedAt: Int64, principal: String, scope: String, displayName: String? = nil,
    declaredType: String? = nil, contentHash: String, bytes: UInt64, format: String? = nil, code: String? = nil,
    detail: String? = nil, derivation: String? = nil, sandboxLevel: String, options: String, report: String
  ) {
    self.id = id
    self.receivedAt = receivedAt
    self.principal = principal
    self.scope = scope
    self.displayName = displayName
    self.declaredType = declaredType
    self.contentHash = contentHash
    self.bytes = bytes
    self.format = format
    self.code = code
    self.detail = detail
    self.derivation = derivation
    self.sandboxLevel = sandboxLevel
    self.options = options
    self.report = report
  }
}
