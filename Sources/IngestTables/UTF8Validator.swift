// SPDX-License-Identifier: Apache-2.0

/// Checks that bytes are well-formed UTF-8 (Unicode 15, table 3-7), in pieces of any length.
///
/// Refuses overlong forms, surrogates, and what is above U+10FFFF. Carries a sequence that a piece cuts in two.
package struct UTF8Validator: Sendable {
  /// The continuation bytes that the current sequence still needs.
  private var missing = 0
  /// What the next continuation byte may be; the first of a sequence is often confined.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF

  package init() {}

  /// Whether what was consumed ends between two characters.
  package var isAtBoundary: Bool { missing == 0 }

  /// Consumes the next piece.
  ///
  /// - Returns: the offset in `bytes` of the first byte that cannot be, or nil.
  package mutating func consume(_ bytes: Span<UInt8>) -> Int? {
    var index = 0
    let count = bytes.count
    while index < count {
      if missing == 0 {
        index = Self.skipASCII(bytes, from: index)
        guard index < count else { return nil }
      }
      guard step(bytes.integer(at: index, as: UInt8.self)) else { return index }
      index += 1
    }
    return nil
  }

  @inline(__always)
  private static func skipASCII(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index &+ 8 <= bytes.count, bytes.integer(at: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
      index &+= 8
    }
    while index < bytes.count, bytes.integer(at: index, as: UInt8.self) < 0x80 { index &+= 1 }
    return index
  }

  @inline(__always)
  private mutating func step(_ byte: UInt8) -> Bool {
    if missing > 0 {
      guard allowed.contains(byte) else { return false }
      missing &-= 1
      allowed = 0x80...0xBF
      return true
    }
    switch byte {
    case 0x00...0x7F: return true
    case 0xC2...0xDF: return start(1, 0x80...0xBF)
    case 0xE0: return start(2, 0xA0...0xBF)
    case 0xED: return start(2, 0x80...0x9F)
    case 0xE1...0xEF: return start(2, 0x80...0xBF)
    case 0xF0: return start(3, 0x90...0xBF)
    case 0xF1...0xF3: return start(3, 0x80...0xBF)
    case 0xF4: return start(3, 0x80...0x8F)
    default: return false
    }
  }

  @inline(__always)
  private mutating func start(_ missing: Int, _ allowed: ClosedRange<UInt8>) -> Bool {
    self.missing = missing
    self.allowed = allowed
    return true
  }
}
