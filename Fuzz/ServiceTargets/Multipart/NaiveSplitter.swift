// SPDX-License-Identifier: Apache-2.0

/// Splits a body at its delimiters by the letter of RFC 2046 section 5.1.1, in quadratic time.
enum NaiveSplitter {
  /// The contents of all parts up to the last boundary; nil where the body is not well-formed.
  static func contents(of body: [UInt8], _ boundary: [UInt8]) -> [[UInt8]]? {
    let delimiter = [0x0D, 0x0A, 0x2D, 0x2D] + boundary
    // A body starts as if a line end had come before it.
    var rest = ([0x0D, 0x0A] + body)[...]
    guard let first = index(of: delimiter, in: rest) else { return nil }
    rest = rest[(first + delimiter.count)...]
    var contents: [[UInt8]] = []
    while !rest.starts(with: [0x2D, 0x2D]) {
      guard rest.starts(with: [0x0D, 0x0A]) else { return nil }
      // A part without header lines has its blank line right behind the boundary line.
      guard let headerEnd = index(of: [0x0D, 0x0A, 0x0D, 0x0A], in: rest) else { return nil }
      rest = rest[(headerEnd + 4)...]
      guard let end = index(of: delimiter, in: rest) else { return nil }
      contents.append(Array(rest[..<end]))
      rest = rest[(end + delimiter.count)...]
    }
    return contents
  }

  private static func index(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.indices.first { bytes[$0...].starts(with: needle) }
  }
}
