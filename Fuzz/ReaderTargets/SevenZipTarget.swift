// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import Glibc
import ReaderFuzzing
import Readers

extension FuzzTarget {
  /// A 7z archive of any bytes behind a start whose checksums agree, so that libarchive sees the rest.
  package static let sevenZip = FuzzTarget(name: "fuzz-7z") { bytes in
    // Names are converted by the locale, as in a worker.
    _ = locale
    try ArchiveTrial.run(mended(bytes), mapsContents: true) { archive in
      try SevenZipExpander(archive, caps: ArchiveTrial.caps, maximumEntries: ArchiveTrial.maximumEntries)
    }
  }
}

private let locale: Bool = unsafe setlocale(LC_ALL, "C.UTF-8") != nil

/// The archive with the checksums of its start and its directory as they should be, where these lie within.
private func mended(_ bytes: [UInt8]) -> [UInt8] {
  guard bytes.count >= 32 else { return bytes }
  var archive = bytes
  let offset = Int(clamping: number(bytes[12..<20]))
  guard offset <= bytes.count - 32 else { return bytes }
  replace(&archive, at: 20, UInt64(bytes.count - 32 - offset), count: 8)
  replace(&archive, at: 28, UInt64(checksum(archive[(32 + offset)...])), count: 4)
  replace(&archive, at: 8, UInt64(checksum(archive[12..<32])), count: 4)
  return archive
}

private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

private func replace(_ bytes: inout [UInt8], at offset: Int, _ value: UInt64, count: Int) {
  for index in 0..<count { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
}

/// CRC-32, bit by bit.
private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  ~bytes.reduce(UInt32.max) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}
