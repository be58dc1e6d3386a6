// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Fuzzing
import ReaderFuzzing
import Readers
import Validation
import WorkerProtocol

/// Any bytes in any encoding: they become the same well-formed UTF-8 whatever the blocks, every fault is where it is
/// refused, and every character leads back to its place.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput([UInt8](fuzzing: start, count))
  let encoding = input.element(of: TextEncoding.allCases)
  let block = 16 + Int(input.integer(UInt16.self) & 0x3FF)
  let places = (0..<4).map { _ in input.integer(UInt16.self) }
  let bytes = input.remainder()
  do {
    _ = UnmarkedText(ReusedMemory.filled(with: bytes))
    _ = UnmarkedText(ReusedMemory.filled(with: bytes), stated: encoding)
    try check(bytes, encoding, block: block, places)
  } catch { require(false, "\(error)") }
  return 0
}

private struct Decoded: Equatable {
  var text: [UInt8]
  var replaced: UInt64
  var first: Int?
}

private func decoded(
  _ bytes: [UInt8], _ encoding: TextEncoding, block: Int
) throws -> (TranscodedText, Decoded) {
  let file = try OwnedDescriptor.inMemory()
  let text = try EncodedText(ReusedMemory.filled(with: bytes), in: encoding, errors: .replace, blockBytes: block)
  let done = try text.transcode(to: file, at: 0, cap: .max)
  return (done, Decoded(text: try file.contents(), replaced: done.replaced, first: done.firstReplaced?.input))
}

private func check(_ bytes: [UInt8], _ encoding: TextEncoding, block: Int, _ places: [UInt16]) throws {
  let (_, whole) = try decoded(bytes, encoding, block: 1 << 20)
  let (done, pieces) = try decoded(bytes, encoding, block: block)
  require(whole == pieces, "blocks of \(block) make other text of \(encoding)")
  guard let text = String(validating: whole.text, as: UTF8.self) else {
    return require(false, "\(encoding) became no UTF-8")
  }
  requireRefusal(bytes, encoding, at: whole.first)
  if let expected = reference(bytes, encoding) { require(text == expected, "\(encoding) is another text for Swift") }
  let scalars = Array(text.unicodeScalars)
  for place in places where !scalars.isEmpty {
    let number = Int(place) % scalars.count
    let offset = scalars[..<number].reduce(0) { $0 + UTF8.width($1) }
    let original = Int(clamping: done.original(of: UInt64(offset)))
    // Two characters that are one in the file begin at the same place.
    let (_, before) = try decoded(Array(bytes.prefix(original)), encoding, block: 1 << 20)
    require(
      before.text.count == offset || encoding == .big5HKSCS && before.text.count < offset,
      "\(encoding): \(offset) is led back to \(original), before which there are \(before.text.count)")
  }
}

/// What is not replaced is refused at the first place that would have been.
private func requireRefusal(_ bytes: [UInt8], _ encoding: TextEncoding, at place: Int?) {
  var refused: UInt64?
  do {
    _ = try EncodedText(ReusedMemory.filled(with: bytes), in: encoding).transcode(to: .inMemory(), at: 0, cap: .max)
  } catch let rejection as Rejection {
    require(rejection.code == .invalidEncoding, "\(rejection)")
    refused = rejection.byteOffset
  } catch { require(false, "\(error)") }
  require(refused == place.map { UInt64($0) }, "refused at \(refused ?? .max), replaced at \(place ?? -1)")
}

/// Swift's own decoders, where it has one.
private func reference(_ bytes: [UInt8], _ encoding: TextEncoding) -> String? {
  func units<T: FixedWidthInteger>(_ type: T.Type, isBig: Bool) -> [T] {
    let width = T.bitWidth / 8
    return stride(from: 0, to: bytes.count - width + 1, by: width).map { start in
      let unit = bytes[start..<start + width].reduce(0) { $0 << 8 | T($1) }
      return isBig ? unit : unit.byteSwapped
    }
  }
  func end(_ width: Int) -> String { bytes.count % width == 0 ? "" : "\u{FFFD}" }
  switch encoding {
  case .utf8: return String(decoding: bytes, as: UTF8.self)
  case .utf16LittleEndian, .utf16: return String(decoding: units(UInt16.self, isBig: false), as: UTF16.self) + end(2)
  case .utf16BigEndian: return String(decoding: units(UInt16.self, isBig: true), as: UTF16.self) + end(2)
  case .utf32LittleEndian, .utf32, .utf32BigEndian:
    let scalars = units(UInt32.self, isBig: encoding == .utf32BigEndian).map { Unicode.Scalar($0) ?? "\u{FFFD}" }
    return String(String.UnicodeScalarView(scalars)) + end(4)
  case .iso8859Part1: return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  default: return nil
  }
}
