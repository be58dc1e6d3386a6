// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import Inspection
import Readers
import WorkerChannel
import WorkerProtocol

/// The parsers, past all that they do on first use: they open files then, which nobody can after the confinement.
final class WarmParsers {
  var inspector: ContentInspector

  var libraries: LibraryVersions {
    LibraryVersions(magic: ContentInspector.libraryVersion, archive: ZipExpander.libraryVersion)
  }

  init() throws {
    // SAFETY: the literal's bytes outlive the call and end in a zero.
    _ = unsafe setlocale(LC_CTYPE, "C.UTF-8")
    tzset()
    inspector = try ContentInspector()
    inspector.warm()
    try ZipExpander.warm()
    try TarExpander.warm()
    try SevenZipExpander.warm(in: OwnedDescriptor.makeInMemory())
  }
}
