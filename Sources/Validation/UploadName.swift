// SPDX-License-Identifier: Apache-2.0

/// A client's file name, checked.
///
/// It is display data and never becomes a path.
public struct UploadName: Sendable, Hashable {
  /// The last path component of what the client sent.
  public let display: String
  /// The last extension, lower case, without the dot; nil where the name has none.
  public let `extension`: String?

  /// The name without its last extension.
  package var stem: String {
    guard let dot = display.lastIndex(of: "."), dot != display.startIndex else { return display }
    return String(display[..<dot])
  }

  /// Checks a name as it came from a header, an archive or the command line.
  ///
  /// The extension is taken after one percent-decode, because some consumers decode once more: `a.php%00.csv` must not
  /// pass as CSV. Does not guard against a confusing but printable name such as `invoice.pdf.csv`.
  ///
  /// - Returns: the name, or a rejection with `name_invalid` or `name_too_long`.
  public static func check(_ untrustedName: some Sequence<UInt8>, limits: Limits) -> Result<UploadName, Rejection> {
    let untrustedBytes = Array(untrustedName)
    guard untrustedBytes.count <= limits.fileNameBytes else {
      return .failure(
        Rejection(.nameTooLong, limit: UInt64(limits.fileNameBytes), actual: UInt64(untrustedBytes.count)))
    }
    guard let untrusted = String(validating: untrustedBytes, as: UTF8.self),
      let decoded = String(validating: percentDecoded(untrustedBytes), as: UTF8.self),
      !untrusted.unicodeScalars.contains(where: \.isInvisible), !decoded.unicodeScalars.contains(where: \.isInvisible)
    else { return .failure(Rejection(.nameInvalid)) }
    let last = lastComponent(untrusted)
    let decodedLast = lastComponent(decoded)
    // `a.php%2F` would claim nothing, but be `a.php` to whoever decodes it.
    guard ![last, decodedLast].contains(where: { ["", ".", ".."].contains($0) }) else {
      return .failure(Rejection(.nameInvalid, reason: "The file name is empty"))
    }
    return .success(UploadName(display: last, extension: lastExtension(decodedLast)))
  }

  /// The name of what a compressed file holds: `sales.csv` for `sales.csv.gz`.
  package var inner: UploadName {
    // `sales.tgz` holds `sales.tar`.
    let name = Self.compressedTar.contains(`extension` ?? "") ? stem + ".tar" : stem
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
      return UploadName(display: name, extension: nil)
    }
    return UploadName(display: name, extension: name[name.index(after: dot)...].lowercased())
  }

  private static let compressedTar: Set = ["tgz", "tbz2", "tbz", "txz", "tzst", "tlz4"]

  /// By scalars, since a combining mark after a separator makes another character of it.
  private static func lastComponent(_ text: String) -> String {
    let components = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
    return components.last.map { String($0) } ?? ""
  }

  private static func lastExtension(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    guard let dot = scalars.lastIndex(of: ".") else { return nil }
    return String(scalars[scalars.index(after: dot)...]).lowercased()
  }

  private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = bytes[index + 1].hexDigitValue,
        let low = bytes[index + 2].hexDigitValue
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return decoded
  }
}

extension UInt8 {
  /// The value of an ASCII hexadecimal digit; nil for any other byte.
  package var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension Unicode.Scalar {
  /// Controls, bidirectional and zero-width characters: what hides or reorders the rest on a screen (CWE-451).
  ///
  /// The joiners U+200C and U+200D count too, although some scripts use them: a file name can do without.
  package var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
    default: false
    }
  }
}

extension String {
  /// The text with every invisible character written as `\u{…}`, safe for a terminal or a log line (CWE-117, 150).
  public var escapedForDisplay: String {
    guard unicodeScalars.contains(where: \.isInvisible) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isInvisible {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}
