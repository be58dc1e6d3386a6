// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

/// One entry of a checked archive.
package protocol ArchiveEntry: Sendable {
  /// The name, a label of the sender's making: never a path, and to be escaped for display.
  var name: String { get }
  /// Whether the entry is a folder, which has no content.
  var isDirectory: Bool { get }
  /// The bytes that its content has.
  var expandedBytes: UInt64 { get }
}

extension ArchiveEntry {
  /// Whether the entry is a folder or a by-product of the packer's desktop, and no file that anybody meant to send:
  /// `__MACOSX/…`, `._name`, `.DS_Store`, `Thumbs.db`, `desktop.ini`.
  package var isIgnored: Bool {
    let components = MemberName.components(name)
    guard !isDirectory, let last = components.last else { return true }
    return components.first == "__MACOSX" || last.hasPrefix("._")
      || [".ds_store", "thumbs.db", "desktop.ini"].contains(last.lowercased())
  }
}

/// Goes through a checked archive, one entry after the other.
package protocol ArchiveExpander: ~Copyable {
  associatedtype Entry: ArchiveEntry

  /// Goes to the next entry; content that was not asked for is not kept.
  ///
  /// - Returns: the entry, or nil after the last one.
  /// - Throws: a `Rejection`, or a `SystemCallError` where we failed.
  mutating func next() throws -> Entry?

  /// The content of the entry that `next()` gave last, once for each.
  ///
  /// Where it must be expanded it goes to `scratch`, and `caps` are moved behind it.
  /// - Throws: as `next()`; a `Rejection` with `compressed_corrupt` concerns this entry alone, and `next()` goes on.
  mutating func content(in scratch: borrowing OwnedDescriptor, caps: inout ExpansionCaps) throws -> MappedBytes
}
