// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Fuzzing
import Glibc
package import Readers
import Validation

/// An archive of any bytes, gone through as a worker would.
///
/// It must end in contents that are as long as was declared, below the caps, under names that are no way out, or in a
/// rejection of a container. What it comes to is the same twice.
package enum ArchiveTrial {
  /// Small, so that a bomb costs no time.
  package static let caps = ExpansionCaps(
    expandedBytes: 1 << 20, compressionRatio: 200, ratioFloor: 64 << 10, uploadBytes: 1 << 16)
  package static let maximumEntries: UInt64 = 50

  private static let codes: Set<Rejection.Code> = [
    .archiveMalformed, .archiveEncrypted, .archiveEntryRefused, .archiveTooManyEntries, .trailingData,
    .expandedTooLarge, .compressionRatio, .compressedCorrupt, .windowTooLarge,
  ]

  /// What became of an archive.
  private enum Outcome: Equatable {
    case contents([String: Int])
    case refused(Rejection)
  }

  /// Goes through an archive twice.
  ///
  /// - Parameter mapsContents: whether contents are maps of the scratch, rather than parts of the archive.
  package static func run<Archive: ArchiveExpander & ~Copyable>(
    _ bytes: [UInt8], mapsContents: Bool, _ open: (MappedBytes) throws -> Archive
  ) throws {
    let first = try outcome(bytes, mapsContents, open)
    try require(try first == outcome(bytes, mapsContents, open), "two outcomes of one archive")
  }

  private static func outcome<Archive: ArchiveExpander & ~Copyable>(
    _ bytes: [UInt8], _ mapsContents: Bool, _ open: (MappedBytes) throws -> Archive
  ) throws -> Outcome {
    let scratch = try OwnedDescriptor.inMemory()
    do {
      var caps = caps
      var archive = try open(ReusedMemory.filled(with: bytes))
      var found: [String: Int] = [:]
      while let entry = try archive.next() {
        try require(!climbs(entry.name), "a name that climbs: \(entry.name)")
        guard !entry.isDirectory else { continue }
        let content: MappedBytes
        do { content = try archive.content(in: scratch, caps: &caps) } catch let rejection as Rejection
          where rejection.code == .compressedCorrupt
        {
          // As a worker does: the next members can be read.
          found[entry.name] = -1
          continue
        }
        try require(UInt64(content.count) == entry.expandedBytes, "another size than declared")
        found[entry.name] = content.count
        // A worker leaves its maps to its end, which never comes here.
        // SAFETY: the map is the content's alone, and nobody looks at it any more.
        if mapsContents, content.count > 0 {
          unsafe munmap(UnsafeMutablePointer(mutating: content.pointer), content.count)
        }
        try require(found.count <= Int(maximumEntries), "endless entries")
      }
      return .contents(found)
    } catch let rejection as Rejection {
      try require(codes.contains(rejection.code), "\(rejection.code)")
      // Each content begins on a page of its own.
      try require(try scratch.size() <= caps.expandedBytes + maximumEntries << 16, "the scratch grew past its cap")
      return .refused(rejection)
    }
  }

  private static func climbs(_ name: String) -> Bool {
    name.hasPrefix("/") || name.hasPrefix("\\") || name.split { $0 == "/" || $0 == "\\" }.contains("..")
  }
}
