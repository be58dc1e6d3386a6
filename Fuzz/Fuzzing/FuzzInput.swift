// SPDX-License-Identifier: Apache-2.0

/// A fuzzer's bytes, taken apart from the left into choices.
///
/// What is used up gives zeros, so that every input means something and small changes of it stay small.
package struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  package var isEmpty: Bool { rest.isEmpty }

  package mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// A little-endian integer.
  package mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
    (0..<T.bitWidth / 8).reduce(0) { $0 | T(truncatingIfNeeded: byte()) << T($1 * 8) }
  }

  /// A choice among `count` things, from 0; at most 256.
  package mutating func choice(_ count: Int) -> Int { Int(byte()) % count }

  package mutating func flag() -> Bool { byte() & 1 == 1 }

  package mutating func element<T>(of choices: [T]) -> T { choices[choice(choices.count)] }

  /// Bytes with their length, of two bytes, before them.
  package mutating func block() -> [UInt8] { bytes(Int(integer(UInt16.self))) }

  /// The next bytes; fewer at the end.
  package mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// All that is left.
  package mutating func remainder() -> [UInt8] { bytes(rest.count) }
}

extension [UInt8] {
  /// libFuzzer's bytes, copied.
  package init(fuzzing start: UnsafePointer<UInt8>?, _ count: Int) {
    // SAFETY: libFuzzer hands over `count` bytes that live until its call returns; they are copied here.
    self = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  }
}
