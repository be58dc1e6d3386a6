// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// How a text is written, and how that is known.
struct FoundEncoding {
  /// What says so.
  enum Ground {
    case stated, marked
    /// The bytes themselves, by where the zeros among them stand.
    case shown
    /// Nothing; UTF-8 is tried first.
    case assumed
  }

  let encoding: TextEncoding
  let ground: Ground
  /// The bytes of the mark before the text.
  let markBytes: Int

  init(_ encoding: TextEncoding, _ ground: Ground, markBytes: Int = 0) {
    self.encoding = encoding
    self.ground = ground
    self.markBytes = markBytes
  }

  /// - Parameter stated: what the sender says.
  /// - Throws: `encoding_mismatch` where the text's first bytes say something else.
  init(_ bytes: MappedBytes, stated: TextEncoding?) throws(Rejection) {
    let mark = ByteOrderMark(bytes)
    if let stated { self = try Self.checked(stated, mark, bytes) } else { self.init(mark, bytes) }
  }

  private init(_ mark: ByteOrderMark?, _ bytes: MappedBytes) {
    if let mark {
      self.init(mark.encoding, .marked, markBytes: mark.length)
    } else if let text = UnmarkedText(bytes) {
      self.init(text.encoding, .shown)
    } else {
      self.init(.utf8, .assumed)
    }
  }

  /// What the sender says, where nothing contradicts it.
  private static func checked(
    _ stated: TextEncoding, _ mark: ByteOrderMark?, _ bytes: MappedBytes
  ) throws(Rejection) -> FoundEncoding {
    if let mark {
      guard stated.agrees(withMark: mark.encoding) else { throw .mismatch(stated, mark.encoding) }
      return FoundEncoding(mark.encoding, .stated, markBytes: mark.length)
    }
    guard stated == .utf16 || stated == .utf32 else { return FoundEncoding(stated, .stated) }
    guard let text = UnmarkedText(bytes, stated: stated) else { throw .mismatch(stated, nil) }
    return FoundEncoding(text.encoding, .shown)
  }

  /// What people should know about how the text became UTF-8, which is `decoded`.
  func notes(on text: TranscodedText, _ decoded: MappedBytes) -> [Note] {
    var notes: [Note] = []
    if let first = text.firstReplaced {
      let line = LineCounter.lines(of: [first.output], in: decoded)[first.output]
      notes.append(Note(.replacedBytes, count: text.replaced, line: line, byteOffset: UInt64(first.input)))
    }
    switch ground {
    case .assumed where encoding == .windows1252: notes.append(Note(.assumedEncoding, count: text.counted))
    case .shown: notes.append(Note(.unmarkedEncoding, count: 1, example: encoding.rawValue))
    default:
      if text.counted > 0 { notes.append(Note(.controlCharacters, count: text.counted, example: encoding.rawValue)) }
    }
    return notes
  }
}

extension Rejection {
  /// The refusal of a text that shows another encoding than was stated.
  fileprivate static func mismatch(_ stated: TextEncoding, _ found: TextEncoding?) -> Rejection {
    var rejection = Rejection(.encodingMismatch, byteOffset: 0)
    guard let found else { return rejection }
    rejection.expected = stated.rawValue
    rejection.example = found.rawValue
    return rejection
  }
}
