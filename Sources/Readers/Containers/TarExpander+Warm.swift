// SPDX-License-Identifier: Apache-2.0

extension TarExpander {
  /// Reads a tiny archive before the lock-down, as `ZipExpander.warm` does.
  ///
  /// - Throws: what reading an archive throws; the sample is sound, so that is a fault of this machine.
  package static func warm() throws {
    let archive = MappedBytes(sample)
    var expander = try TarExpander(archive, try TarDirectory(of: archive, maximumEntries: 1))
    while try expander.next() != nil {}
  }

  /// One empty file with a pax header that holds its name.
  private static let sample =
    block("PaxHeader", kind: "x", size: record.count) + record + [UInt8](repeating: 0, count: 512 - record.count)
    + block("e.csv", kind: "0", size: 0) + [UInt8](repeating: 0, count: 1_024)
  private static let record = Array("15 path=\u{E9}.csv\n".utf8)

  private static func block(_ name: String, kind: String, size: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      block.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8))
    }
    func octal(_ number: Int, digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    for (text, offset) in [
      (name, 0), ("0000644", 100), (octal(size, digits: 11), 124), ("00000000000", 136), ("        ", 148), (kind, 156),
      ("ustar\0", 257), ("00", 263),
    ] { put(text, at: offset) }
    put(octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
    return block
  }
}
