// SPDX-License-Identifier: Apache-2.0

import Validation

/// The header of one part of a form: what it is called, and what the client says about its content.
package struct MultipartPartHeader: Equatable, Sendable {
  /// The form field's name.
  package let name: String
  /// The client's file name as bytes, untrusted; nil for a plain field.
  package let untrustedFileName: [UInt8]?
  /// The declared media type, untrusted; nil where the part declares none.
  package let untrustedType: String?

  /// Reads the lines of a part's header, each with its CR LF and without the blank line.
  package static func parse(_ untrusted: [UInt8], maximumLines: Int) -> Result<MultipartPartHeader, MultipartFault> {
    Result { () throws(MultipartFault) in try MultipartPartHeader(untrusted, maximumLines: maximumLines) }
  }

  private init(_ untrusted: [UInt8], maximumLines: Int) throws(MultipartFault) {
    // The parser let no lone CR or LF through, so each LF ends a line and has a CR before it.
    let lines = untrusted.split(separator: 0x0A).map { $0.dropLast() }
    guard lines.count <= maximumLines else { throw .tooManyHeaderLines }
    var dispositions: [ArraySlice<UInt8>] = []
    var types: [ArraySlice<UInt8>] = []
    for line in lines {
      let (name, value) = try Self.field(line)
      switch name {
      case "content-disposition": dispositions.append(value)
      case "content-type": types.append(value)
      case "content-transfer-encoding": throw .transferEncoding
      default: break
      }
    }
    guard let disposition = dispositions.first else { throw .dispositionMissing }
    guard dispositions.count == 1 else { throw .dispositionRepeated }
    untrustedType = try Self.type(types)
    (name, untrustedFileName) = try Self.names(disposition)
  }

  private static func field(_ line: ArraySlice<UInt8>) throws(MultipartFault) -> (String, ArraySlice<UInt8>) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { throw .lineMalformed }
    let name = line[..<colon]
    let value = line[(colon + 1)...]
    // A folded line starts with a blank, which is no token character.
    guard name.allSatisfy(\.isToken), !value.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
      throw .lineMalformed
    }
    return (name.asciiLowercased, value)
  }

  private static func type(_ values: [ArraySlice<UInt8>]) throws(MultipartFault) -> String? {
    guard let value = values.first else { return nil }
    guard values.count == 1 else { throw .contentTypeRepeated }
    guard let text = String(validating: value, as: UTF8.self), let type = MediaType(text) else {
      throw .contentTypeMalformed
    }
    guard !type.description.hasPrefix("multipart/") else { throw .nestedMultipart }
    return text
  }

  private static func names(_ value: ArraySlice<UInt8>) throws(MultipartFault) -> (String, [UInt8]?) {
    guard let disposition = FieldParameters(value) else { throw .parameterMalformed }
    guard disposition.value == "form-data" else { throw .dispositionNotFormData }
    for parameter in disposition.parameters where parameter.name.contains("*") {
      // RFC 7578 section 4.2 forbids `filename*`, so it is not looked at; the other forms of RFC 2231 would let two
      // readers see two names.
      guard parameter.name == "filename*" else { throw .parameterSplit }
    }
    let names = disposition.values(of: "name")
    let fileNames = disposition.values(of: "filename")
    let extendedNames = disposition.values(of: "filename*")
    guard names.count <= 1, fileNames.count <= 1, extendedNames.count <= 1 else { throw .parameterRepeated }
    guard let bytes = names.first.map(formDecoded), let name = String(validating: bytes, as: UTF8.self), !name.isEmpty
    else { throw .partNameMissing }
    return (name, fileNames.first.map(formDecoded))
  }

  /// Undoes what browsers do to `"`, CR and LF in names, and nothing else (WHATWG HTML, multipart/form-data encoding
  /// algorithm).
  private static func formDecoded(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
    var decoded: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.first {
      let escape = rest.prefix(3).asciiLowercased
      if let character = ["%22": UInt8(ascii: "\""), "%0d": 0x0D, "%0a": 0x0A][escape] {
        decoded.append(character)
        rest = rest.dropFirst(3)
      } else {
        decoded.append(byte)
        rest = rest.dropFirst()
      }
    }
    return decoded
  }
}
