// SPDX-License-Identifier: Apache-2.0

/// Columns of text in a frame, for people.
struct TextGrid {
  /// The widest cell, in columns of the terminal; longer text is cut and ends in `…`.
  private static let cellWidth = 32

  private let width: Int
  private var used = 1
  private var columns: [[String]] = []
  private(set) var hasRoom = true

  var columnCount: Int { columns.count }

  init(width: Int) { self.width = width }

  /// Adds a column, unless the grid would grow too wide; the first one always fits.
  mutating func addColumn(name: String, type: String, isNumber: Bool, cells: [Value]) {
    let texts = [Self.shown(name), type] + cells.map(Self.shown)
    let widest = texts.map(\.terminalWidth).max() ?? 0
    guard columns.isEmpty || used + widest + 3 <= width else {
      hasRoom = false
      return
    }
    used += widest + 3
    columns.append(
      texts.enumerated().map { index, text in
        let padding = String(repeating: " ", count: widest - text.terminalWidth)
        return isNumber && index > 1 ? padding + text : text + padding
      })
  }

  var text: String {
    guard let height = columns.first?.count else { return "" }
    let rules = columns.map { String(repeating: "─", count: ($0.first?.terminalWidth ?? 0) + 2) }
    var lines = ["┌" + rules.joined(separator: "┬") + "┐"]
    for row in 0..<height {
      lines.append("│ " + columns.map { $0[row] }.joined(separator: " │ ") + " │")
      if row == 1 { lines.append("├" + rules.joined(separator: "┼") + "┤") }
    }
    lines.append("└" + rules.joined(separator: "┴") + "┘")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func shown(_ value: Value) -> String {
    if case .null = value { return "∅" }
    return shown(value.text)
  }

  /// One line without controls: a cell must not be able to move the cursor.
  private static func shown(_ text: String) -> String {
    var cut = ""
    var width = 0
    for character in text {
      let piece = character.isVisible ? String(character) : "␣"
      width += piece.terminalWidth
      guard width <= cellWidth else { return cut + "…" }
      cut += piece
    }
    return cut
  }
}

extension Character {
  fileprivate var isVisible: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
      default: true
      }
    }
  }
}

extension String {
  /// The columns that a terminal uses: two for East Asian wide characters (Unicode annex 11, roughly).
  fileprivate var terminalWidth: Int {
    reduce(0) { $0 + ($1.unicodeScalars.first?.isWide == true ? 2 : 1) }
  }
}

extension Unicode.Scalar {
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
