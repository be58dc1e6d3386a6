// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import ReaderFuzzing
import Readers

/// A tar archive of any bytes: our check, then libarchive beside it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  ArchiveTrial.run(unsafe [UInt8](fuzzing: start, count), mapsContents: false) { archive in
    let directory = try TarDirectory(of: archive, maximumEntries: ArchiveTrial.maximumEntries)
    return try TarExpander(archive, directory)
  }
  return 0
}
