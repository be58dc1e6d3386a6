// SPDX-License-Identifier: Apache-2.0

import Validation

/// An object of lists that are a table's columns, written again as its rows, so that they are read like any others.
struct JSONColumns {
  let names: [[UInt8]]
  /// Where the elements of each list start.
  private let lists: [Int]
  private let bytes: MappedBytes
  private let end: Int
  private let form: JSONForm

  init(_ table: JSONTable, _ finder: JSONTableFinder) {
    bytes = finder.bytes
    form = finder.form
    end = table.range.upperBound
    let members = finder.members(of: table.range.lowerBound)
    names = members.map { member in
      var name: [UInt8] = []
      JSONText.appendUnescaped(member.key, of: finder.bytes, to: &name)
      return name
    }
    lists = members.map { $0.value + 1 }
  }

  /// The rows as a list of lists, without the brackets around all of them.
  ///
  /// - Throws: `not_tabular` where the lists are not of one length.
  func rows() throws(Rejection) -> [UInt8] {
    var rows: [UInt8] = []
    try walk { cell, isFirst, isLast in
      rows.append(isFirst ? UInt8(ascii: "[") : UInt8(ascii: ","))
      bytes.append(cell, to: &rows)
      if isLast { rows += [UInt8(ascii: "]"), UInt8(ascii: ",")] }
    }
    return rows.dropLast()
  }

  /// Where in the text the bytes at some offsets of `rows` come from.
  func originals(of offsets: [UInt64]) -> [UInt64: UInt64] {
    var wanted = Set(offsets).sorted()[...]
    var found: [UInt64: UInt64] = [:]
    var written: UInt64 = 0
    // The lists were walked before, and are what they were.
    try? walk { cell, _, isLast in
      written += 1
      let next = written + UInt64(cell.count)
      while let offset = wanted.first, offset < next || isLast && offset < next + 2 {
        let within = min(offset, next) - min(written, offset)
        found[offset] = UInt64(cell.lowerBound) + within
        wanted = wanted.dropFirst()
      }
      written = next + (isLast ? 1 : 0)
    }
    return found
  }

  /// Gives `body` all cells, row by row, with whether each is the first and the last of its row.
  private func walk(_ body: (Range<Int>, _ isFirst: Bool, _ isLast: Bool) -> Void) throws(Rejection) {
    var positions = lists.map { bytes.firstValue(in: $0..<end) }
    while true {
      let ended = positions.indices.filter { bytes[positions[$0]] == UInt8(ascii: "]") }
      guard ended.isEmpty else {
        guard ended.count == positions.count else {
          throw Rejection(notTabular: .unequalColumns, at: positions[ended[0]])
        }
        return
      }
      for (column, start) in positions.enumerated() {
        let stop = JSONText.skip(bytes, start..<end, depth: JSONForm.deepest).end
        body(start..<stop, column == 0, column == positions.count - 1)
        let next = bytes.firstValue(in: stop..<end)
        positions[column] = bytes[next] == UInt8(ascii: ",") ? bytes.firstValue(in: next + 1..<end) : next
      }
    }
  }
}
