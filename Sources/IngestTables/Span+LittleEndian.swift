// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
  /// The integer whose little-endian bytes start at `offset`, which need not be aligned.
  ///
  /// Arrow buffers are little-endian, as is every machine that the program is built for.
  @inline(__always)
  package func integer<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type = T.self) -> T {
    // SAFETY: the call checks the bounds, and every bit pattern is a value of an integer type.
    T(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Whether bit `index` is set, counted from the least significant bit of the first byte at `offset`.
  @inline(__always)
  package func bit(_ index: Int, at offset: Int = 0) -> Bool {
    integer(at: offset + index >> 3, as: UInt8.self) >> UInt8(truncatingIfNeeded: index & 7) & 1 == 1
  }
}
