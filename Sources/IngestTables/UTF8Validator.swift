// SPDX-License-Identifier: Apache-2.0

/// Checks that bytes are well-formed UTF-8 (Unicode 15, table 3-7), in pieces of any length.
///
/// Refuses overlong forms, surrogates, and what is above U+10FFFF. Carries a sequence that a piece cuts in two.
package struct UTF8Validator: Sendable {
  /// The continuation bytes that the current sequence still needs.
  private var missing = 0
  /// What the next continuation byte may be; the first of a sequence is often confined.
  private var allowed: ClosedRange<UInt8> = 0x80...0xBF
  private let checks: ByteChecks
  /// Whether all that was consumed is ASCII for sure.
  private(set) var isASCII = true
  /// Fewer bytes than this are not worth a call.
  private static let fewest = 64
  /// How many bytes are looked at one by one where many at a time found no more to be sound.
  private static let stride = 32

  package init(using instructions: VectorInstructions = .best) { checks = ByteChecks(instructions) }

  /// Whether what was consumed ends between two characters.
  package var isAtBoundary: Bool { missing == 0 }

  /// Consumes the next piece.
  ///
  /// - Returns: the offset in `bytes` of the first byte that cannot be, or nil.
  package mutating func consume(_ bytes: Span<UInt8>) -> Int? {
    switch consume(bytes, refusingControls: false) {
    case .malformed(let offset)?, .control(let offset)?: offset
    case nil: nil
    }
  }

  /// Consumes the next piece of a text without control characters, but for TAB, LF, VT, FF and CR.
  ///
  /// - Returns: nil, or what is wrong: a control character anywhere in the piece comes before what is malformed.
  package mutating func consumeText(_ bytes: Span<UInt8>) -> TextFault? {
    let fault = consume(bytes, refusingControls: true)
    guard case .malformed(let offset)? = fault else { return fault }
    for index in offset..<bytes.count where bytes[index].isRefusedControl { return .control(index) }
    return fault
  }

  private mutating func consume(_ bytes: Span<UInt8>, refusingControls: Bool) -> TextFault? {
    var index = 0
    let count = bytes.count
    while index < count {
      if missing == 0, count - index >= Self.fewest {
        let clean = checks.cleanText(bytes.extracting(index..<count), refusingControls: refusingControls)
        index += clean.length
        if clean.mayHoldOthers { isASCII = false }
      }
      let end = min(index + Self.stride, count)
      while index < end {
        let byte = bytes[index]
        if refusingControls, byte.isRefusedControl { return .control(index) }
        guard step(byte) else { return .malformed(index) }
        index += 1
      }
      // The next call must begin at a character.
      while missing > 0, index < count {
        if refusingControls, bytes[index].isRefusedControl { return .control(index) }
        guard step(bytes[index]) else { return .malformed(index) }
        index += 1
      }
    }
    return nil
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
    isASCII = false
    return true
  }
}

/// Why bytes are no text, with an offset in the piece that shows it.
package enum TextFault: Error, Hashable {
  case malformed(Int)
  case control(Int)
}

extension UInt8 {
  /// Whether no text holds this: DEL, and what is below a blank, but for TAB, LF, VT, FF and CR.
  @inline(__always)
  fileprivate var isRefusedControl: Bool { self < 0x20 && !(0x09...0x0D).contains(self) || self == 0x7F }
}
