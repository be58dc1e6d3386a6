// SPDX-License-Identifier: Apache-2.0

package import IngestTables

/// Decides a column's type from the classes of all its cells.
package struct ColumnInference: Sendable {
  /// How often a class was seen, and where first.
  private struct Tally {
    let kind: CellClass
    var count: UInt64
    let first: FieldPlaceKey
  }
  /// The offset and length of a cell.
  package struct FieldPlaceKey: Sendable, Hashable {
    package let start: Int
    package let length: Int
  }

  private var tallies: [Tally] = []
  private var lastHit = 0
  /// Cells that are not absent.
  package private(set) var present: UInt64 = 0

  package init() {}

  @inline(__always)
  package mutating func add(_ kind: CellClass, at place: FieldPlace) {
    present &+= 1
    // Neighbours are mostly of one class.
    if lastHit < tallies.count, tallies[lastHit].kind == kind {
      tallies[lastHit].count &+= 1
    } else {
      addSlowly(kind, at: place)
    }
  }

  /// Adds `count` cells of one class, of which `place` is the first.
  mutating func add(_ kind: CellClass, count: Int, at place: FieldPlace) {
    guard count > 0 else { return }
    add(kind, at: place)
    present += UInt64(count - 1)
    tallies[lastHit].count += UInt64(count - 1)
  }

  /// Adds the cells of a later part of the column.
  mutating func add(_ later: ColumnInference) {
    for tally in later.tallies {
      if let index = tallies.firstIndex(where: { $0.kind == tally.kind }) {
        tallies[index].count += tally.count
      } else {
        tallies.append(tally)
      }
    }
    present += later.present
  }

  /// The same classes, each as if it had not been seen yet: for cells that will be counted again.
  func withoutCounts() -> ColumnInference {
    var kinds = self
    for index in tallies.indices { kinds.tallies[index].count = 0 }
    kinds.present = 0
    return kinds
  }

  /// The share of cells that can be nothing but text, from 0 to 1.
  var plainShare: Double {
    let plain = tallies.first { $0.kind == .text }?.count ?? 0
    return present == 0 ? 0 : Double(plain) / Double(present)
  }

  private mutating func addSlowly(_ kind: CellClass, at place: FieldPlace) {
    if let index = tallies.firstIndex(where: { $0.kind == kind }) {
      tallies[index].count += 1
      lastHit = index
    } else {
      tallies.append(
        Tally(kind: kind, count: 1, first: FieldPlaceKey(start: place.start, length: Int(place.length))))
      lastHit = tallies.count - 1
    }
  }

  /// How a column's cells are converted.
  package struct Decision: Sendable, Hashable {
    package var type: ColumnType
    /// The one date format of a date column.
    package var dateFormat: CellClass = .text
    /// The one way in which a timestamp column separates date, time and zone.
    package var timestampFormat: CellClass = .text
    /// Words that stand for null.
    package var nullWords: UInt64 = 0
    package var notes: [Finding] = []

    /// Whether the same cells become the same values.
    func converts(like other: Decision) -> Bool {
      type == other.type && dateFormat == other.dateFormat && timestampFormat == other.timestampFormat
    }
  }

  /// Something to report about the column.
  package struct Finding: Sendable, Hashable {
    package enum Kind: Sendable { case nearMiss, ambiguousDates, nullWords, offsetsNormalised }
    package var kind: Kind
    package var type: ColumnType?
    package var count: UInt64
    package var first: FieldPlaceKey?
  }

  /// The type that loses nothing.
  package func decide() -> Decision {
    let values = tallies.filter { $0.kind != .nullWord }
    let nullWords = tallies.first { $0.kind == .nullWord }
    guard !values.isEmpty else {
      // Words alone are text: nothing says that they stand for null.
      return Decision(type: nullWords == nil ? .null : .utf8)
    }
    guard var decision = typed(values) else { return text(values) }
    if let nullWords {
      decision.nullWords = nullWords.count
      decision.notes.append(Finding(kind: .nullWords, type: nil, count: nullWords.count, first: nullWords.first))
    }
    return decision
  }

  private func typed(_ values: [Tally]) -> Decision? {
    let common = values.reduce(values[0].kind) { $0.intersection($1.kind) }
    if common.contains(.bool) { return Decision(type: .bool) }
    if common.contains(.int64) { return Decision(type: .int64) }
    if common.contains(.uint64) { return Decision(type: .uint64) }
    if common.contains(.float64), isFloat(values) { return Decision(type: .float64) }
    let dates = common.intersection(.dates)
    if dates.rawValue.nonzeroBitCount == 1 { return Decision(type: .date, dateFormat: dates) }
    return timestamps(common, values)
  }

  /// A float needs a finite number, and an exponent counts only beside a point or a signed exponent: `1E10` alone is a
  /// part number.
  private func isFloat(_ values: [Tally]) -> Bool {
    let all = values.reduce(CellClass.text) { $0.union($1.kind) }
    guard values.contains(where: { !$0.kind.contains(.isNonFinite) }) else { return false }
    return !all.contains(.hasBareExponent) || all.contains(.hasPoint)
  }

  private func timestamps(_ common: CellClass, _ values: [Tally]) -> Decision? {
    let isZoned = common.contains(.zonedTimestampT) || common.contains(.zonedTimestampBlank)
    guard isZoned || common.contains(.timestampT) || common.contains(.timestampBlank) else { return nil }
    var decision = Decision(type: .timestamp(isUTC: isZoned))
    decision.timestampFormat = common.intersection(.timestamps)
    if let shifted = values.first(where: { $0.kind.contains(.hasOffset) }) {
      decision.notes.append(
        Finding(kind: .offsetsNormalised, type: nil, count: shifted.count, first: shifted.first))
    }
    return decision
  }

  /// Text, with what nearly made it something else.
  private func text(_ values: [Tally]) -> Decision {
    var decision = Decision(type: .utf8)
    let common = values.reduce(values[0].kind) { $0.intersection($1.kind) }
    if common.intersection(.dates).rawValue.nonzeroBitCount > 1 {
      decision.notes.append(
        Finding(kind: .ambiguousDates, type: .date, count: present, first: values[0].first))
    } else if let nearest = nearest(values) {
      decision.notes.append(nearest)
    }
    return decision
  }

  /// The type that all but a few cells have: at most one in ten, and at least two others.
  private func nearest(_ values: [Tally]) -> Finding? {
    let candidates: [(CellClass, ColumnType)] = [
      (.bool, .bool), (.int64, .int64), (.uint64, .uint64), (.float64, .float64), (.dates, .date),
      (.timestamps, .timestamp(isUTC: false)),
    ]
    let total = values.reduce(0) { $0 + $1.count }
    var best: Finding?
    for (kind, type) in candidates {
      let misses = values.filter { $0.kind.intersection(kind).isEmpty }
      let count = misses.reduce(0) { $0 + $1.count }
      guard count > 0, count <= total / 10, total - count >= 2, count < best?.count ?? .max else { continue }
      let first = misses.min { $0.first.start < $1.first.start }?.first
      best = Finding(kind: .nearMiss, type: type, count: count, first: first)
    }
    return best
  }
}
