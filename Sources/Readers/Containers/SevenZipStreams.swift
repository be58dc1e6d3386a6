// SPDX-License-Identifier: Apache-2.0

import Validation

/// What a 7z directory says of packed streams and of what unpacks them, in the order in which every packer writes it.
struct SevenZipStreams {
  /// Where the first packed stream lies, counted from behind the archive's start.
  private(set) var packPosition: UInt64 = 0
  private(set) var packSizes: [UInt64] = []
  private(set) var folders: [SevenZipFolder] = []
  /// The contents in all folders together, for each of which libarchive takes memory.
  private(set) var contents = 0

  /// Reads them, and the sizes of the files that share a stream.
  ///
  /// - Throws: `archive_malformed`, or `window_too_large`.
  init(_ cursor: inout ZipCursor) throws(Rejection) {
    var tag = try cursor.integer(UInt8.self)
    if tag == 0x06 { tag = try readPacked(&cursor) }
    if tag == 0x07 { tag = try readFolders(&cursor) }
    contents = folders.count
    if tag == 0x08 { tag = try passSubstreams(&cursor) }
    try cursor.finish(tag)
  }

  /// The sum of all packed streams; nil where no archive is as long.
  var packedBytes: UInt64? {
    packSizes.reduce(0 as UInt64?) { sum, size in
      guard let (total, overflowed) = sum?.addingReportingOverflow(size), !overflowed else { return nil }
      return total
    }
  }

  private mutating func readPacked(_ cursor: inout ZipCursor) throws(Rejection) -> UInt8 {
    packPosition = try cursor.number()
    let count = try cursor.count()
    var tag = try cursor.integer(UInt8.self)
    if tag == 0x09 {
      for _ in 0..<count { packSizes.append(try cursor.number()) }
      tag = try cursor.integer(UInt8.self)
    }
    if tag == 0x0A {
      _ = try cursor.digests(count)
      tag = try cursor.integer(UInt8.self)
    }
    try cursor.finish(tag)
    return try cursor.integer(UInt8.self)
  }

  private mutating func readFolders(_ cursor: inout ZipCursor) throws(Rejection) -> UInt8 {
    try cursor.expect(0x0B)
    let count = try cursor.count()
    // Folders that lie in another stream; nobody writes them.
    try cursor.expect(0)
    for _ in 0..<count { folders.append(try SevenZipFolder(&cursor)) }
    try cursor.expect(0x0C)
    for index in folders.indices { try folders[index].readSizes(&cursor) }
    var tag = try cursor.integer(UInt8.self)
    if tag == 0x0A {
      for (index, digest) in try cursor.digests(count).enumerated() { folders[index].checksum = digest }
      tag = try cursor.integer(UInt8.self)
    }
    try cursor.finish(tag)
    return try cursor.integer(UInt8.self)
  }

  private mutating func passSubstreams(_ cursor: inout ZipCursor) throws(Rejection) -> UInt8 {
    var tag = try cursor.integer(UInt8.self)
    var counts = folders.map { _ in 1 }
    if tag == 0x0D {
      for index in counts.indices { counts[index] = try cursor.count() }
      tag = try cursor.integer(UInt8.self)
    }
    // Each count is at most eight for a byte of the directory, and each folder takes some of them: no sum overflows.
    contents = counts.reduce(0, +)
    if tag == 0x09 {
      for count in counts where count > 1 { for _ in 1..<count { _ = try cursor.number() } }
      tag = try cursor.integer(UInt8.self)
    }
    if tag == 0x0A {
      let missing = zip(counts, folders).reduce(0) { $0 + ($1.0 == 1 && $1.1.checksum != nil ? 0 : $1.0) }
      _ = try cursor.digests(missing)
      tag = try cursor.integer(UInt8.self)
    }
    try cursor.finish(tag)
    return try cursor.integer(UInt8.self)
  }
}

extension ZipCursor {
  /// A number of 7z: as many bytes follow the first as it has leading bits set, and its other bits are the highest.
  mutating func number() throws(Rejection) -> UInt64 {
    let first: UInt8 = try integer()
    var value: UInt64 = 0
    for index in 0..<8 {
      let mask = 0x80 as UInt8 >> UInt8(index)
      if first & mask == 0 { return value | UInt64(first & (mask &- 1)) << UInt64(8 * index) }
      value |= UInt64(try integer(UInt8.self)) << UInt64(8 * index)
    }
    return value
  }

  /// How many of something follow, of which each takes a byte or a bit.
  mutating func count() throws(Rejection) -> Int {
    let start = offset
    let stated = try number()
    guard let count = Int(exactly: stated), count / 8 <= remaining else {
      throw .malformed("The archive's directory counts more than it holds", at: start)
    }
    return count
  }

  /// The checksums of so many things; nil for those that have none.
  fileprivate mutating func digests(_ count: Int) throws(Rejection) -> [UInt32?] {
    guard count / 8 <= remaining else {
      throw .malformed("The archive's directory counts more than it holds", at: offset)
    }
    var isStated = [Bool](repeating: true, count: count)
    if try integer(UInt8.self) == 0 {
      var bits: UInt8 = 0
      for index in 0..<count {
        bits = index % 8 == 0 ? try integer(UInt8.self) : bits << 1
        isStated[index] = bits & 0x80 != 0
      }
    }
    var digests: [UInt32?] = []
    for isStated in isStated { digests.append(isStated ? try integer(UInt32.self) : nil) }
    return digests
  }

  fileprivate func finish(_ tag: UInt8) throws(Rejection) {
    guard tag == 0 else { throw .malformed("The archive's directory is not as packers write it", at: offset) }
  }

  mutating func expect(_ tag: UInt8) throws(Rejection) {
    let start = offset
    guard try integer(UInt8.self) == tag else {
      throw .malformed("The archive's directory is not as packers write it", at: start)
    }
  }
}
