// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc

/// libmagic's compiled database, mapped for reading.
///
/// It is mapped by us and not by `magic_load`, because that looks at `$MAGIC` and `~/.magic`, tries other names beside
/// the one it is given, and parses the file as text where it is not a database. Does not guard against somebody who
/// can write to the system's own directories.
@safe struct MagicDatabase: ~Copyable {
  /// Readable for `count` bytes until the owner ends; never written to.
  private let base: UnsafeMutableRawPointer
  let count: Int

  /// Where Debian, Fedora, Arch and Alpine put it.
  private static let places = [
    "/usr/share/misc/magic.mgc", "/usr/lib/file/magic.mgc", "/usr/share/file/magic.mgc",
  ]

  /// Maps the first database that exists.
  init() throws(InspectionError) {
    let mapping = unsafe try Self.map(Self.openFirst())
    unsafe base = mapping.base
    count = unsafe mapping.count
  }

  deinit {
    // SAFETY: the mapping is this owner's, and whoever was lent it (`withBytes`) ends before.
    unsafe munmap(base, count)
  }

  /// The memory itself, for the one C call that keeps it; the owner must outlive what keeps it.
  @unsafe var pointer: UnsafeMutableRawPointer { unsafe base }

  private typealias Mapping = (base: UnsafeMutableRawPointer, count: Int)

  private static func map(_ file: borrowing OwnedDescriptor) throws(InspectionError) -> Mapping {
    let length = Int(clamping: try size(of: file))
    // SAFETY: a fresh private mapping of the kernel's choice; MAP_FAILED is checked below.
    let address = unsafe mmap(nil, length, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw .databaseUnreadable(SystemCallError(call: "mmap", errno: errno))
    }
    // In the other byte order libmagic would swap the database in place, which a read-only map cannot bear.
    // SAFETY: the mapping starts at a page and is not empty; it is undone only where nobody has got it.
    guard length >= 4, unsafe address.load(as: UInt32.self) == 0xF11E_041C else {
      unsafe munmap(address, length)
      throw .databaseRefused
    }
    return unsafe (address, length)
  }

  private static func size(of file: borrowing OwnedDescriptor) throws(InspectionError) -> UInt64 {
    do { return try file.size() } catch { throw .databaseUnreadable(error) }
  }

  private static func openFirst() throws(InspectionError) -> OwnedDescriptor {
    for place in places {
      do {
        return try OwnedDescriptor.open(place, flags: O_RDONLY)
      } catch  where error.errno != ENOENT {
        throw .databaseUnreadable(error)
      } catch {
        continue
      }
    }
    throw .databaseMissing
  }
}
