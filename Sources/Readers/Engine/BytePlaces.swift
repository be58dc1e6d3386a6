// SPDX-License-Identifier: Apache-2.0

import CScan

/// Some of the ASCII characters.
struct ByteSet: Sendable {
  private var bits: (UInt64, UInt64) = (0, 0)

  init(_ bytes: [UInt8] = []) {
    for byte in bytes { insert(byte) }
  }

  /// Adds a character; other bytes are none.
  mutating func insert(_ byte: UInt8) {
    if byte < 64 { bits.0 |= 1 << UInt64(byte) } else if byte < 128 { bits.1 |= 1 << UInt64(byte - 64) }
  }

  func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? bits.0 >> UInt64(byte) & 1 == 1 : byte < 128 && bits.1 >> UInt64(byte - 64) & 1 == 1
  }
}

/// Where the characters of a set stand in a stretch of text, found by vectors (`CScan`).
struct BytePlaces {
  private let set: ScanSet
  /// The set: a bit for the high half of each character, at its low half.
  private let wanted: [UInt8]
  private var places: [UInt32] = []
  /// How many were found.
  private(set) var count = 0
  private var origin = 0

  init(of wanted: ByteSet, set: ScanSet = .best) {
    self.set = set
    self.wanted = (0..<16).map { low in
      (0..<8).reduce(0) { $0 | (wanted.contains(UInt8($1 << 4 | low)) ? 1 << UInt8($1) : 0) }
    }
  }

  /// Looks at a range of less than 4 GiB.
  mutating func find(in bytes: MappedBytes, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count && range.count < 1 << 32)
    if places.count <= range.count { places = .unfilled(range.count + 1) }
    origin = range.lowerBound
    count = unsafe places.withUnsafeMutableBufferPointer { places in
      guard let places = places.baseAddress else { return 0 }
      // SAFETY: the range was checked to lie in the bytes, the set has 16 bytes and the places have one more than those.
      return unsafe ingest_find_places(set.rawValue, bytes.pointer + range.lowerBound, range.count, wanted, places)
    }
  }

  /// The offset of one of them, by its number.
  @inline(__always)
  subscript(number: Int) -> Int { origin + Int(places[number]) }
}
