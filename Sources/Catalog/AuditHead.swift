// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Hashing

/// The end of the audit log: whoever kept it can tell later whether the log still leads up to it.
package struct AuditHead: Sendable, Hashable, CustomStringConvertible {
  /// The number of the last row; 0 where there is none.
  package let sequence: Int64
  /// Its hash: 64 lower-case hexadecimal digits.
  package let hash: String

  /// The head of an empty log.
  package static let origin = AuditHead(sequence: 0, hash: AuditChain.origin)

  /// A head of these values.
  package init(sequence: Int64, hash: String) {
    self.sequence = sequence
    self.hash = hash
  }

  /// Reads `12:ab…`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let sequence = Int64(parts[0]), sequence >= 0, String(parts[1]).isLowercaseHex(digits: 64)
    else { return nil }
    self.init(sequence: sequence, hash: String(parts[1]))
  }

  /// The number and the hash: `12:ab…`.
  package var description: String { "\(sequence):\(hash)" }
}

/// A secret that vouches for heads: who can write the database, but has not the key, cannot make one that holds.
package struct AuditKey: Sendable {
  /// The fewest bytes that a key has.
  package static let leastBytes = 16
  private let key: [UInt8]

  /// A key of these bytes; nil where they are fewer than `leastBytes`.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.leastBytes else { return nil }
    key = bytes
  }

  /// HMAC-SHA256 of the head, in lower-case hexadecimal digits.
  package func seal(_ head: AuditHead) -> String {
    HMAC.sha256(Self.bytes(of: head), key: key).description
  }

  /// Whether `seal` is this key's for the head, in a time that tells nothing of how much of it is right.
  package func vouches(for head: AuditHead, by seal: String) -> Bool {
    let right = Array(self.seal(head).utf8)
    let given = Array(seal.utf8)
    return given.count == right.count && zip(given, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func bytes(of head: AuditHead) -> [UInt8] { Array("ingest audit head 1\n\(head)\n".utf8) }
}
