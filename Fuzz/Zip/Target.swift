// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import ReaderFuzzing
import Readers

/// A zip archive of any bytes: our check, then libarchive beside it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  ArchiveTrial.run(unsafe [UInt8](fuzzing: start, count), mapsContents: true) { archive in
    let directory = try ZipDirectory(
      of: archive, caps: ArchiveTrial.caps, maximumEntries: ArchiveTrial.maximumEntries)
    return try ZipExpander(archive, directory)
  }
  return 0
}
