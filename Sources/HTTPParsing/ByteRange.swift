// SPDX-License-Identifier: Apache-2.0

/// What the field `Range` asks of a file (RFC 9110 section 14).
package enum ByteRange: Equatable, Sendable {
  /// The whole: there is no range, or one that may be ignored (another unit, several ranges, bad syntax).
  case whole
  /// These bytes, at least one.
  case part(Range<UInt64>)
  /// No byte of the file.
  case unsatisfiable

  /// Reads a range of a file of `length` bytes.
  package init(field untrusted: String?, length: UInt64) {
    guard let untrusted, let specifier = Self.specifier(untrusted) else {
      self = .whole
      return
    }
    self =
      switch specifier {
      case (nil, nil): .whole
      case (let first?, let last?): Self.part(first, last, length)
      case (let first?, nil): Self.part(first, .max, length)
      case (nil, let suffix?):
        suffix == 0 || length == 0 ? .unsatisfiable : .part(length - min(suffix, length)..<length)
      }
  }

  private static func part(_ first: UInt64, _ last: UInt64, _ length: UInt64) -> ByteRange {
    guard first <= last else { return .whole }
    guard first < length else { return .unsatisfiable }
    return .part(first..<min(last, length - 1) + 1)
  }

  /// The two numbers of `bytes=1-2`; nil where it is anything else.
  ///
  /// A number too large stands for the largest.
  private static func specifier(_ text: String) -> (UInt64?, UInt64?)? {
    let sides = text.split(separator: "=", maxSplits: 1)
    guard sides.count == 2, sides[0].utf8.asciiLowercased == "bytes" else { return nil }
    let numbers = sides[1].split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, numbers.allSatisfy({ $0.utf8.allSatisfy(\.isDigit) }) else { return nil }
    let values = numbers.map { $0.isEmpty ? nil : UInt64($0) ?? .max }
    return (values[0], values[1])
  }
}
