// SPDX-License-Identifier: Apache-2.0

import CZlib

/// The CRC-32 of gzip and zip, taken piece by piece.
struct Checksum {
  private(set) var value: UInt32 = 0

  /// Takes further bytes in.
  mutating func add(_ bytes: Span<UInt8>) {
    // SAFETY: zlib reads within the span.
    value = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(value), buffer.baseAddress, buffer.count))
    }
  }
}
