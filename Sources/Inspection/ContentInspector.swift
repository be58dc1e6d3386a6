// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Validation

/// Says what a file's bytes look like: our own signatures first, then libmagic, which only ever rejects (`CONTROLS.md`
/// section 6).
///
/// Made before the lock-down, used after it. It looks at the start of a file only, so it does not guard against what
/// lies beyond; the readers do.
package struct ContentInspector: ~Copyable {
  /// What our signatures need.
  private static let signatureLength = 512
  /// What libmagic gets: its time on newlines grows faster than their number (6.6 ms for 1 KiB, 0.3 s for 64 KiB).
  private static let textLength = 1 << 10
  /// What libmagic gets of a zip archive, whose kind is told by names that may lie this far in.
  private static let archiveLength = 64 << 10

  /// libmagic's version: 544 is 5.44.
  package static var libraryVersion: UInt32 { MagicCookie.libraryVersion }

  private var cookie: MagicCookie
  private let unknown: MediaType
  private let text: MediaType

  /// Loads libmagic's system database, whatever `$MAGIC` says.
  ///
  /// - Throws: `InspectionError`; the process can then judge nothing.
  package init() throws(InspectionError) {
    guard let unknown = MediaType("application/octet-stream"), let text = MediaType("text/plain") else {
      throw .outOfMemory
    }
    let cookie = try MagicCookie()
    self.unknown = unknown
    self.text = text
    self.cookie = cookie
  }

  /// Inspects a content of `count` bytes, of which `bytes` gives ranges.
  ///
  /// Asks for the first 64 KiB at most, and past them only while everything is blank. `bytes` may answer with fewer
  /// bytes than it was asked for.
  package mutating func witnesses(count: Int, at bytes: (Range<Int>) -> [UInt8]) -> ContentWitnesses {
    let head = bytes(0..<min(count, Self.textLength))
    guard let start = BlankLead.end(count: count, head: head, at: bytes) else {
      // libmagic is slow on blanks and has nothing to say about them.
      return witnesses(.none, MagicAnswer(unknown: unknown), isBlank: true)
    }
    let window = start == 0 ? head : bytes(start..<min(count, start + Self.textLength))
    let signature = signature(head: head, window: window)
    let asked: [UInt8]
    if signature == .zip, start == 0 {
      asked = bytes(0..<min(count, Self.archiveLength))
    } else {
      asked = start < head.count ? head : window
    }
    let answer = MagicAnswer(cookie.describe(asked), unknown: unknown)
    if signature == .none {
      if MistakenMagic.misleads(answer, in: asked) {
        return witnesses(signature, MagicAnswer(text: text, charset: answer.charset), isBlank: false)
      }
      if answer.type == unknown, StrayControls.areIn(asked) {
        return witnesses(signature, MagicAnswer(text: text, charset: "us-ascii"), isBlank: false)
      }
    }
    return witnesses(signature, answer, isBlank: false)
  }

  /// Runs one tiny sample of each kind, so that nothing is left to load lazily under the lock-down.
  ///
  /// Sets `TZ`: without it every conversion of a time looks at `/etc/localtime` again, which the filter answers by
  /// killing.
  package mutating func warm() {
    // SAFETY: literals; the process has one thread before the lock-down.
    unsafe setenv("TZ", "UTC0", 1)
    tzset()
    for sample in WarmSamples.all { _ = cookie.describe(sample) }
  }

  /// The signature of the first bytes, or else of those behind the blanks that hide it.
  private func signature(head: [UInt8], window: [UInt8]) -> Signature {
    let first = Signature(prefix: Array(head.prefix(Self.signatureLength)))
    return first == .none ? Signature(prefix: Array(window.prefix(Self.signatureLength))) : first
  }

  private func witnesses(_ signature: Signature, _ answer: MagicAnswer, isBlank: Bool) -> ContentWitnesses {
    ContentWitnesses(
      signature: signature, magicType: answer.type, magicCharset: answer.charset, isBlank: isBlank)
  }
}
