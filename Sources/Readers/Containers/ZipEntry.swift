// SPDX-License-Identifier: Apache-2.0

/// One entry of a checked zip archive.
package struct ZipEntry: ArchiveEntry, Hashable {
  /// The place in the archive, from 0.
  package let index: Int
  package let name: String
  package let isDirectory: Bool
  /// The bytes that the member takes in the archive.
  package let compressedBytes: UInt64
  /// The bytes that it must expand to; verified while it is expanded.
  package let expandedBytes: UInt64
  /// The checksum that it must have; verified while it is expanded.
  package let crc32: UInt32
  /// The offset of its header in the archive.
  package let byteOffset: UInt64
}
