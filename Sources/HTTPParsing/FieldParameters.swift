// SPDX-License-Identifier: Apache-2.0

import Validation

/// A field value with parameters, `value; name=text; name="quoted"` (RFC 9110 section 5.6.6), taken apart.
package struct FieldParameters: Sendable {
  package struct Parameter: Sendable {
    /// In lower case.
    package var name: String
    /// Its bytes without the quotes and escapes; untrusted.
    package var value: [UInt8]
  }

  /// What comes before the parameters, in lower case.
  package private(set) var value: String
  package private(set) var parameters: [Parameter] = []

  /// Takes a value apart; nil where it does not keep to the grammar.
  package init?(_ untrusted: some Sequence<UInt8>) {
    var scanner = FieldScanner(bytes: Array(untrusted))
    scanner.skipBlanks()
    value = scanner.takeWhile { $0 != UInt8(ascii: ";") && !$0.isBlank }.asciiLowercased
    scanner.skipBlanks()
    while let byte = scanner.take() {
      guard byte == UInt8(ascii: ";") else { return nil }
      scanner.skipBlanks()
      // RFC 9110 allows an empty parameter, as in a trailing semicolon.
      if let next = scanner.peek, next != UInt8(ascii: ";") {
        guard let parameter = scanner.takeParameter() else { return nil }
        parameters.append(parameter)
      }
      scanner.skipBlanks()
    }
  }

  /// The values of every parameter called `name`.
  package func values(of name: String) -> [[UInt8]] { parameters.filter { $0.name == name }.map(\.value) }
}

/// Reads a field value from left to right.
private struct FieldScanner {
  let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  mutating func take() -> UInt8? {
    guard let byte = peek else { return nil }
    index += 1
    return byte
  }

  mutating func takeWhile(_ isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = index
    while let byte = peek, isWanted(byte) { index += 1 }
    return bytes[start..<index]
  }

  mutating func skipBlanks() { _ = takeWhile(\.isBlank) }

  mutating func takeParameter() -> FieldParameters.Parameter? {
    let name = takeWhile(\.isToken).asciiLowercased
    guard !name.isEmpty, take() == UInt8(ascii: "=") else { return nil }
    if peek == UInt8(ascii: "\"") {
      index += 1
      return takeQuoted().map { FieldParameters.Parameter(name: name, value: $0) }
    }
    let value = takeWhile(\.isToken)
    return value.isEmpty ? nil : FieldParameters.Parameter(name: name, value: Array(value))
  }

  /// The rest of a quoted string.
  ///
  /// A backslash escapes only `"` and `\`, because some browsers send the backslashes of Windows paths as they are.
  private mutating func takeQuoted() -> [UInt8]? {
    var value: [UInt8] = []
    while let byte = take() {
      switch byte {
      case UInt8(ascii: "\""): return value
      case UInt8(ascii: "\\"):
        if let next = peek, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
          index += 1
          value.append(next)
        } else {
          value.append(byte)
        }
      default: value.append(byte)
      }
    }
    return nil
  }
}

extension UInt8 {
  /// Space and tab, the only white space inside a header line.
  var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension Sequence<UInt8> {
  /// The bytes as text with A to Z in lower case; for comparing tokens, which are ASCII.
  ///
  /// Not `lowercased()`, which makes a `k` of the Kelvin sign.
  var asciiLowercased: String { String(decoding: map(\.asciiLowercased), as: UTF8.self) }
}

extension UInt8 {
  fileprivate var asciiLowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
