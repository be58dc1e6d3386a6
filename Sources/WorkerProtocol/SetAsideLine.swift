// SPDX-License-Identifier: Apache-2.0

/// A line of the file that stands outside of the table and was kept out of it.
public struct SetAsideLine: Sendable, Hashable {
  /// What it belongs to.
  public enum Part: String, Sendable, CaseIterable {
    case preamble, footnote, table
  }

  /// What it belongs to.
  public var part: Part
  /// Where it stands, from 1.
  public var line: UInt64
  /// Its first 200 bytes; they come from the file, so they are escaped where they are shown.
  public var text: String

  package init(_ part: Part, line: UInt64, text: String) {
    self.part = part
    self.line = line
    self.text = text
  }
}

extension SetAsideLine {
  /// The lines that are kept above the table, and below it.
  package static let mostEachSide = 20
  /// The longest text, in bytes.
  package static let longestText = 200

  static func write(_ lines: [SetAsideLine], to writer: inout MessageWriter) {
    let lines = lines.prefix(2 * mostEachSide)
    writer.integer(UInt8(lines.count))
    for line in lines {
      writer.text(line.part.rawValue)
      writer.integer(line.line)
      writer.text(line.text, limit: longestText)
    }
  }

  static func list(from reader: inout MessageReader) throws(MalformedMessage) -> [SetAsideLine] {
    var lines: [SetAsideLine] = []
    for _ in 0..<(try reader.count(atMost: 2 * mostEachSide)) {
      let line = SetAsideLine(try reader.value(), line: try reader.integer(), text: try reader.text())
      guard line.text.utf8.count <= longestText else { throw MalformedMessage() }
      lines.append(line)
    }
    return lines
  }
}
