// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Readers
import Validation
import WorkerProtocol

extension WorkerSession {
  /// Reads what lies in a container: each acceptable content becomes a table, the others are reported with their verdicts.
  func readContainer(_ format: Format, _ bytes: MappedBytes, _ job: Job, scratch: borrowing OwnedDescriptor) throws {
    var walk = ContainerWalk(self, job, uploadBytes: UInt64(bytes.count))
    try walk.read(bytes, as: format, claiming: Self.checkedName(job.fileName, job), scratch: scratch)
    guard format.isArchive || walk.isInsideArchive else { return }
    if walk.passedOver > 0 { try send(.passedOver(entries: walk.passedOver)) }
    if walk.tables > 0 { return }
    if walk.members == 0, job.options.member != nil { throw Rejection(.memberMissing) }
    if let failure = walk.failure { throw failure }
    throw Rejection(walk.holdsContainers ? .archiveNesting : .archiveNoTable)
  }

  private static func checkedName(_ name: String?, _ job: Job) -> UploadName? {
    name.flatMap { try? UploadName.check($0.utf8, limits: job.nameLimits).get() }
  }
}

/// The way through the containers of one upload, at most two deep.
private struct ContainerWalk {
  private let session: WorkerSession
  private let job: Job
  /// What may still be expanded, and where it goes.
  private var caps: ExpansionCaps
  /// The containers around what comes next, from the outside.
  private var around: [Format] = []
  private(set) var tables = 0
  /// The members of archives that were judged.
  private(set) var members = 0
  private(set) var passedOver: UInt64 = 0
  /// What kept the first member from becoming a table that was accepted, or could not be had.
  private(set) var failure: Rejection?
  /// Whether a content was refused for being a container.
  private(set) var holdsContainers = false
  private(set) var isInsideArchive = false

  init(_ session: WorkerSession, _ job: Job, uploadBytes: UInt64) {
    self.session = session
    self.job = job
    caps = ExpansionCaps(
      expandedBytes: job.limits.expandedBytes, compressionRatio: job.limits.compressionRatio,
      ratioFloor: job.limits.ratioFloor, uploadBytes: uploadBytes)
  }

  /// Reads a content of an accepted format: its table, or the contents of what it is around.
  ///
  /// - Parameter name: the content's own name, which says what a compressed file claims to hold.
  mutating func read(
    _ bytes: MappedBytes, as format: Format, claiming name: UploadName?, scratch: borrowing OwnedDescriptor
  ) throws {
    guard let container = format.container else {
      guard isInsideArchive || job.options.member == nil else { throw Rejection(.memberMissing) }
      try session.read(bytes, as: format, job, scratch: scratch, from: caps.scratchOffset)
      tables += 1
      return
    }
    around.append(format)
    defer { around.removeLast() }
    switch container {
    case .compressed(let compression):
      let content = try StreamExpander.content(of: bytes, by: compression, in: scratch, caps: &caps)
      try judge(content, named: nil, UploadClaims(extension: name?.inner.extension), name?.inner, scratch: scratch)
    case .archive(.zip):
      let directory = try ZipDirectory(of: bytes, caps: caps, maximumEntries: job.limits.archiveEntries)
      try walk(try ZipExpander(bytes, directory), scratch: scratch)
    case .archive(.tar):
      let directory = try TarDirectory(of: bytes, maximumEntries: job.limits.archiveEntries)
      try walk(try TarExpander(bytes, directory), scratch: scratch)
    case .archive(.sevenZip):
      try walk(
        try SevenZipExpander(bytes, caps: caps, maximumEntries: job.limits.archiveEntries), scratch: scratch)
    }
  }

  private mutating func walk<Archive: ArchiveExpander & ~Copyable>(
    _ fresh: consuming Archive, scratch: borrowing OwnedDescriptor
  ) throws {
    isInsideArchive = true
    var archive = fresh
    while let entry = try archive.next() {
      guard !entry.isIgnored, isWanted(entry) else {
        passedOver += 1
        continue
      }
      members += 1
      guard let name = try checkedName(of: entry),
        let content = try content(of: entry, in: &archive, scratch: scratch)
      else { continue }
      do {
        try judge(content, named: entry.name, UploadClaims(extension: name.extension), name, scratch: scratch)
      } catch let rejection as Rejection where rejection.code.isOfOneMember {
        try session.takeBack(rejection)
        failure = failure ?? rejection
      }
    }
  }

  /// A member's content; nil where its data are damaged, which is reported.
  private mutating func content<Archive: ArchiveExpander & ~Copyable>(
    of entry: Archive.Entry, in archive: inout Archive, scratch: borrowing OwnedDescriptor
  ) throws -> MappedBytes? {
    do { return try archive.content(in: scratch, caps: &caps) } catch let rejection as Rejection
      where rejection.code == .compressedCorrupt
    {
      try session.send(
        .member(name: entry.name, bytes: entry.expandedBytes, content: nil, .rejected(rejection)))
      failure = failure ?? Rejection(.archiveMalformed, byteOffset: rejection.byteOffset)
      return nil
    }
  }

  /// Whether a member is asked for; one whose name is too long is none, and is reported for that instead of being
  /// compared at length.
  private func isWanted(_ entry: some ArchiveEntry) -> Bool {
    guard let pattern = job.options.member, entry.name.utf8.count <= job.memberLimits.fileNameBytes else { return true }
    return pattern.matches(entry.name)
  }

  /// Judges a content like an upload, reports it, and reads it where it is accepted.
  private mutating func judge(
    _ content: MappedBytes, named member: String?, _ claims: UploadClaims, _ name: UploadName?,
    scratch: borrowing OwnedDescriptor
  ) throws {
    let witnesses = session.inspect(content, job)
    let verdict = Policy().judge(claims, witnesses, inside: around)
    try session.send(.member(name: member, bytes: UInt64(content.count), content: witnesses, verdict))
    holdsContainers = holdsContainers || verdict.code == .archiveNesting
    if case .accepted(let format) = verdict { try read(content, as: format, claiming: name, scratch: scratch) }
  }

  /// A member's name; nil where it was refused for it, which is reported without expanding anything.
  private func checkedName(of entry: some ArchiveEntry) throws -> UploadName? {
    let rejection: Rejection
    switch UploadName.check(entry.name.utf8, limits: job.memberLimits) {
    case .failure(let why): rejection = why
    case .success(let name):
      guard let why = Policy().judge(memberNamed: name) else { return name }
      rejection = why
    }
    try session.send(.member(name: entry.name, bytes: entry.expandedBytes, content: nil, .rejected(rejection)))
    return nil
  }
}

extension Job {
  fileprivate var nameLimits: Limits {
    var limits = Limits()
    limits.fileNameBytes = Int(clamping: self.limits.fileNameBytes)
    return limits
  }

  fileprivate var memberLimits: Limits { nameLimits.ofMembers }
}
