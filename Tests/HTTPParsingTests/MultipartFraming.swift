// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Validation

/// What the parser makes of a body, independent of how the body was cut into chunks.
struct Framed: Equatable, CustomStringConvertible {
  struct Part: Equatable {
    var name: String
    var fileName: String?
    var type: String?
    var content: String
    var isEnded = false
  }

  var parts: [Part] = []
  var fault: MultipartFault?

  var description: String { "\(parts) \(fault.map { "\($0)" } ?? "complete")" }

  static func complete(_ parts: Part...) -> Framed { Framed(parts: parts) }

  /// Parses `body` in chunks of these lengths, the last one over and over.
  init(_ body: [UInt8], boundary: String = "b", limits: Limits = Limits(), chunks: [Int] = [.max]) throws {
    let boundary = try MultipartBoundary.of(boundary)
    var parser = MultipartParser(boundary: boundary, limits: limits)
    var rest = body[...]
    var lengths = chunks[...]
    while !rest.isEmpty, fault == nil {
      let length = lengths.count > 1 ? lengths.removeFirst() : lengths.first ?? .max
      let chunk = Array(rest.prefix(max(1, length)))
      rest = rest.dropFirst(chunk.count)
      take(chunk, &parser)
    }
    fault = fault ?? parser.end()
  }

  private init(parts: [Part]) { self.parts = parts }

  private mutating func take(_ chunk: [UInt8], _ parser: inout MultipartParser) {
    var position = 0
    while fault == nil, let event = parser.next(chunk.span, from: &position) {
      switch event {
      case .partBegan(let header):
        parts.append(
          Part(
            name: header.name, fileName: header.untrustedFileName.map { String(decoding: $0, as: UTF8.self) },
            type: header.untrustedType, content: ""))
      case .content(let range): append(chunk[range])
      case .heldContent(let count): append(parser.heldBytes(count)[...])
      case .partEnded: parts[parts.count - 1].isEnded = true
      case .refused(let refusal): fault = refusal
      }
    }
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) {
    parts[parts.count - 1].content += bytes.map { String(UnicodeScalar($0)) }.joined()
  }
}

extension Framed.Part {
  static func field(_ name: String, _ content: String) -> Framed.Part {
    Framed.Part(name: name, content: content, isEnded: true)
  }

  static func file(_ name: String, _ content: String, type: String? = nil) -> Framed.Part {
    Framed.Part(name: "file", fileName: name, type: type, content: content, isEnded: true)
  }
}

extension MultipartBoundary {
  struct Refused: Error {}

  static func of(_ text: String) throws -> MultipartBoundary {
    guard let boundary = MultipartBoundary(contentType: "multipart/form-data; boundary=\"\(text)\"", limits: Limits())
    else { throw Refused() }
    return boundary
  }
}
