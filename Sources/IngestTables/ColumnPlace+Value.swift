// SPDX-License-Identifier: Apache-2.0

/// Reading cells out of a batch's body.
///
/// A published file was verified, but a damaged one must not trap either: offsets that lead nowhere cut out nothing.
extension ColumnPlace {
  /// The cell of `row`, which the batch has; the place is relative to `bytes`.
  func value(of row: Int, in bytes: Span<UInt8>) -> Value {
    guard type != .null, bytes.bit(row, at: validity.lowerBound) else { return .null }
    switch type {
    case .null: return .null
    case .bool: return .bool(bytes.bit(row, at: values.lowerBound))
    case .int64: return .int64(bytes.integer(at: values.lowerBound + row * 8))
    case .uint64: return .uint64(bytes.integer(at: values.lowerBound + row * 8))
    case .float64: return .float64(Double(bitPattern: bytes.integer(at: values.lowerBound + row * 8)))
    case .date: return .date(days: bytes.integer(at: values.lowerBound + row * 4))
    case .timestamp(let isUTC):
      return .timestamp(microseconds: bytes.integer(at: values.lowerBound + row * 8), isUTC: isUTC)
    case .timestampNanoseconds(let isUTC):
      return .timestampNanoseconds(bytes.integer(at: values.lowerBound + row * 8), isUTC: isUTC)
    case .time: return .time(microseconds: bytes.integer(at: values.lowerBound + row * 8))
    case .decimal(_, let scale):
      return .decimal(unscaled: bytes.integer(at: values.lowerBound + row * 16), scale: scale)
    case .utf8: return .text(bytes.text(textRange(of: row, in: bytes)))
    case .listOfUTF8: return list(row, in: bytes)
    }
  }

  /// Where the text of a `utf8` cell lies in `bytes`.
  func textRange(of row: Int, in bytes: Span<UInt8>) -> Range<Int> {
    bytes.cut(row, offsets: values, from: text)
  }

  private func list(_ row: Int, in bytes: Span<UInt8>) -> Value {
    guard let elements else { return .null }
    let indices = bytes.cut(row, offsets: values, from: 0..<elements.count)
    return .list(
      indices.map { element in
        guard bytes.bit(element, at: elements.validity.lowerBound) else { return nil }
        return bytes.text(bytes.cut(element, offsets: elements.offsets, from: elements.text))
      })
  }
}

extension Span<UInt8> {
  /// The part of `whole` that a pair of offsets cuts out; none of it, where they do not fit.
  fileprivate func cut(_ row: Int, offsets: Range<Int>, from whole: Range<Int>) -> Range<Int> {
    let start = Int(integer(at: offsets.lowerBound + row * 4, as: Int32.self))
    let end = Int(integer(at: offsets.lowerBound + row * 4 + 4, as: Int32.self))
    guard start >= 0, start <= end, end <= whole.count else { return whole.lowerBound..<whole.lowerBound }
    return whole.lowerBound + start..<whole.lowerBound + end
  }

  fileprivate func text(_ range: Range<Int>) -> String {
    // SAFETY: the string copies the bytes before the call ends.
    unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
