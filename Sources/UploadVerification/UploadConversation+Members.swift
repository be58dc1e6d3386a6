// SPDX-License-Identifier: Apache-2.0

import Sandbox
package import Validation
import WorkerProtocol

/// What the service knows of one content inside of a container.
package struct MemberFinding: Sendable, Hashable {
  /// The entry's name, checked; nil for the content of a compressed file.
  package var name: String?
  package var bytes: UInt64
  package var content: ContentWitnesses?
  package var verdict: Verdict

  /// Whether it is read, and no container of others.
  var isTable: Bool {
    if case .accepted(let format) = verdict { format.container == nil } else { false }
  }
}

/// The containers around the next content that a worker reports, from the outside: at most two.
struct ContainerChain: Sendable {
  /// The formats, as the policy wants them.
  private(set) var formats: [Format] = []
  /// The name that a compressed file's content has by that of the file.
  private(set) var inner: UploadName?
  /// The name under which a compressed member's content is shown.
  private(set) var shownName: String?
  /// The entries of archives that were reported.
  private var entries = 0

  init(inner: UploadName?) { self.inner = inner }

  /// Whether the last content is in an archive, and none itself.
  var isInsideArchive: Bool { (owesContent ? formats.dropLast() : formats[...]).contains { $0.isArchive } }

  /// Whether a compressed file was accepted whose content did not come.
  var owesContent: Bool { formats.last?.isArchive == false }

  /// Whether a content with or without a name of its own may come.
  func takes(_ name: String?, entriesAtMost limit: Int) -> Bool {
    guard let holder = formats.last else { return false }
    return holder.isArchive ? name != nil && entries < limit : name == nil
  }

  /// Goes into an accepted content, if it is a container.
  mutating func open(_ format: Format) {
    if format.container != nil { formats.append(format) }
  }

  /// Leaves a compressed file whose content will not come.
  mutating func close() { if owesContent { formats.removeLast() } }

  /// Takes a content, of which nothing else is to come where it is that of a compressed file.
  mutating func take(_ finding: MemberFinding, named name: UploadName?) {
    var isContainer = false
    if case .accepted(let format) = finding.verdict { isContainer = format.container != nil }
    if formats.last?.isArchive == true {
      entries += 1
      inner = name?.inner
      shownName = finding.name
    } else if !isContainer {
      formats.removeLast()
    }
    if case .accepted(let format) = finding.verdict { open(format) }
  }
}

extension UploadConversation {
  mutating func member(
    _ untrustedName: String?, _ bytes: UInt64, _ content: ContentWitnesses?, _ untrusted: Verdict
  ) -> WorkerReply {
    guard mayReportMember, containers.takes(untrustedName, entriesAtMost: limits.archiveEntries) else {
      return lied("a member out of turn")
    }
    let (name, verdict) = judgeMember(untrustedName, content, untrusted)
    guard verdict.agrees(with: untrusted) else { return lied("another verdict on the same member") }
    let shown = untrustedName?.escapedForDisplay ?? containers.shownName
    let finding = MemberFinding(name: shown, bytes: bytes, content: content, verdict: verdict)
    members.append(finding)
    containers.take(finding, named: name)
    return .none
  }

  /// Takes back that the last content was accepted: only reading it showed that it is damaged, or no text.
  mutating func memberRejected(_ untrusted: Rejection) throws -> WorkerReply {
    guard isReading, untrusted.code.isOfOneMember, containers.isInsideArchive, let last = members.indices.last,
      members[last].isTable || containers.owesContent
    else { return lied("a member refused out of turn") }
    containers.close()
    members[last].verdict = .rejected(untrusted)
    try withdrawOutputs(ofMember: last)
    return .none
  }

  /// The verdict on a member: its name first, then its claims, then its content where the worker looked.
  private func judgeMember(
    _ untrustedName: String?, _ content: ContentWitnesses?, _ untrusted: Verdict
  ) -> (UploadName?, Verdict) {
    var name = containers.inner
    if let untrustedName {
      switch UploadName.check(untrustedName.utf8, limits: limits.ofMembers) {
      case .failure(let rejection): return (nil, .rejected(rejection))
      case .success(let checked):
        if let rejection = Policy().judge(memberNamed: checked) { return (checked, .rejected(rejection)) }
        name = checked
      }
    }
    let claims = UploadClaims(extension: name?.extension)
    if let content { return (name, Policy().judge(claims, content, inside: containers.formats)) }
    // Without a look at the content only its name can have refused it, or that it cannot be had.
    guard untrustedName != nil, case .rejected(let rejection) = untrusted, rejection.code == .compressedCorrupt else {
      return (name, .rejected(Rejection(.workerLied)))
    }
    return (name, untrusted)
  }
}
