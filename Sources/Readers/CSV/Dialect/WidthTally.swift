// SPDX-License-Identifier: Apache-2.0

/// How many records have each number of cells.
struct WidthTally {
  /// Those of few cells, by their number, and the others, which are few records where a text is short.
  private var narrow = InlineArray<64, Int>(repeating: 0)
  private var wide: [(width: Int, count: Int)] = []
  /// Records of one width that follow each other, as most of a table do, and whether there were others before.
  private var run = (width: 0, count: 0)
  private var hasOthers = false

  mutating func add(_ width: Int) {
    if width != run.width {
      count(run)
      hasOthers = hasOthers || run.count > 0
      run = (width, 0)
    }
    run.count += 1
  }

  private mutating func count(_ run: (width: Int, count: Int)) {
    guard run.count > 0 else { return }
    if run.width < narrow.count {
      narrow[run.width] += run.count
    } else if let place = wide.firstIndex(where: { $0.width == run.width }) {
      wide[place].count += run.count
    } else {
      wide.append(run)
    }
  }

  /// The widths that there are, ascending, and how many records have each.
  var counts: [(width: Int, count: Int)] {
    guard hasOthers else { return run.count > 0 ? [run] : [] }
    var all = self
    all.count(run)
    let narrow = all.narrow.indices.lazy.filter { all.narrow[$0] > 0 }.map { (width: $0, count: all.narrow[$0]) }
    return narrow + all.wide.sorted { $0.width < $1.width }
  }

  /// The most common width, the larger of equals, and its share of the records; 1 and 0 where there are none.
  var common: (width: Int, share: Double) {
    guard hasOthers else { return run.count > 0 ? (run.width, 1) : (1, 0) }
    let counts = counts
    guard let common = counts.max(by: { ($0.count, $0.width) < ($1.count, $1.width) }) else { return (1, 0) }
    return (common.width, Double(common.count) / Double(counts.reduce(0) { $0 + $1.count }))
  }
}
