// SPDX-License-Identifier: Apache-2.0

import CJSON

/// Single values of a JSON text.
enum JSONText {
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  /// Appends a string's content, which lies between its quotes and is sound, without its escapes.
  static func appendUnescaped(_ range: Range<Int>, of bytes: MappedBytes, to text: inout [UInt8]) {
    let used = text.count
    text.append(contentsOf: repeatElement(0, count: range.count))
    let count = bytes.withSpan(range) { span in
      unsafe span.withUnsafeBufferPointer { from in
        unsafe text.withUnsafeMutableBufferPointer { to in
          guard let from = from.baseAddress, let to = to.baseAddress else { return 0 }
          // SAFETY: the call reads the span, and writes at most as many bytes, for which room was made.
          return unsafe ingest_json_unescape(from, range.count, to + used)
        }
      }
    }
    text.removeLast(text.count - used - count)
  }

  /// Passes one value, with the blanks before it, and checks every byte of it but that its strings are UTF-8.
  ///
  /// - Returns: the offset behind it, and what is wrong with it.
  static func skip(_ bytes: MappedBytes, _ range: Range<Int>, depth: Int) -> (end: Int, fault: JSONFault?) {
    bytes.withSpan(range) { span in
      unsafe span.withUnsafeBufferPointer { text in
        guard let start = text.baseAddress else { return (range.lowerBound, JSONFault.cut(at: range.lowerBound)) }
        // SAFETY: the call reads the span's bytes only, by instructions that this processor has.
        let skipped = unsafe ingest_json_skip(start, text.count, UInt32(clamping: depth), ScanSet.best.rawValue)
        let offset = range.lowerBound + skipped.offset
        return (offset, JSONFault(skipped.fault, at: offset))
      }
    }
  }
}

extension JSONFault {
  /// The text ends where a value must stand.
  static func cut(at offset: Int) -> JSONFault? { JSONFault(Int32(INGEST_JSON_CUT), at: offset) }

  /// Something stands behind the value.
  static func trailing(at offset: Int) -> JSONFault? { JSONFault(Int32(INGEST_JSON_TRAILING), at: offset) }
}

extension MappedBytes {
  /// The first offset of a range that holds no JSON blank; its end where there is none.
  func firstValue(in range: Range<Int>) -> Int {
    var offset = range.lowerBound
    while offset < range.upperBound, JSONText.isBlank(self[offset]) { offset += 1 }
    return offset
  }
}
