// SPDX-License-Identifier: Apache-2.0

package import Validation

/// Frames a `multipart/form-data` body (RFC 7578, RFC 2046 section 5.1) as its bytes arrive, in chunks of any size.
///
/// Takes time linear in the body and memory for one part's header. It does not judge names or content.
package struct MultipartParser: Sendable {
  /// What was found next.
  package enum Event: Equatable, Sendable {
    case partBegan(MultipartPartHeader)
    /// Content of the part, as a range of the chunk.
    case content(Range<Int>)
    /// Content of the part that an earlier chunk ended in: this many bytes of what `heldBytes` returns.
    case heldContent(Int)
    case partEnded
    case refused(MultipartFault)
  }

  private enum State {
    case preamble
    case afterBoundary
    case header
    case content
    case epilogue
    case refused(MultipartFault)
  }

  /// `CR LF -- boundary`.
  ///
  /// Its only CR is the first byte, hence a mismatch never needs to look back.
  private let delimiter: [UInt8]
  private let limits: Limits
  private var state = State.preamble
  /// How much of the delimiter has been seen; a body starts as if a line end had come before it.
  private var matched = 2
  /// The bytes outside of all parts; the line end that a body only seems to start with does not count.
  private var marginBytes = -2
  private var parts = 0
  /// The header of the part, or the two bytes after a boundary, so far.
  private var gathered: [UInt8] = []

  /// A parser of bodies with this boundary.
  package init(boundary: MultipartBoundary, limits: Limits) {
    delimiter = Array("\r\n--".utf8) + boundary.bytes
    self.limits = limits
  }

  /// The bytes of a `heldContent` event.
  package func heldBytes(_ count: Int) -> [UInt8] { Array(delimiter.prefix(count)) }

  /// Reads on in `chunk` from `position`, and moves it.
  ///
  /// - Returns: what was found, or nil once the chunk is used up. After `refused` it is `refused` for ever.
  package mutating func next(_ chunk: Span<UInt8>, from position: inout Int) -> Event? {
    while position < chunk.count {
      if let event = step(chunk, &position) { return event }
    }
    return nil
  }

  /// Says that the body has ended; returns what is wrong with that, if anything.
  package func end() -> MultipartFault? {
    switch state {
    case .epilogue: nil
    case .refused(let fault): fault
    case .preamble, .afterBoundary, .header, .content: .unfinished
    }
  }

  private mutating func step(_ chunk: Span<UInt8>, _ position: inout Int) -> Event? {
    switch state {
    case .preamble: return skipPreamble(chunk, &position)
    case .afterBoundary: return readBoundaryEnd(chunk, &position)
    case .header: return readHeader(chunk, &position)
    case .content: return readContent(chunk, &position)
    case .epilogue: return skipEpilogue(chunk, &position)
    case .refused(let fault): return .refused(fault)
    }
  }

  private mutating func refuse(_ fault: MultipartFault) -> Event {
    state = .refused(fault)
    return .refused(fault)
  }

  // MARK: Before the first boundary and after the last

  private mutating func skipPreamble(_ chunk: Span<UInt8>, _ position: inout Int) -> Event? {
    switch findDelimiter(chunk, &position) {
    case .content(let range): marginBytes += range.count
    case .held(let count): marginBytes += count
    case .delimiter: state = .afterBoundary
    case .exhausted: break
    }
    return marginBytes > Int(clamping: limits.multipartMarginBytes.bytes) ? refuse(.preambleTooLong) : nil
  }

  private mutating func skipEpilogue(_ chunk: Span<UInt8>, _ position: inout Int) -> Event? {
    marginBytes += chunk.count - position
    position = chunk.count
    return marginBytes > Int(clamping: limits.multipartMarginBytes.bytes) ? refuse(.epilogueTooLong) : nil
  }

  // MARK: Boundaries and headers

  private mutating func readBoundaryEnd(_ chunk: Span<UInt8>, _ position: inout Int) -> Event? {
    gathered.append(chunk[position])
    position += 1
    guard gathered.count == 2 else { return nil }
    defer { gathered = [] }
    switch (gathered[0], gathered[1]) {
    case (0x0D, 0x0A):
      parts += 1
      state = .header
      return parts > limits.multipartParts ? refuse(.tooManyParts) : nil
    case (UInt8(ascii: "-"), UInt8(ascii: "-")):
      marginBytes = 0
      state = .epilogue
      return nil
    default: return refuse(.boundaryLineMalformed)
    }
  }

  private mutating func readHeader(_ chunk: Span<UInt8>, _ position: inout Int) -> Event? {
    while position < chunk.count {
      let byte = chunk[position]
      position += 1
      guard (byte == 0x0A) == (gathered.last == 0x0D) else { return refuse(.bareLineEnd) }
      gathered.append(byte)
      guard UInt64(gathered.count) <= limits.multipartHeaderBytes.bytes else { return refuse(.headerTooLong) }
      if byte == 0x0A, gathered.count == 2 || gathered.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A] { return beginPart() }
    }
    return nil
  }

  private mutating func beginPart() -> Event {
    defer { gathered = [] }
    switch MultipartPartHeader.parse(gathered.dropLast(2), maximumLines: limits.multipartHeaderLines) {
    case .failure(let fault): return refuse(fault)
    case .success(let header):
      state = .content
      return .partBegan(header)
    }
  }

  // MARK: Content

  private mutating func readContent(_ chunk: Span<UInt8>, _ position: inout Int) -> Event? {
    switch findDelimiter(chunk, &position) {
    case .content(let range): return .content(range)
    case .held(let count): return .heldContent(count)
    case .exhausted: return nil
    case .delimiter:
      state = .afterBoundary
      return .partEnded
    }
  }

  private enum Found {
    case content(Range<Int>)
    case held(Int)
    case delimiter
    case exhausted
  }

  private mutating func findDelimiter(_ chunk: Span<UInt8>, _ position: inout Int) -> Found {
    if matched > 0 { return continueMatch(chunk, &position) }
    let start = position
    var index = start
    while let lineEnd = chunk.firstIndex(of: 0x0D, from: index) {
      let length = matchLength(chunk, at: lineEnd)
      if length == delimiter.count || lineEnd + length == chunk.count {
        position = lineEnd
        return lineEnd > start ? .content(start..<lineEnd) : continueMatch(chunk, &position)
      }
      index = lineEnd + length
    }
    position = chunk.count
    return .content(start..<chunk.count)
  }

  /// Goes on with a delimiter of which `matched` bytes were seen, most often in earlier chunks.
  private mutating func continueMatch(_ chunk: Span<UInt8>, _ position: inout Int) -> Found {
    while position < chunk.count, matched < delimiter.count {
      guard chunk[position] == delimiter[matched] else {
        defer { matched = 0 }
        return .held(matched)
      }
      position += 1
      matched += 1
    }
    guard matched == delimiter.count else { return .exhausted }
    matched = 0
    return .delimiter
  }

  private func matchLength(_ chunk: Span<UInt8>, at start: Int) -> Int {
    var length = 1
    while length < delimiter.count, start + length < chunk.count, chunk[start + length] == delimiter[length] {
      length += 1
    }
    return length
  }
}

extension Span<UInt8> {
  fileprivate func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    var index = start
    while index < count {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }
}
