// SPDX-License-Identifier: Apache-2.0

extension Signature {
  /// Containers that no fixed bytes at one place tell.
  static func container(_ prefix: [UInt8]) -> Signature? {
    skippedFrame(prefix) ?? (isOldTar(prefix) ? .tar : nil)
  }

  /// What follows a skippable frame, which zstd and lz4 share: some packers begin a file with one.
  private static func skippedFrame(_ prefix: [UInt8]) -> Signature? {
    guard prefix.count >= 12, prefix[0] & 0xF0 == 0x50, prefix[1..<4].elementsEqual([0x2A, 0x4D, 0x18]) else {
      return nil
    }
    let length = prefix[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let next = prefix.dropFirst(8 + length)
    if next.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
    return next.starts(with: [0x04, 0x22, 0x4D, 0x18]) ? .lz4 : nil
  }

  /// A header of the tar of before POSIX: zeros where there is a magic today, and a checksum that agrees.
  private static func isOldTar(_ prefix: [UInt8]) -> Bool {
    guard prefix.count >= 512, prefix[0] != 0, prefix[257..<265].allSatisfy({ $0 == 0 }) else { return false }
    let digits = prefix[148..<156].filter { $0 != 0x20 && $0 != 0 }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return false }
    let stated = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
    let sum = prefix[..<512].reduce(0) { $0 + Int($1) } - prefix[148..<156].reduce(0) { $0 + Int($1) } + 8 * 0x20
    return stated == sum
  }
}
