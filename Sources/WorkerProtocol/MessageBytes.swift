// SPDX-License-Identifier: Apache-2.0

/// A message whose bytes contradict its layout.
///
/// Whoever receives one ends the conversation.
package struct MalformedMessage: Error, Equatable {
  package init() {}
}

/// Writes a message: integers are little-endian and of fixed width, texts carry their length.
package struct MessageWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func integer<T: FixedWidthInteger>(_ value: T) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> T(shift))) }
  }

  /// Writes a presence byte, and the value where there is one.
  package mutating func optional<T: FixedWidthInteger>(_ value: T?) {
    integer(UInt8(value == nil ? 0 : 1))
    if let value { integer(value) }
  }

  /// Writes a list of numbers; at most 65,535.
  package mutating func integers(_ values: [UInt64]) {
    integer(UInt16(truncatingIfNeeded: values.count))
    for value in values { integer(value) }
  }

  /// Writes at most `limit` bytes of a text, cut between characters.
  package mutating func text(_ text: String, limit: Int = MessageReader.longestText) {
    let cut = text.utf8.count <= limit ? text : text.cut(toBytes: limit)
    integer(UInt16(truncatingIfNeeded: cut.utf8.count))
    bytes.append(contentsOf: cut.utf8)
  }

  package mutating func optional(_ text: String?) {
    integer(UInt8(text == nil ? 0 : 1))
    if let text { self.text(text) }
  }
}

/// Reads a message that may be hostile: every length is checked, and what is left over is an error.
package struct MessageReader: Sendable {
  package static let longestText = 4096
  /// The longest name of a member that is not taken for too long, whatever the limit: of a longer one the message
  /// holds at least one byte more than this, so that worker and service judge it alike.
  package static let longestMemberName = longestText - 4
  private var rest: ArraySlice<UInt8>

  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  package mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(MalformedMessage) -> T {
    let width = T.bitWidth / 8
    guard rest.count >= width else { throw MalformedMessage() }
    var value: T = 0
    for byte in rest.prefix(width).reversed() {
      value = (T.bitWidth > 8 ? value << 8 : 0) | T(truncatingIfNeeded: byte)
    }
    rest = rest.dropFirst(width)
    return value
  }

  package mutating func flag() throws(MalformedMessage) -> Bool {
    switch try integer(UInt8.self) {
    case 0: return false
    case 1: return true
    default: throw MalformedMessage()
    }
  }

  package mutating func optionalInteger<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(MalformedMessage) -> T? {
    try flag() ? try integer(type) : nil
  }

  package mutating func integers() throws(MalformedMessage) -> [UInt64] {
    let count = Int(try integer(UInt16.self))
    guard rest.count >= count * 8 else { throw MalformedMessage() }
    var values: [UInt64] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try integer()) }
    return values
  }

  package mutating func text() throws(MalformedMessage) -> String {
    let length = Int(try integer(UInt16.self))
    guard length <= Self.longestText, rest.count >= length,
      let text = String(validating: rest.prefix(length), as: UTF8.self)
    else { throw MalformedMessage() }
    rest = rest.dropFirst(length)
    return text
  }

  package mutating func optionalText() throws(MalformedMessage) -> String? { try flag() ? try text() : nil }

  /// Reads a raw value of an enum.
  package mutating func value<T: RawRepresentable>(
    _ type: T.Type = T.self
  ) throws(MalformedMessage) -> T where T.RawValue == String {
    guard let value = T(rawValue: try text()) else { throw MalformedMessage() }
    return value
  }

  package func finish() throws(MalformedMessage) {
    guard rest.isEmpty else { throw MalformedMessage() }
  }
}

extension String {
  /// The longest start of the text of at most `limit` bytes of UTF-8 that ends between two characters.
  package func cut(toBytes limit: Int) -> String {
    var cut = ""
    var length = 0
    for character in self {
      length += character.utf8.count
      guard length <= limit else { break }
      cut.append(character)
    }
    return cut
  }

  /// The start of a name that a message has room for, cut between scalars: at most three bytes are lost to the limit.
  ///
  /// A character may have thousands of marks, and cut between characters nothing might be left.
  var cutAsName: String {
    guard utf8.count > MessageReader.longestText else { return self }
    var cut = ""
    var length = 0
    for scalar in unicodeScalars {
      length += UTF8.width(scalar)
      guard length <= MessageReader.longestText else { break }
      cut.unicodeScalars.append(scalar)
    }
    return cut
  }
}
