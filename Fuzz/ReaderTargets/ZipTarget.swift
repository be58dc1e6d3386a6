// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import ReaderFuzzing
import Readers

extension FuzzTarget {
  /// A zip archive of any bytes: our check, then libarchive beside it.
  package static let zip = FuzzTarget(name: "fuzz-zip") { bytes in
    try ArchiveTrial.run(bytes, mapsContents: true) { archive in
      let directory = try ZipDirectory(
        of: archive, caps: ArchiveTrial.caps, maximumEntries: ArchiveTrial.maximumEntries)
      return try ZipExpander(archive, directory)
    }
  }
}
