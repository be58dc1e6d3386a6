// SPDX-License-Identifier: Apache-2.0

import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Words for null")
struct NullWordTests {
  private static func words(_ note: Note?) -> [String] { note?.words.map { "\($0.text) \($0.count)" } ?? [] }

  @Test("Each word that was read as null is told with its count, the most frequent first")
  func counts() throws {
    let table = try ReadTable("n;t\n1;NA\n-;x\nNA;\n - ;y\n#N/A;z\n\"7\";w\n;v\nnull;u\nNA;-\nNA;r\n")
    let note = try #require(table.note(.nullWords))
    #expect(Self.words(note) == ["NA 3", "- 2", "#N/A 1", "null 1"])
    #expect(note.column == 1 && note.count == 7 && note.line == 3 && note.example == "-")
    #expect(table.findings.notes.count { $0.kind == .nullWords } == 1)
  }

  @Test("Counts are those of the whole column, on any number of threads and where the sample was wrong")
  func merged() throws {
    let rows = (0..<4_000).map { row in
      row % 3 == 0 ? "NA,\(row)" : row % 7 == 0 ? "\(row),-" : row == 3_999 ? "0.5,None" : "\(row),\(row)"
    }
    let text = "a,b\n" + rows.joined(separator: "\n") + "\n"
    let expected = [
      ["NA \(rows.count { $0.hasPrefix("NA") })"],
      ["- \(rows.count { $0.hasSuffix(",-") })"] + (rows[3_999].hasSuffix("None") ? ["None 1"] : []),
    ]
    for threads in [ParsingThreads.alone, ParsingThreads(count: 3)] {
      let table = try ReadTable(
        text, sizes: PassSizes(block: { _ in 1 << 10 }, sample: 64...64, piece: 256), threads: threads)
      let notes = table.findings.notes.filter { $0.kind == .nullWords }
      #expect(notes.map(Self.words) == expected)
    }
  }

  @Test("Words of the sender's own, and columns whose types are asked for, are told alike")
  func asked() throws {
    var options = ReadOptions()
    options.cells.nullWords = ["k.A.", "-999"]
    options.cells.rules = [CellOptions.Rule(name: "a", type: .int64)]
    let table = try ReadTable("a,b\n1,k.A.\n-999,2\nk.A.,NA\n-999,k.A.\n", options)
    #expect(table.findings.notes.map(Self.words) == [["-999 2", "k.A. 1"], ["k.A. 2", "NA 1"]])
  }

  @Test("Columns that no note has room for are told of together")
  func manyColumns() throws {
    let names = (0..<100).map { "c\($0)" }.joined(separator: ",")
    let rows = ["NA", "1", "-", "NA"].map { cell in [String](repeating: cell, count: 100).joined(separator: ",") }
    let table = try ReadTable(([names] + rows).joined(separator: "\n") + "\n", ReadOptions(header: .always))
    let notes = table.findings.notes
    #expect(notes.count <= TableFindings.mostNotes && notes.allSatisfy { $0.kind == .nullWords })
    #expect(notes.dropLast().allSatisfy { Self.words($0) == ["NA 2", "- 1"] && $0.column != nil })
    let rest = 100 - (notes.count - 1)
    #expect(notes.last?.column == nil && Self.words(notes.last) == ["NA \(2 * rest)", "- \(rest)"])
    #expect(notes.reduce(0) { $0 + $1.count } == 300)
  }
}
