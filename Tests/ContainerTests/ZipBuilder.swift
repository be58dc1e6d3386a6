// SPDX-License-Identifier: Apache-2.0

@testable import Readers

/// Writes archives of stored members, sound unless told otherwise.
struct ZipBuilder {
  struct Member {
    var name: [UInt8]
    var content: [UInt8] = Array("a,b\n1,2\n".utf8)
    var flags: UInt16 = 0
    var method: UInt16 = 0
    var externalAttributes: UInt32 = 0o100_644 << 16
    var localExtra: [UInt8] = []
    var centralExtra: [UInt8] = []
    /// nil for none.
    var descriptor: [UInt8]?
    /// Bytes that belong to nothing.
    var gap: [UInt8] = []
    var declaredExpanded: UInt32?

    init(_ name: String) { self.name = Array(name.utf8) }
    init(bytes: [UInt8]) { name = bytes }

    var crc32: UInt32 {
      var checksum = Checksum()
      checksum.add(content.span)
      return checksum.value
    }
  }

  var members: [Member]
  var comment: [UInt8] = []

  static func little<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    (0..<Integer.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Integer(8 * $0)) }
  }

  /// The archive.
  var bytes: [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      directory += header(member, central: UInt32(archive.count))
      archive += header(member, central: nil) + member.content + (member.descriptor ?? []) + member.gap
    }
    return archive + directory + end(UInt16(members.count), UInt32(directory.count), UInt32(archive.count))
  }

  /// The end record.
  func end(_ count: UInt16, _ size: UInt32, _ offset: UInt32) -> [UInt8] {
    [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + Self.little(count) + Self.little(count) + Self.little(size) + Self.little(offset)
      + Self.little(UInt16(comment.count)) + comment
  }

  private func header(_ member: Member, central offset: UInt32?) -> [UInt8] {
    let isLate = offset == nil && member.descriptor != nil
    let size = UInt32(member.content.count)
    let extra = offset == nil ? member.localExtra : member.centralExtra
    var bytes: [UInt8] = offset == nil ? [0x50, 0x4B, 3, 4, 20, 0] : [0x50, 0x4B, 1, 2, 20, 3, 20, 0]
    bytes += Self.little(member.flags) + Self.little(member.method) + [0, 0, 0x21, 0x28]
    bytes += Self.little(isLate ? 0 : member.crc32) + Self.little(isLate ? 0 : size)
    bytes += Self.little(isLate ? 0 : member.declaredExpanded ?? size)
    bytes += Self.little(UInt16(member.name.count)) + Self.little(UInt16(extra.count))
    if let offset {
      bytes += [0, 0, 0, 0, 0, 0] + Self.little(member.externalAttributes) + Self.little(offset)
    }
    return bytes + member.name + extra
  }
}
