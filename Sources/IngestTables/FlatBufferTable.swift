// SPDX-License-Identifier: Apache-2.0

/// A FlatBuffers table read from bytes that may be damaged: every access is checked, none traps.
struct FlatBufferTable {
  /// The bytes contradict the format.
  struct Malformed: Error {}

  private let bytes: [UInt8]
  private let position: Int
  private let vtable: Int
  private let vtableLength: Int

  /// The root table of a buffer that starts at the first of `bytes`.
  static func root(of bytes: [UInt8]) throws(Malformed) -> FlatBufferTable {
    let offset: UInt32 = try load(bytes, at: 0)
    return try FlatBufferTable(bytes, at: Int(offset))
  }

  private init(_ bytes: [UInt8], at position: Int) throws(Malformed) {
    let back: Int32 = try Self.load(bytes, at: position)
    let vtable = position - Int(back)
    let length: UInt16 = try Self.load(bytes, at: vtable)
    guard length >= 4, vtable + Int(length) <= bytes.count else { throw Malformed() }
    self.bytes = bytes
    self.position = position
    self.vtable = vtable
    self.vtableLength = Int(length)
  }

  private static func load<T: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], at offset: Int
  ) throws(Malformed) -> T {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { throw Malformed() }
    return bytes.span.integer(at: offset)
  }

  /// The place of field `index`; nil where the table does not have it.
  private func place(_ index: Int) throws(Malformed) -> Int? {
    guard 4 + 2 * index + 2 <= vtableLength else { return nil }
    let offset: UInt16 = try Self.load(bytes, at: vtable + 4 + 2 * index)
    return offset == 0 ? nil : position + Int(offset)
  }

  func integer<T: FixedWidthInteger & BitwiseCopyable>(_ index: Int, default value: T) throws(Malformed) -> T {
    guard let place = try place(index) else { return value }
    return try Self.load(bytes, at: place)
  }

  /// Where field `index` points to; nil where the table does not have it.
  private func target(_ index: Int) throws(Malformed) -> Int? {
    guard let place = try place(index) else { return nil }
    let offset: UInt32 = try Self.load(bytes, at: place)
    return place + Int(offset)
  }

  func table(_ index: Int) throws(Malformed) -> FlatBufferTable? {
    guard let target = try target(index) else { return nil }
    return try FlatBufferTable(bytes, at: target)
  }

  func tables(_ index: Int) throws(Malformed) -> [FlatBufferTable] {
    guard let (start, count) = try vector(index, elementSize: 4) else { return [] }
    var tables: [FlatBufferTable] = []
    tables.reserveCapacity(count)
    for element in 0..<count {
      let place = start + element * 4
      let offset: UInt32 = try Self.load(bytes, at: place)
      tables.append(try FlatBufferTable(bytes, at: place + Int(offset)))
    }
    return tables
  }

  /// A vector of structs of `width` 64-bit integers, flattened.
  func integers(_ index: Int, width: Int) throws(Malformed) -> [Int64] {
    guard let (start, count) = try vector(index, elementSize: width * 8) else { return [] }
    var values: [Int64] = []
    values.reserveCapacity(count * width)
    for element in 0..<count * width { values.append(try Self.load(bytes, at: start + element * 8)) }
    return values
  }

  func string(_ index: Int) throws(Malformed) -> String? {
    guard let (start, count) = try vector(index, elementSize: 1) else { return nil }
    guard let text = String(validating: bytes[start..<start + count], as: UTF8.self) else { throw Malformed() }
    return text
  }

  private func vector(_ index: Int, elementSize: Int) throws(Malformed) -> (start: Int, count: Int)? {
    guard let target = try target(index) else { return nil }
    let count: UInt32 = try Self.load(bytes, at: target)
    guard Int(count) <= (bytes.count - target - 4) / elementSize else { throw Malformed() }
    return (target + 4, Int(count))
  }
}
