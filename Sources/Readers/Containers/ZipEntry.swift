// SPDX-License-Identifier: Apache-2.0

/// One entry of a checked archive.
package struct ZipEntry: Sendable, Hashable {
  /// The place in the archive, from 0.
  package let index: Int
  /// The name, a label of the sender's making: never a path, and to be escaped for display.
  package let name: String
  /// Whether the entry is a folder, which has no content.
  package let isDirectory: Bool
  /// The bytes that the member takes in the archive.
  package let compressedBytes: UInt64
  /// The bytes that it must expand to; verified while it is expanded.
  package let expandedBytes: UInt64
  /// The checksum that it must have; verified while it is expanded.
  package let crc32: UInt32
  /// The offset of its header in the archive.
  package let byteOffset: UInt64

  /// Whether the entry is a folder or a by-product of the packer's desktop, and no file that anybody meant to send:
  /// `__MACOSX/…`, `.DS_Store`, `Thumbs.db`, `desktop.ini`.
  package var isIgnored: Bool {
    let components = name.split(omittingEmptySubsequences: true) { $0 == "/" || $0 == "\\" }
    guard !isDirectory, let last = components.last else { return true }
    return components.first == "__MACOSX" || [".ds_store", "thumbs.db", "desktop.ini"].contains(last.lowercased())
  }
}
