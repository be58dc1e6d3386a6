// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import HTTPParsing
import Validation

/// The values of single fields.
enum FieldChecks {
  private static let limits = Limits()

  /// What is taken apart and put together again, every value quoted, means the same.
  static func parameters(_ input: inout FuzzInput) throws {
    guard let field = FieldParameters(input.remainder()) else { return }
    var written = Array(field.value.utf8)
    for parameter in field.parameters {
      try require(!parameter.name.isEmpty && parameter.name.utf8.allSatisfy(\.isToken), "name of a parameter")
      written += Array("; \(parameter.name)=\"".utf8)
      for byte in parameter.value {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { written.append(UInt8(ascii: "\\")) }
        written.append(byte)
      }
      written.append(UInt8(ascii: "\""))
      try require(field.values(of: parameter.name).contains(parameter.value), "a value that is not found")
    }
    guard let again = FieldParameters(written) else { return try require(false, "what was written is not read") }
    try require(again.value == field.value, "value")
    try require(again.parameters.map(\.name) == field.parameters.map(\.name), "names")
    try require(again.parameters.map(\.value) == field.parameters.map(\.value), "values")
  }

  static func disposition(_ input: inout FuzzInput) throws {
    // The parser lets through only lines that end in CR LF.
    let lines = input.remainder().split(separator: 0x0A).flatMap { $0.filter { $0 != 0x0D } + [0x0D, 0x0A] }
    let untrusted = input.isEmpty ? lines : []
    switch MultipartPartHeader.parse(untrusted, maximumLines: limits.multipartHeaderLines) {
    case .failure(let fault): try require(!fault.reason.isEmpty, "a fault without a reason")
    case .success(let header):
      try require(!header.name.isEmpty, "a part without a name")
      try require(header.untrustedType.map { MediaType($0) != nil } ?? true, "a part's type")
      try require(header.untrustedFileName.map { $0.count <= untrusted.count } ?? true, "a name that grew")
    }
  }

  static func boundary(_ input: inout FuzzInput) throws {
    guard let boundary = MultipartBoundary(contentType: input.text(), limits: limits) else { return }
    try require((1...70).contains(boundary.bytes.count), "length of a boundary")
    try require(boundary.bytes.allSatisfy { (0x20..<0x7F).contains($0) }, "a boundary with controls")
  }

  /// A list of tags as RFC 9110 writes it, read by hand.
  static func entityTag(_ input: inout FuzzInput) throws {
    let tag = input.flag() ? EntityTag(naming: "abc-csv-1") : EntityTag(content: input.bytes(3))
    let field = input.text()
    let wanted = [Array("*".utf8), Array(tag.text.utf8), Array("W/\(tag.text)".utf8)]
    let isNamed = Array(field.utf8).split(separator: UInt8(ascii: ",")).contains { element in
      wanted.contains(Array(element.trimmed { $0 == 0x20 || $0 == 0x09 }))
    }
    try require(tag.isNamed(in: field) == isNamed, "If-None-Match: \(field)")
  }

  static func byteRange(_ input: inout FuzzInput) throws {
    let length: UInt64 = input.flag() ? UInt64(input.byte()) : input.integer()
    let field = input.text()
    switch ByteRange(field: field, length: length) {
    case .part(let range):
      try require(!range.isEmpty && range.upperBound <= length, "\(field) of \(length): \(range)")
      try require(field.lowercased().hasPrefix("bytes="), "a unit that is not ours")
      // The range itself, written out, is itself.
      let written = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
      try require(ByteRange(field: written, length: length) == .part(range), "\(written) of \(length)")
    case .whole, .unsatisfiable: break
    }
  }

  /// What is stated stays so beside other preferences, and is there in the field's own letters.
  static func prefer(_ input: inout FuzzInput) throws {
    let field = input.text()
    let isStated = PreferField(field).states("respond-async")
    try require(PreferField("wait=10, " + field).states("respond-async") == isStated, "beside another: \(field)")
    guard isStated else { return }
    // Blanks are passed over, also where a stricter reader would see none.
    let letters = field.utf8.filter { $0 != 0x20 && $0 != 0x09 }
    try require(String(decoding: letters, as: UTF8.self).asciiLowercased.contains("respond-async"), "out of nothing")
    try require(PreferField("\(field), a=\"").states("respond-async"), "before another: \(field)")
  }

  static func accept(_ input: inout FuzzInput) throws {
    let text = input.text()
    let accept = AcceptField(text)
    for type in ["text/csv", "application/json", "application/vnd.apache.arrow.file"] {
      try require((0...1_000).contains(accept.weight(of: type)), "a weight out of range")
    }
    let codings = AcceptEncodingField(text)
    try require(!codings.prefersGzip || codings.acceptsGzip, "what is not acceptable is preferred")
    let letters = text.asciiLowercased
    try require(!codings.acceptsGzip || letters.contains("gzip") || letters.contains("*"), "out of nothing")
  }
}

extension ArraySlice {
  fileprivate func trimmed(_ isBlank: (Element) -> Bool) -> [Element] {
    Array(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
