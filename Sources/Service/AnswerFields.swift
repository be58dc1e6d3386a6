// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The fields that answers carry (control 41).
enum AnswerFields {
  /// What every answer says: its type is meant, it runs nothing, no other site may embed it, and no cache may share it.
  static let common: HTTPFields = [
    .xContentTypeOptions: "nosniff",
    .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    .crossOriginResourcePolicy: "same-origin",
    .cacheControl: "no-store",
  ]

  /// For an answer that can be asked about again with its ETag.
  static let revalidated = "private, no-cache"

  /// The fields of an error answer with a body of `length` bytes.
  static func problem(_ extra: HTTPFields, length: Int) -> HTTPFields {
    var fields = common
    fields[.contentType] = ProblemBody.mediaType
    fields[.contentLength] = String(length)
    for field in extra { fields[field.name] = field.value }
    return fields
  }

  /// `attachment` with a file name (RFC 6266), in ASCII for old readers and in UTF-8 by RFC 8187.
  static func attachment(_ fileName: String) -> String {
    let plain = fileName.unicodeScalars.map { scalar in
      scalar.isASCII && scalar.value > 0x1F && !"\"\\%\u{7F}".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
    }
    return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(percentEncoded(fileName))"
  }

  /// Everything but RFC 8187's attribute characters as `%XX`.
  static func percentEncoded(_ text: String) -> String {
    text.utf8.reduce(into: "") { encoded, byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
  }
}
