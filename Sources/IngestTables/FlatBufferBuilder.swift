// SPDX-License-Identifier: Apache-2.0

/// Writes a FlatBuffer back to front, as its format wants: what is referred to comes before what refers to it.
///
/// Only what Arrow's metadata needs. A field is written whether or not it has its default value, so that a message's
/// length depends on its shape alone. Format: FlatBuffers, "Internals".
struct FlatBufferBuilder {
  /// Where an object starts, counted in bytes from the end of the finished buffer.
  struct Reference { let fromEnd: Int }

  /// The buffer, last byte first.
  private var reversed: [UInt8] = []
  /// The largest alignment asked for; the whole buffer must be padded to it.
  private var largestAlignment = 4

  /// Pads so that, after `length` more bytes, the position is aligned to `alignment`.
  private mutating func align(to alignment: Int, beforeWriting length: Int) {
    largestAlignment = max(largestAlignment, alignment)
    while !(reversed.count + length).isMultiple(of: alignment) { reversed.append(0) }
  }

  private mutating func write<T: FixedWidthInteger>(_ value: T) {
    // The most significant byte comes first here, so it comes last in the finished buffer. Shifts of one plain type are
    // what a debug build does fast.
    let bits = UInt64(truncatingIfNeeded: value)
    var shift = UInt64(T.bitWidth)
    while shift > 0 {
      shift -= 8
      reversed.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }

  mutating func string(_ text: String) -> Reference {
    let bytes = Array(text.utf8)
    align(to: 4, beforeWriting: bytes.count + 1)
    reversed.append(0)
    reversed.append(contentsOf: bytes.reversed())
    write(UInt32(truncatingIfNeeded: bytes.count))
    return Reference(fromEnd: reversed.count)
  }

  /// A vector of references to tables.
  mutating func vector(_ references: [Reference]) -> Reference {
    align(to: 4, beforeWriting: references.count * 4)
    for reference in references.reversed() { writeOffset(to: reference) }
    write(UInt32(truncatingIfNeeded: references.count))
    return Reference(fromEnd: reversed.count)
  }

  /// A vector of structs of 64-bit integers, each with `width` of them.
  mutating func structVector(_ values: [Int64], width: Int) -> Reference {
    align(to: 8, beforeWriting: values.count * 8)
    for value in values.reversed() { write(value) }
    align(to: 4, beforeWriting: 0)
    write(UInt32(truncatingIfNeeded: values.count / width))
    return Reference(fromEnd: reversed.count)
  }

  private mutating func writeOffset(to reference: Reference) {
    write(UInt32(truncatingIfNeeded: reversed.count + 4 - reference.fromEnd))
  }

  /// A field of a table.
  enum Field {
    case int8(UInt8)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case reference(Reference)

    var size: Int {
      switch self {
      case .int8: 1
      case .int16: 2
      case .int32, .reference: 4
      case .int64: 8
      }
    }
  }

  /// A table whose field number `n` is `fields[n]`; nil where it is absent.
  mutating func table(_ fields: [Field?]) -> Reference {
    let tableEnd = reversed.count
    var positions = [Int](repeating: 0, count: fields.count)
    // Widest first, so that little padding is needed.
    for index in fields.indices.sorted(by: { (fields[$0]?.size ?? 0) > (fields[$1]?.size ?? 0) }) {
      guard let field = fields[index] else { continue }
      align(to: field.size, beforeWriting: field.size)
      switch field {
      case .int8(let value): write(value)
      case .int16(let value): write(value)
      case .int32(let value): write(value)
      case .int64(let value): write(value)
      case .reference(let reference): writeOffset(to: reference)
      }
      positions[index] = reversed.count
    }
    align(to: 4, beforeWriting: 4)
    let vtableLength = 4 + 2 * fields.count
    // The vtable lies directly before its table.
    write(Int32(truncatingIfNeeded: vtableLength))
    let tableStart = reversed.count
    for position in positions.reversed() {
      write(UInt16(truncatingIfNeeded: position == 0 ? 0 : tableStart - position))
    }
    write(UInt16(truncatingIfNeeded: tableStart - tableEnd))
    write(UInt16(truncatingIfNeeded: vtableLength))
    return Reference(fromEnd: tableStart)
  }

  /// The finished buffer, in order, with `root` as its root table.
  mutating func finish(_ root: Reference) -> [UInt8] {
    align(to: largestAlignment, beforeWriting: 4)
    writeOffset(to: root)
    return reversed.reversed()
  }
}
