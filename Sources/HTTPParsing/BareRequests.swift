// SPDX-License-Identifier: Apache-2.0

/// Finds where requests end that are a header and nothing else.
///
/// Takes only what every reader of HTTP/1.1 sees alike: GET or HEAD, lines that end in CR LF, no line that goes on in the
/// next one, no field that announces a body, a wait or another protocol. Whether the fields are right it does not say.
package enum BareRequests {
  private static let methods = ["GET ", "HEAD "].map { Array($0.utf8) }
  /// How the names of fields start with which the next byte may be no request's first.
  private static let ambiguous = ["content-length", "transfer-encoding", "upgrade", "expect"].map { Array($0.utf8) }
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let lineFeed = UInt8(ascii: "\n")

  /// How many such requests the bytes are; nil where they are anything else, or end within one.
  package static func count(_ untrusted: Span<UInt8>) -> Int? {
    var start = 0
    var count = 0
    while start < untrusted.count {
      guard let length = length(untrusted, from: start) else { return nil }
      start += length
      count += 1
    }
    return count
  }

  /// The length of such a request at the start of the bytes, its empty line included; nil where there is none, or not all
  /// of it.
  package static func length(_ untrusted: Span<UInt8>) -> Int? { length(untrusted, from: 0) }

  private static func length(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    guard methods.contains(where: { isNamed($0, bytes, from: start) }), var line = nextLine(bytes, from: start) else {
      return nil
    }
    while let next = nextLine(bytes, from: line) {
      if next == line + 2 { return next - start }
      guard !bytes[line].isBlank, !ambiguous.contains(where: { isNamed($0, bytes, from: line) }) else { return nil }
      line = next
    }
    return nil
  }

  /// Where the line behind that of `start` starts; nil where the line does not end, or otherwise than in CR LF.
  private static func nextLine(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    for index in start..<bytes.count {
      switch bytes[index] {
      case lineFeed: return nil
      case carriageReturn: return index + 1 < bytes.count && bytes[index + 1] == lineFeed ? index + 2 : nil
      default: continue
      }
    }
    return nil
  }

  /// Whether the bytes go on with `name`, letters in either case where it has small ones.
  private static func isNamed(_ name: [UInt8], _ bytes: Span<UInt8>, from start: Int) -> Bool {
    guard bytes.count - start >= name.count else { return false }
    return name.indices.allSatisfy { index in
      let byte = bytes[start + index]
      let isLarge = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      return byte == name[index] || isLarge && byte | 0x20 == name[index]
    }
  }
}
