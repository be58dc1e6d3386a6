// SPDX-License-Identifier: Apache-2.0

/// One row of the audit log, written in the transaction that it records and never changed; or, with a count, one for
/// many requests that changed nothing.
package struct AuditEvent: Sendable, Hashable, Codable {
  /// Its place in the log, rising from 1; numbers are not used twice.
  package var sequence: Int64
  /// When, in microseconds since 1970-01-01 UTC; the start of the minute in which they were counted.
  package var at: Int64
  /// The principal who acted.
  package var actor: String
  /// What was done.
  package var action: Action
  /// What it was done to: an upload's id, `name@version`, or the hash of kept bytes; what it is called from now on stands behind a blank.
  ///
  /// Of requests that were turned away it is `request`.
  package var subject: String
  /// How it ended.
  package var outcome: Outcome
  /// The stable code; nil unless the upload was rejected or the request turned away.
  package var code: String?
  /// How many requests the row stands for; nil where it is one decision.
  package var count: Int64?
  /// What chains it to the rows before it; nil where an older program wrote it.
  package var hash: String?

  /// What was done.
  package enum Action: String, Sendable, Hashable, Codable {
    /// Tables of an accepted upload were made visible.
    case publish
    /// An upload was refused.
    case refuse
    /// A table got another name.
    case rename
    /// A version got a tag.
    case tag
    /// A version lost a tag.
    case untag
    /// A version was hidden.
    case delete
    /// A hidden version was shown again.
    case restore
    /// A hidden version was removed for good.
    case collect
    /// A version was pinned, or lost its pin.
    case pin
    case unpin
    /// A version was hidden since nobody used its table for long.
    case expire
    /// A version was removed for good to make room.
    case evict
    /// The kept bytes of an upload were removed before their time.
    case forget
    /// A version of a table, or an upload's bytes, were read.
    case read
    /// A request was refused before it became an upload.
    case turnAway = "turn_away"
  }

  /// How it ended.
  package enum Outcome: String, Sendable, Hashable, Codable {
    /// The upload was accepted.
    case accepted
    /// The upload was rejected.
    case rejected
    /// The version was created.
    case created
    /// The latest version was this very table already.
    case unchanged
    /// What was asked for was done.
    case done
  }
}
