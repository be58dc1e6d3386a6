// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import HTTPParsing
import Validation

/// What the parser makes of a body, independent of how the body was cut.
struct Framing: Equatable {
  struct Part: Equatable {
    let header: MultipartPartHeader
    var content: [UInt8] = []
    var isEnded = false
  }

  private(set) var parts: [Part] = []
  private(set) var fault: MultipartFault?

  /// Parses a body in chunks of these lengths.
  init(of body: [UInt8], _ boundary: MultipartBoundary, chunks: () -> Int = { .max }) throws {
    var parser = MultipartParser(boundary: boundary, limits: Limits())
    var rest = body[...]
    while !rest.isEmpty, fault == nil {
      let chunk = Array(rest.prefix(chunks()))
      rest = rest.dropFirst(chunk.count)
      try take(chunk, &parser)
    }
    let end = parser.end()
    try require(fault == nil || fault == end, "a fault that passes")
    fault = end
    try require(fault != nil || parts.allSatisfy(\.isEnded), "a part without an end")
  }

  private mutating func take(_ chunk: [UInt8], _ parser: inout MultipartParser) throws {
    var position = 0
    while fault == nil {
      let before = position
      guard let event = parser.next(chunk.span, from: &position) else { break }
      try require((before...chunk.count).contains(position), "the position went back")
      switch event {
      case .partBegan(let header): parts.append(Part(header: header))
      case .content(let range): try append(chunk[range])
      case .heldContent(let count): try append(parser.heldBytes(count)[...])
      case .partEnded:
        try require(parts.last?.isEnded == false, "an end without a part")
        parts[parts.count - 1].isEnded = true
      case .refused(let refusal): fault = refusal
      }
    }
    try require(fault != nil || position == chunk.count, "bytes that nobody read")
  }

  private mutating func append(_ bytes: ArraySlice<UInt8>) throws {
    try require(parts.last?.isEnded == false && !bytes.isEmpty, "content without a part")
    parts[parts.count - 1].content += bytes
  }
}
