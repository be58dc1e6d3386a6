// SPDX-License-Identifier: Apache-2.0

/// How often each shape was seen in a column.
struct ShapeTally {
  /// One count for each shape, of which `parts` is the last.
  private var counts = InlineArray<10, Int>(repeating: 0)
  /// The cells that are neither empty nor typed.
  private var untyped = 0

  private mutating func add(_ shape: ValueShape) {
    counts[Int(shape.rawValue)] += 1
    if shape != .empty, shape != .parts, !shape.isTyped { untyped += 1 }
  }

  /// The typed shape that at least this share of the cells has that are not empty; nil where none has.
  private func typed(above share: Double) -> ValueShape? {
    let present = counts.indices.reduce(0) { $0 + counts[$1] } - counts[Int(ValueShape.empty.rawValue)]
    return [ValueShape.number, .date, .time, .bool, .address, .parts].first { shape in
      present > 0 && Double(counts[Int(shape.rawValue)]) >= share * Double(present)
    }
  }

  /// The typed shape that at least a share of the cells has that are not empty; nil where none has.
  ///
  /// Stops at cells of text that are too many.
  static func typed(
    above share: Double, of cells: some Collection<FieldPlace>, _ shape: (FieldPlace) -> ValueShape
  ) -> ValueShape? {
    var tally = ShapeTally()
    // One more than there may be, whatever is rounded.
    let most = Int((1 - share) * Double(cells.count)) + 1
    for cell in cells {
      tally.add(shape(cell))
      if tally.untyped > most { return nil }
    }
    return tally.typed(above: share)
  }
}
