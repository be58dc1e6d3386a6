// SPDX-License-Identifier: Apache-2.0

/// One file of a corpus, written as `FuzzInput` reads it.
struct Seed {
  /// Of the file: letters, digits and `_`.
  let name: String
  private(set) var bytes: [UInt8] = []

  init(_ name: String, _ bytes: some Sequence<UInt8> = []) {
    self.name = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "_" })
    self.bytes = Array(bytes)
  }

  /// With more bytes.
  func adding(_ more: [UInt8]) -> Seed { Seed(name, bytes + more) }

  /// With a text.
  func adding(_ text: String) -> Seed { adding(Array(text.utf8)) }

  /// With a block: its length in two bytes, then itself.
  func addingBlock(_ block: [UInt8]) -> Seed { adding(block.count.littleEndian(2) + block) }
}

extension FixedWidthInteger {
  /// The lowest `count` bytes, the lowest first.
  func littleEndian(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: self >> Self($0 * 8)) } }
}
