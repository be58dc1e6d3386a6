// SPDX-License-Identifier: Apache-2.0

import Validation

/// One header block of a tar archive, its checksum verified.
struct TarHeader {
  /// What the block announces.
  enum Kind {
    case file, folder
    /// Fields of the next entry (POSIX), of all entries, or the next entry's name (GNU).
    case paxHeader, globalHeader, longName
    /// Links, devices, pipes, sparse files, volumes, and whatever else there is.
    case refused
  }

  static let length = 512

  let start: Int
  let kind: Kind
  /// The bytes that follow.
  let size: UInt64
  /// The name in the block itself.
  let name: [UInt8]

  /// Reads the block at `offset`; nil where it is all zeros, or not there at all.
  ///
  /// - Throws: `archive_malformed`.
  init?(_ archive: MappedBytes, at offset: Int) throws(Rejection) {
    guard offset < archive.count else { return nil }
    guard archive.count - offset >= Self.length else { throw .malformed("A header is cut off", at: offset) }
    let block = archive.bytes(offset..<offset + Self.length)
    guard block.contains(where: { $0 != 0 }) else { return nil }
    start = offset
    guard let checksum = Self.number(block[148..<156]), Self.isChecksum(checksum, of: block) else {
      throw .malformed("A header's checksum is wrong", at: offset)
    }
    guard let size = Self.number(block[124..<136]) else { throw .malformed("A header has no size", at: offset) }
    self.size = size
    let stem = block[0..<100].prefix { $0 != 0 }
    switch block[257..<265] {
    case Array("ustar\u{0}00".utf8)[...]:
      let prefix = block[345..<500].prefix { $0 != 0 }
      name = prefix.isEmpty ? Array(stem) : prefix + [UInt8(ascii: "/")] + stem
    case Array("ustar  \u{0}".utf8)[...], [UInt8](repeating: 0, count: 8)[...]: name = Array(stem)
    default: throw .malformed("A header is of no known kind", at: offset)
    }
    kind = Self.kind(block[156])
  }

  private static func kind(_ flag: UInt8) -> Kind {
    switch Unicode.Scalar(flag) {
    case "0", "\0": .file
    case "5": .folder
    case "x": .paxHeader
    case "g": .globalHeader
    case "L": .longName
    default: .refused
    }
  }

  /// Octal digits between blanks, or a number of base 256 where the first bit is set; nil for anything else.
  private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      // Negative numbers, and those past 64 bits, mean nothing here.
      guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
      return field.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    let rest = field.drop { $0 == 0x20 }.dropFirst(digits.count)
    guard rest.allSatisfy({ $0 == 0 || $0 == 0x20 }), digits.count <= 21 else { return nil }
    return digits.reduce(0) { $0 << 3 | UInt64($1 - 0x30) }
  }

  /// The sum of all bytes, the checksum's own taken for blanks; some old tools added them up as signed ones.
  private static func isChecksum(_ stated: UInt64, of block: [UInt8]) -> Bool {
    var sum = 0
    var signed = 0
    for (index, byte) in block.enumerated() {
      let byte = (148..<156).contains(index) ? 0x20 : byte
      sum += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    return Int(exactly: stated).map { $0 == sum || $0 == signed } ?? false
  }
}
