// SPDX-License-Identifier: Apache-2.0

package import Validation

/// The boundary of a multipart body, checked (RFC 2046 section 5.1.1).
package struct MultipartBoundary: Equatable, Sendable {
  package let bytes: [UInt8]

  /// Reads the Content-Type of a request; nil where it is not `multipart/form-data` with one good boundary.
  package init?(contentType untrusted: String, limits: Limits) {
    guard let type = FieldParameters(untrusted.utf8), type.value == "multipart/form-data" else { return nil }
    let boundaries = type.values(of: "boundary")
    guard boundaries.count == 1, let bytes = boundaries.first, !bytes.isEmpty,
      bytes.count <= limits.multipartBoundaryBytes, bytes.allSatisfy(Self.isAllowed), bytes.last != UInt8(ascii: " ")
    else { return nil }
    self.bytes = bytes
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "'()+_,-./:=? ".utf8.contains(byte)
    }
  }
}
