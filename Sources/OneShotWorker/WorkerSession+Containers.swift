// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Readers
import Validation
import WorkerProtocol

extension WorkerSession {
  /// Expands one compressed file into the scratch and judges what it holds like an upload.
  func readGzip(_ job: Job, _ bytes: MappedBytes, scratch: borrowing OwnedDescriptor) throws {
    let count = try GzipExpander.expand(bytes, into: scratch, caps: ExpansionCaps(job.limits))
    let content = try MappedBytes(scratch, range: 0..<count)
    let witnesses = inspect(content, job)
    let name = job.fileName.flatMap { Self.checkedName($0, job) }
    let verdict = Policy().judge(UploadClaims(extension: name?.inner.extension), witnesses, nesting: 1)
    try send(.member(name: nil, bytes: UInt64(count), content: witnesses, verdict))
    if case .accepted(let format) = verdict {
      try read(content, as: format, job, scratch: scratch, from: UInt64(count))
    }
  }

  /// Walks an archive: each acceptable member becomes a table, the others are reported with their verdicts.
  func readZip(_ job: Job, _ bytes: MappedBytes, scratch: borrowing OwnedDescriptor) throws {
    var caps = ExpansionCaps(job.limits)
    let directory = try ZipDirectory(of: bytes, caps: caps, maximumEntries: job.limits.archiveEntries)
    var archive = try ZipExpander(bytes, directory)
    var tables = 0
    var holdsContainers = false
    while let entry = try archive.next() {
      guard !entry.isIgnored else { continue }
      guard let claims = try claims(of: entry, job) else { continue }
      let count = try archive.expandCurrent(into: scratch, caps: caps)
      let content = try MappedBytes(scratch, range: Int(caps.scratchOffset)..<Int(caps.scratchOffset) + count)
      let witnesses = inspect(content, job)
      let verdict = Policy().judge(claims, witnesses, nesting: 1)
      try send(.member(name: entry.name, bytes: UInt64(count), content: witnesses, verdict))
      caps.expandedBefore += UInt64(count)
      holdsContainers = holdsContainers || verdict.code == .archiveNesting
      guard case .accepted(let format) = verdict else { continue }
      let end = caps.scratchOffset + UInt64(count)
      try read(content, as: format, job, scratch: scratch, from: end)
      tables += 1
      // This one's map is still in use.
      caps.scratchOffset = Self.mappable(end)
    }
    if tables == 0 { throw Rejection(holdsContainers ? .archiveNesting : .archiveNoTable) }
  }

  /// What a member's name claims; nil where it was refused for it, which is reported without inflating anything.
  private func claims(of entry: ZipEntry, _ job: Job) throws -> UploadClaims? {
    let rejection: Rejection
    switch UploadName.check(entry.name.utf8, limits: job.nameLimits) {
    case .failure(let why): rejection = why
    case .success(let name):
      let claims = UploadClaims(extension: name.extension)
      guard let why = Policy().judge(claims) else { return claims }
      rejection = why
    }
    try send(.member(name: entry.name, bytes: entry.expandedBytes, content: nil, .rejected(rejection)))
    return nil
  }

  private static func checkedName(_ name: String, _ job: Job) -> UploadName? {
    try? UploadName.check(name.utf8, limits: job.nameLimits).get()
  }
}

extension Job {
  fileprivate var nameLimits: Limits {
    var limits = Limits()
    limits.fileNameBytes = Int(clamping: self.limits.fileNameBytes)
    return limits
  }
}

extension ExpansionCaps {
  fileprivate init(_ limits: ReadLimits) {
    self.init(
      expandedBytes: limits.expandedBytes, compressionRatio: limits.compressionRatio, ratioFloor: limits.ratioFloor)
  }
}
