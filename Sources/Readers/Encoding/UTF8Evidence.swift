// SPDX-License-Identifier: Apache-2.0

import CTranscode

/// What speaks for and against a text being UTF-8 that was damaged, counted over all of it.
struct UTF8Evidence {
  /// Well-formed sequences of two bytes and more.
  private(set) var wellFormed = 0
  /// Sequences of the shape of UTF-8 that mean nothing: overlong, surrogates, past U+10FFFF, or cut off by the end.
  private(set) var malformed = 0
  /// Bytes beyond ASCII that belong to neither.
  private(set) var stray = 0

  /// Counts until all of the text has been seen, or until what is left of it cannot change the answer.
  init(_ bytes: MappedBytes) {
    var index = 0
    var nextLook = Self.look
    while index < bytes.count {
      if bytes[index] < 0x80 {
        index += max(1, bytes.asciiPrefix(from: index))
        continue
      }
      if index >= nextLook {
        guard !isDecided(left: bytes.count - index) else { return }
        nextLook = index + Self.look
      }
      let length = Self.sequenceLength(bytes[index])
      guard length > 1 else {
        if bytes[index] >= 0x80 { stray += 1 }
        index += 1
        continue
      }
      let end = min(index + length, bytes.count)
      let continuations = (index + 1..<end).prefix { bytes[$0] & 0xC0 == 0x80 }.count
      if continuations < length - 1 {
        if index + 1 + continuations == bytes.count { malformed += 1 } else { stray += 1 + continuations }
      } else if Self.isWellFormed(bytes[index], bytes[index + 1]) {
        wellFormed += 1
      } else {
        malformed += 1
      }
      index += 1 + continuations
    }
  }

  /// Whether the text is meant to be UTF-8: reading all of it as something else would garble what is well formed.
  var isDamagedUTF8: Bool { wellFormed >= 10 * (malformed + stray) || malformed >= stray }

  private static let look = 1 << 20

  /// Whether the text is no damaged UTF-8, whatever the bytes that are left: two of them make a sequence at best.
  private func isDecided(left: Int) -> Bool {
    let most = left / 2
    return wellFormed + most < 10 * (malformed + stray) && malformed + most < stray
  }

  /// By the first byte; 1 for what begins no sequence.
  private static func sequenceLength(_ lead: UInt8) -> Int {
    switch lead {
    case 0xC0...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF7: 4
    default: 1
    }
  }

  /// Whether the second byte fits the first (Unicode 15, table 3-7).
  private static func isWellFormed(_ lead: UInt8, _ second: UInt8) -> Bool {
    switch lead {
    case 0xC0, 0xC1, 0xF5...0xF7: false
    case 0xE0: second >= 0xA0
    case 0xED: second < 0xA0
    case 0xF0: second >= 0x90
    case 0xF4: second < 0x90
    default: true
    }
  }
}

extension MappedBytes {
  /// How many bytes from `index` on are surely ASCII; fewer than there are, by less than 16.
  fileprivate func asciiPrefix(from index: Int) -> Int {
    withSpan(index..<count) { span in
      unsafe span.withUnsafeBufferPointer { buffer in
        // SAFETY: the call reads the span.
        unsafe buffer.baseAddress.map { unsafe ingest_ascii_prefix($0, buffer.count) } ?? 0
      }
    }
  }
}
