// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import ReaderFuzzing
import Readers

extension FuzzTarget {
  /// A tar archive of any bytes: our check, then libarchive beside it.
  package static let tar = FuzzTarget(name: "fuzz-tar") { bytes in
    try ArchiveTrial.run(bytes, mapsContents: false) { archive in
      let directory = try TarDirectory(of: archive, maximumEntries: ArchiveTrial.maximumEntries)
      return try TarExpander(archive, directory)
    }
  }
}
