// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import Readers
import Validation

/// The default caps, as `Limits` has them.
let defaultCaps = ExpansionCaps(expandedBytes: 8 << 30, compressionRatio: 200, ratioFloor: 10 << 20)

/// What came of expanding something.
enum Outcome: Equatable {
  case contents([String: [UInt8]])
  case refused(Rejection)

  var code: Rejection.Code? {
    if case .refused(let rejection) = self { return rejection.code }
    return nil
  }
}

/// A nameless file on the temporary folder's disk.
func makeScratch() throws -> OwnedDescriptor {
  try OwnedDescriptor.open("/tmp", flags: 0o200_000).makeUnnamedFile()
}

/// The bytes of a file from `offset` on.
func contents(of file: borrowing OwnedDescriptor, from offset: UInt64 = 0) throws -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: Int(try file.size() - min(offset, try file.size())))
  var span = bytes.mutableSpan
  _ = try file.pread(into: &span, at: offset)
  return bytes
}

/// Expands a gzip file; the content stands under an empty name.
func gunzip(_ bytes: [UInt8], caps: ExpansionCaps = defaultCaps) throws -> Outcome {
  try expand(bytes, by: .gzip, caps: caps)
}

/// Expands a compressed file; the content stands under an empty name.
func expand(_ bytes: [UInt8], by compression: Compression, caps: ExpansionCaps = defaultCaps) throws -> Outcome {
  let scratch = try makeScratch()
  do {
    let count = try StreamExpander.expand(MappedBytes(bytes), by: compression, into: scratch, caps: caps)
    let content = try contents(of: scratch, from: caps.scratchOffset)
    return .contents(["": Array(content.prefix(count))])
  } catch let rejection as Rejection {
    return .refused(rejection)
  }
}

/// Goes through a tar archive, plain or within a compression, as libarchive and we see it.
func untar(_ bytes: [UInt8], maximumEntries: UInt64 = 1_000) throws -> Outcome {
  do {
    let archive = MappedBytes(bytes)
    let directory = try TarDirectory(of: archive, maximumEntries: maximumEntries)
    return try contents(of: try TarExpander(archive, directory))
  } catch let rejection as Rejection {
    return .refused(rejection)
  }
}

/// Expands a 7z archive; names need a locale of UTF-8, as the worker has it.
func unpackSevenZip(
  _ bytes: [UInt8], caps: ExpansionCaps = defaultCaps, maximumEntries: UInt64 = 1_000
) throws -> Outcome {
  // SAFETY: a literal; no test reads the locale meanwhile.
  _ = unsafe setlocale(LC_ALL, "C.UTF-8")
  do {
    return try contents(of: try SevenZipExpander(MappedBytes(bytes), caps: caps, maximumEntries: maximumEntries))
  } catch let rejection as Rejection {
    return .refused(rejection)
  }
}

private func contents<Archive: ArchiveExpander & ~Copyable>(of fresh: consuming Archive) throws -> Outcome {
  var archive = fresh
  var caps = defaultCaps
  let scratch = try makeScratch()
  var found: [String: [UInt8]] = [:]
  while let entry = try archive.next() {
    guard !entry.isDirectory else { continue }
    let content = try archive.content(in: scratch, caps: &caps)
    found[entry.name] = (0..<content.count).map { content[$0] }
  }
  return .contents(found)
}

/// Checks a zip archive and expands all its members.
func unzip(_ bytes: [UInt8], caps: ExpansionCaps = defaultCaps, maximumEntries: UInt64 = 1_000) throws -> Outcome {
  do {
    let archive = MappedBytes(bytes)
    let directory = try ZipDirectory(of: archive, caps: caps, maximumEntries: maximumEntries)
    var expander = try ZipExpander(archive, directory)
    var found: [String: [UInt8]] = [:]
    while let entry = try expander.next() {
      guard !entry.isDirectory else { continue }
      let scratch = try makeScratch()
      let count = try expander.expandCurrent(into: scratch, caps: caps)
      found[entry.name] = Array(try contents(of: scratch, from: caps.scratchOffset).prefix(count))
    }
    return .contents(found)
  } catch let rejection as Rejection {
    return .refused(rejection)
  }
}
