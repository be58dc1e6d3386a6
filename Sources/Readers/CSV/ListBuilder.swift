// SPDX-License-Identifier: Apache-2.0

/// Collects a `list<utf8>` column: the surplus cells of records, or all cells of verbatim records.
struct ListBuilder {
  private var validity: [UInt8] = []
  private var offsets: [Int32] = [0]
  private var elementValidity: [UInt8] = []
  private var elementOffsets: [Int32] = [0]
  private var text: [UInt8] = []
  private var rows = 0
  private var elements = 0

  mutating func removeAll() { self = ListBuilder() }

  var sizes: [UInt64] { [UInt64(elements), UInt64(text.count)] }

  func withBuffers(_ body: (Span<UInt8>) throws -> Void) throws {
    try body(validity.span)
    try offsets.withBytes(body)
    try body(elementValidity.span)
    try elementOffsets.withBytes(body)
    try body(text.span)
  }

  /// Appends a row of these fields; null where there are none.
  ///
  /// - Parameter keepsAbsent: whether an absent cell is null; else it is the empty text.
  mutating func append(_ fields: ArraySlice<FieldPlace>, _ bytes: MappedBytes, keepsAbsent: Bool) {
    for field in fields {
      field.appendContent(of: bytes, to: &text)
      elementValidity.appendBit(!(keepsAbsent && field.isAbsent), at: elements)
      elementOffsets.append(Int32(truncatingIfNeeded: text.count))
      elements += 1
    }
    validity.appendBit(!fields.isEmpty, at: rows)
    offsets.append(Int32(truncatingIfNeeded: elements))
    rows += 1
  }

  /// Appends a row for each record of an index, of all its cells; an absent one is the empty text.
  mutating func append(_ index: inout RecordIndex, _ bytes: MappedBytes) {
    let (used, cells) = (text.count, index.cells)
    text.append(contentsOf: repeatElement(0, count: index.start(of: index.records) - index.start(of: 0) + 32))
    elementOffsets.append(contentsOf: repeatElement(0, count: cells))
    let count = index.gatherCells(of: bytes, into: &text, used: used, offsets: &elementOffsets, at: elements + 1)
    text.removeLast(text.count - used - count)
    elementValidity.appendOnes(cells, at: elements)
    validity.appendOnes(index.records, at: rows)
    let columns = cells / max(1, index.records)
    for record in 0..<index.records { offsets.append(Int32(truncatingIfNeeded: elements + (record + 1) * columns)) }
    elements += cells
    rows += index.records
  }
}

extension [UInt8] {
  /// Appends bit number `index`, least significant first; the bits before it must be there.
  @inline(__always)
  mutating func appendBit(_ bit: Bool, at index: Int) {
    if index & 7 == 0 { append(0) }
    if bit { self[count - 1] |= 1 << UInt8(truncatingIfNeeded: index & 7) }
  }
}

extension [UInt8] {
  /// Appends bits that are set, from bit number `index` on; the bits before it must be there.
  fileprivate mutating func appendOnes(_ bits: Int, at index: Int) {
    var bit = index
    let end = index + bits
    while bit < end, bit & 7 != 0 {
      appendBit(true, at: bit)
      bit += 1
    }
    append(contentsOf: repeatElement(0xFF, count: (end - bit) / 8))
    bit += (end - bit) / 8 * 8
    while bit < end {
      appendBit(true, at: bit)
      bit += 1
    }
  }
}

extension Array where Element: FixedWidthInteger & BitwiseCopyable {
  /// The elements' bytes, little-endian as on every machine that the program is built for.
  func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBytes { raw in
      // SAFETY: the bytes are the array's own, initialised, and do not outlive the closure.
      try unsafe body(Span(_unsafeElements: raw.assumingMemoryBound(to: UInt8.self)))
    }
  }
}
