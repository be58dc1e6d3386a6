// SPDX-License-Identifier: Apache-2.0

import Validation

/// How the members lie in the archive: one after the other from its first byte to the directory, nothing between.
///
/// Common tools all write so, which makes the strictest rule the simplest one: bytes that no header accounts for are
/// refused, and members cannot overlap. Does not guard what hides in extra fields and comments.
struct ZipLayout {
  private let archive: MappedBytes
  private var next = 0

  /// Starts at the archive's first byte.
  init(_ archive: MappedBytes) {
    self.archive = archive
  }

  /// Takes the next member in the order of offsets; `end` is where the one after it starts.
  ///
  /// - Throws: `archive_malformed` where it does not begin where the last one ended, contradicts the directory, or does
  ///   not fill its place.
  mutating func take(_ central: ZipCentralHeader, end: Int) throws(Rejection) {
    guard central.localOffset == UInt64(next) else {
      throw .malformed(
        central.localOffset < UInt64(next) ? "Two members overlap" : "Bytes belong to no member", at: next)
    }
    let local = try ZipLocalHeader(archive, next..<end)
    guard local.header.describesSameMember(as: central.header, in: archive) else {
      throw .malformed("A member's header contradicts the archive's directory", at: next)
    }
    // The sizes are hostile, so the place is measured by subtracting what is known to fit.
    guard let length = Int(exactly: central.header.compressed), length <= end - local.dataOffset else {
      throw .malformed("A member is cut off, or overlaps the next one", at: next)
    }
    try checkDescriptor(local.header, central.header, local.dataOffset + length..<end)
    next = end
  }

  /// What follows the data must be the data descriptor, and nothing else.
  private func checkDescriptor(
    _ local: ZipHeader, _ central: ZipHeader, _ range: Range<Int>
  ) throws(Rejection) {
    if range.isEmpty {
      guard local.hasValues(of: central) else {
        throw .malformed("A member's header has no sizes, and none follow its data", at: local.start)
      }
      return
    }
    // The signature is optional and the sizes have 4 or 8 bytes (APPNOTE 4.3.9), so the length tells which.
    guard local.flags.contains(.dataDescriptor), [12, 16, 20, 24].contains(range.count) else {
      throw .malformed("Bytes follow a member's data", at: range.lowerBound)
    }
    var cursor = ZipCursor(archive, range)
    if range.count == 16 || range.count == 24 { try cursor.signature(0x0807_4B50, of: "data descriptor") }
    let crc32: UInt32 = try cursor.integer()
    let isWide = range.count >= 20
    let compressed = isWide ? try cursor.integer(UInt64.self) : UInt64(try cursor.integer(UInt32.self))
    let expanded = isWide ? try cursor.integer(UInt64.self) : UInt64(try cursor.integer(UInt32.self))
    guard crc32 == central.crc32, compressed == central.compressed, expanded == central.expanded else {
      throw .malformed("A member's data descriptor contradicts the archive's directory", at: range.lowerBound)
    }
  }
}

extension ZipHeader {
  /// Whether a local header says what the directory does: name, flags, method, and the sizes and checksum that it has.
  fileprivate func describesSameMember(as central: ZipHeader, in archive: MappedBytes) -> Bool {
    guard flags.subtracting(.effort) == central.flags.subtracting(.effort), method == central.method,
      archive.bytes(name) == archive.bytes(central.name), hasSameUnicodePath(as: central, in: archive)
    else { return false }
    guard flags.contains(.dataDescriptor) else { return hasValues(of: central) }
    // Before the data is written they may be unknown; where they are filled in all the same, they must be right.
    return (crc32 == 0 || crc32 == central.crc32) && (compressed == 0 || compressed == central.compressed)
      && (expanded == 0 || expanded == central.expanded)
  }

  fileprivate func hasValues(of central: ZipHeader) -> Bool {
    crc32 == central.crc32 && compressed == central.compressed && expanded == central.expanded
  }

  /// A second name in one header only, or two different ones, would let readers disagree.
  private func hasSameUnicodePath(as central: ZipHeader, in archive: MappedBytes) -> Bool {
    extra.unicodePath.map(archive.bytes) == central.extra.unicodePath.map(archive.bytes)
  }
}
