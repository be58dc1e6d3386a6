// SPDX-License-Identifier: Apache-2.0

/// A first line such as `sep=;`, by which Excel is told what parts the cells; it is no part of the table.
struct SeparatorLine {
  let delimiter: UInt8
  /// Its bytes, with those that end it.
  let length: Int

  /// nil where a text starts otherwise, or holds nothing else.
  init?(_ bytes: MappedBytes, at start: Int, end: Int) {
    // It may stand between quotes, where the program that wrote it quotes every cell.
    let quotes = start < end && bytes[start] == CSVFormat.doubleQuote ? 1 : 0
    let name = start + quotes
    let lineEnd = name + 5 + quotes
    guard lineEnd < end, Self.isName(bytes, at: name) else { return nil }
    delimiter = bytes[name + 4]
    guard DialectCandidates.delimiters.contains(delimiter), quotes == 0 || bytes[name + 5] == CSVFormat.doubleQuote
    else { return nil }
    switch bytes[lineEnd] {
    case CSVScanner.lineFeed: length = lineEnd + 1 - start
    case CSVScanner.carriageReturn:
      let isPair = lineEnd + 1 < end && bytes[lineEnd + 1] == CSVScanner.lineFeed
      length = lineEnd + (isPair ? 2 : 1) - start
    default: return nil
    }
    guard start + length < end else { return nil }
  }

  private static func isName(_ bytes: MappedBytes, at start: Int) -> Bool {
    zip("sep".utf8, start...).allSatisfy { bytes[$1] | 0x20 == $0 } && bytes[start + 3] == UInt8(ascii: "=")
  }
}
