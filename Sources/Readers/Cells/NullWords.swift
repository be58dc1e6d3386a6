// SPDX-License-Identifier: Apache-2.0

/// Words that stand for null beside the documented ones; case counts.
package struct NullWords: Sendable, Hashable {
  private var words: [[UInt8]] = []
  private var longest = 0

  package init(_ words: [String] = []) {
    self.words = words.map { Array($0.utf8) }
    longest = self.words.map(\.count).max() ?? 0
  }

  @inline(__always)
  package var isEmpty: Bool { longest == 0 }

  /// The place in the list of the word that a cell is; nil where it is none.
  func number(of cell: Span<UInt8>, _ range: Range<Int>) -> Int? {
    guard range.count <= longest else { return nil }
    return words.firstIndex { word in
      word.count == range.count && word.indices.allSatisfy { word[$0] == cell[range.lowerBound + $0] }
    }
  }
}
