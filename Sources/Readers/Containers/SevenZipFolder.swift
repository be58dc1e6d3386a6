// SPDX-License-Identifier: Apache-2.0

import Validation

/// One chain of decoders in a 7z directory.
struct SevenZipFolder {
  /// A decoder: what it is, and where its properties lie.
  struct Coder {
    let method: SevenZipMethod
    let properties: Range<Int>
  }

  let coders: [Coder]
  private let outputs: Int
  private(set) var unpackSizes: [UInt64] = []
  var checksum: UInt32?

  private static let mostCoders = 4
  private static let mostStreams: UInt64 = 16

  /// Reads the chain, of which no decoder may need a larger dictionary than `ExpansionCaps.largestWindow`.
  ///
  /// - Throws: `archive_malformed`, or `window_too_large`.
  init(_ cursor: inout ZipCursor) throws(Rejection) {
    let start = cursor.offset
    let count = try cursor.count()
    guard (1...Self.mostCoders).contains(count) else { throw .malformed("A member has no known decoder", at: start) }
    var coders: [Coder] = []
    var (inputs, outputs): (UInt64, UInt64) = (0, 0)
    for _ in 0..<count {
      let flags = try cursor.integer(UInt8.self)
      guard flags & 0xC0 == 0 else { throw .malformed("A member has no known decoder", at: start) }
      let method = SevenZipMethod(try cursor.bytes(Int(flags & 0x0F)))
      let isComplex = flags & 0x10 != 0
      inputs += min(isComplex ? try cursor.number() : 1, Self.mostStreams)
      outputs += min(isComplex ? try cursor.number() : 1, Self.mostStreams)
      let length = flags & 0x20 != 0 ? try cursor.count() : 0
      let at = cursor.offset
      let properties = try cursor.bytes(length)
      if let window = try method.window(properties, at: at), window > UInt64(ExpansionCaps.largestWindow) {
        throw Rejection(
          .windowTooLarge, byteOffset: UInt64(start), limit: UInt64(ExpansionCaps.largestWindow), actual: window)
      }
      coders.append(Coder(method: method, properties: at..<at + length))
    }
    guard outputs >= 1, inputs >= outputs, inputs < Self.mostStreams else {
      throw .malformed("A member's decoders do not fit together", at: start)
    }
    for _ in 1..<outputs { _ = (try cursor.number(), try cursor.number()) }
    let packed = inputs - (outputs - 1)
    if packed > 1 { for _ in 0..<packed { _ = try cursor.number() } }
    self.coders = coders
    self.outputs = Int(outputs)
  }

  mutating func readSizes(_ cursor: inout ZipCursor) throws(Rejection) {
    for _ in 0..<outputs { unpackSizes.append(try cursor.number()) }
  }
}

/// The decoders of 7z of which anything is known here.
enum SevenZipMethod {
  case copy, lzma, lzma2, ppmd, encryption, other

  init(_ identifier: [UInt8]) {
    self =
      switch identifier {
      case [0]: .copy
      case [3, 1, 1]: .lzma
      case [0x21]: .lzma2
      case [3, 4, 1]: .ppmd
      case [6, 0xF1, 7, 1]: .encryption
      default: .other
      }
  }

  /// The bytes that the decoder must keep, as its properties state them; nil where it keeps little.
  func window(_ properties: [UInt8], at offset: Int) throws(Rejection) -> UInt64? {
    switch self {
    case .copy, .encryption, .other: return nil
    case .lzma, .ppmd:
      guard properties.count == 5 else { throw .malformed("A decoder's properties are cut off", at: offset) }
      return properties[1...].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    case .lzma2:
      guard properties.count == 1, properties[0] <= 40 else {
        throw .malformed("A decoder's properties are none", at: offset)
      }
      let power = UInt64(properties[0] / 2 + 11)
      return UInt64(2 | properties[0] & 1) << power
    }
  }
}

extension ZipCursor {
  fileprivate mutating func bytes(_ count: Int) throws(Rejection) -> [UInt8] {
    var bytes: [UInt8] = []
    guard count <= remaining else { throw .malformed("A record of the archive is cut off", at: offset) }
    for _ in 0..<count { bytes.append(try integer()) }
    return bytes
  }
}
