// SPDX-License-Identifier: Apache-2.0

import CTranscode
import WorkerProtocol

/// Encodings of one byte or more a character, by ICU's converters.
///
/// ICU lets bytes that no table defines pass as C1 controls or as characters for private use; they stand for nothing here
/// unless the encoding's own standard maps them so.
final class MultiByteDecoder: TextDecoder {
  private let converter: Converter
  private let hasPrivateUse: Bool
  private var units: [UInt16] = []
  private var offsets: [Int32] = []

  init(_ encoding: TextEncoding) throws(ConverterFailure) {
    converter = try Converter(encoding)
    hasPrivateUse = encoding == .gb18030 || encoding == .shiftJIS
  }

  func decode(_ block: Span<UInt8>, isLast: Bool, into text: inout DecodedText) throws -> DecodedBlock {
    guard block.count > 0 else { return DecodedBlock(consumed: 0) }
    var noOffsets: [Int32] = []
    var answer = try converter.convert(block, isLast: isLast, into: &units, offsets: &noOffsets)
    let end = hasPrivateUse ? answer.units : firstPrivate(before: answer.units)
    if end < answer.units { answer = try stop(answer, at: end, block, isLast) }
    guard appendUnits(answer.units, decodedFrom: block.count, to: &text) else { throw ConverterFailure() }
    guard answer.malformed > 0 else { return DecodedBlock(consumed: answer.consumed) }
    return DecodedBlock(consumed: answer.consumed, malformed: withoutASCII(answer, block))
  }

  /// Ends the answer before the character that begins at a unit.
  private func stop(
    _ answer: Converter.Answer, at unit: Int, _ block: Span<UInt8>, _ isLast: Bool
  ) throws(ConverterFailure) -> Converter.Answer {
    if offsets.count < units.count { offsets = [Int32](repeating: 0, count: units.count) }
    _ = try converter.convert(block, isLast: isLast, into: &units, offsets: &offsets)
    let start = offsets[unit]
    // A character may be several units, of which this need not be the first.
    let first = offsets[..<unit].lastIndex { $0 != start }.map { $0 + 1 } ?? 0
    let next = offsets[unit..<answer.units].first { $0 != start } ?? Int32(truncatingIfNeeded: answer.consumed)
    return Converter.Answer(consumed: Int(start), units: first, malformed: max(1, Int(next - start)))
  }

  /// The bytes that stand for nothing, up to the first of ASCII: a delimiter is never taken for the rest of a character.
  private func withoutASCII(_ answer: Converter.Answer, _ block: Span<UInt8>) -> Int {
    var length = 1
    while length < answer.malformed, block[answer.consumed + length] >= 0x80 { length += 1 }
    return length
  }

  private func firstPrivate(before count: Int) -> Int {
    unsafe units.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, count > 0 else { return 0 }
      // SAFETY: there are `count` units at least.
      return unsafe ingest_first_private(base, count)
    }
  }

  /// - Returns: false where the units are no characters, which ICU's tables do not hold.
  private func appendUnits(_ count: Int, decodedFrom length: Int, to text: inout DecodedText) -> Bool {
    // A character of one unit may take three bytes, and one of two bytes may be two units.
    unsafe text.append(decodedFrom: max(length, 2 * count)) { out in
      unsafe units.withUnsafeBufferPointer { units in
        guard let base = units.baseAddress, count > 0 else { return (0, count == 0) }
        // SAFETY: the call reads `count` units as bytes in the machine's own order.
        let answer = unsafe UnsafeRawPointer(base).withMemoryRebound(to: UInt8.self, capacity: 2 * count) {
          unsafe ingest_utf8_from_utf16($0, 2 * count, Int16(1).bigEndian == 1 ? 1 : 0, out)
        }
        return (answer.produced, answer.consumed == 2 * count)
      }
    }
  }
}
