// SPDX-License-Identifier: Apache-2.0

import IngestTables
import IngestTesting
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("CSV tables")
struct CSVReaderTests {
  @Test("Short records get nulls, long ones keep what is left over in _extra")
  func ragged() throws {
    let table = try ReadTable("a,b\n1\n1,2\n1,2,3,,5,\n1,2,,\n")
    #expect(table.names == ["a", "b", "_extra"])
    #expect(
      table.texts == [
        ["1", nil, nil], ["1", "2", nil], ["1", "2", "[\"3\",null,\"5\"]"], ["1", "2", nil],
      ])
    #expect(table.note(.shortRecords)?.count == 1)
    #expect(table.note(.longRecords)?.count == 2)
    #expect(table.note(.longRecords)?.line == 4)
  }

  @Test(
    "Surplus cells that are all empty are dropped and counted, a quoted one is kept",
    arguments: [
      ("a,b\n1,2,\n", false), ("a,b\n1,2,,,\n", false), ("a,b\n1,2,\"\"\n", true), ("a,b\n1,2, \n", true),
    ])
  func surplus(text: String, isKept: Bool) throws {
    let table = try ReadTable(text, ReadOptions(header: .always))
    #expect(table.types.contains(.listOfUTF8) == isKept)
    #expect(table.note(.longRecords)?.count == 1)
  }

  @Test("The name of the surplus column collides with none")
  func extraName() throws {
    #expect(try ReadTable("_extra,b\n1,2,3\n").names == ["_extra", "b", "_extra_2"])
    #expect(try ReadTable("_extra,_extra_2\n1,2,3\n").names == ["_extra", "_extra_2", "_extra_3"])
  }

  @Test(
    "A trailing column is dropped only where its name and every cell are empty",
    arguments: [
      ("a,b,\n1,2,\n", 2), ("a,b,\n1,2,3\n", 3), ("a,b,c\n1,2,\n", 3), ("a,b,,\n1,2,,\n", 2), ("a,b,,\n1,2,,3\n", 4),
      ("a,b,\n1,2,\"\"\n", 3),
      (",\n,\n", 1), ("a,\n1,\n", 1), ("a,b,\n1,2\n", 2),
    ])
  func trailing(text: String, columns: Int) throws {
    #expect(try ReadTable(text, ReadOptions(header: .always)).schema.fields.count == columns)
  }

  @Test("Blank lines are skipped and counted, but are nulls in a table of one column")
  func blankLines() throws {
    let wide = try ReadTable("\n \na,b\n\n1,2\n\t\n3,4\n\n")
    #expect(wide.rowCount == 2)
    #expect(wide.note(.blankLines)?.count == 5)
    let narrow = try ReadTable("n\n1\n\n3\n\n", ReadOptions(header: .always))
    #expect(narrow.texts == [["1"], [nil], ["3"], [nil]])
    #expect(narrow.note(.blankLines) == nil)
  }

  @Test("A quoted empty cell is an empty text, an absent one is null")
  func emptyTexts() throws {
    let table = try ReadTable("id,t\n1,\"\"\n2,\n3,x\n")
    #expect(table.columns[1] == [.text(""), .null, .text("x")])
  }

  @Test(
    "Every text is a table: nothing, blanks, a header alone, one cell",
    arguments: [
      ("", 0, 1), ("\n", 0, 1), ("\u{FEFF}", 0, 1), ("a", 0, 1), ("a,b\n", 0, 2), ("\"\"", 0, 1), ("a,b", 0, 2),
      ("\n\n\n", 0, 1), ("\"", 0, 1), (",", 0, 1),
    ])
  func tiny(text: String, rows: Int, columns: Int) throws {
    let table = try ReadTable(text)
    #expect(table.rowCount == rows)
    #expect(table.schema.fields.count == columns)
    #expect(table.findings.records == UInt64(table.rowCount) + table.findings.setAside)
  }

  @Test("C25 The quote that is never closed is named by its line and byte, and swallows nothing")
  func unclosed() throws {
    let table = try ReadTable("id,t\n1,x\n2,\"y\n3,z\n")
    #expect(table.texts == [["1", "x"], ["2", "\"y"], ["3", "z"]])
    let note = try #require(table.note(.unclosedQuote))
    #expect(note.line == 3 && note.byteOffset == 11 && note.count == 1)
  }

  @Test("C28 A control character is refused with its place", arguments: [0, 1, 8, 0x0E, 0x1B, 0x1F, 0x7F] as [UInt8])
  func controls(byte: UInt8) throws {
    for offset in [0, 3, 7, 8, 15, 23] {
      var bytes = Array("a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n".utf8)
      bytes[offset] = byte
      let refused = try rejection(of: bytes)
      #expect(refused?.code == .controlCharacter && refused?.byteOffset == UInt64(offset))
      #expect(refused?.line == UInt64(bytes[..<offset].count { $0 == 0x0A } + 1))
    }
  }

  @Test("C28 TAB, VT and FF are text, also past 64 KiB, where a NUL still is not")
  func farControls() throws {
    let filler = String(repeating: "1,x\n", count: 20_000)
    #expect(try ReadTable("a,b\n\(filler)1,\u{B}\u{C}\t\n").rowCount == 20_001)
    #expect(try rejection(of: "a,b\n\(filler)1,\0\n")?.byteOffset == UInt64(filler.utf8.count + 6))
  }

  @Test(
    "C29 Text that is no UTF-8 is refused at its first wrong byte",
    arguments: [
      ([0xFF], 0), ([0xC3], 1), ([0xC3, 0x28], 1), ([0xC0, 0x80], 0), ([0xE0, 0x80, 0x80], 1), ([0xED, 0xA0, 0x80], 1),
      ([0xF4, 0x90, 0x80, 0x80], 1),
      ([0x80], 0), ([0xF8, 0x88, 0x80, 0x80, 0x80], 0), ([0xE2, 0x82], 2),
    ] as [([UInt8], UInt64)])
  func encoding(sequence: [UInt8], fault: UInt64) throws {
    let start = Array("a,b\n1,x\n2,".utf8)
    for verbatim in [false, true] {
      let refused = try rejection(of: start + sequence, ReadOptions(isVerbatim: verbatim))
      #expect(refused?.code == .invalidEncoding && refused?.line == 3)
      #expect(refused?.byteOffset == UInt64(start.count) + fault)
    }
  }

  @Test("C26 A million columns are refused at the cap", arguments: [",", ";", "\t"])
  func columns(delimiter: String) throws {
    let refused = try rejection(of: String(repeating: delimiter, count: 1_000_000))
    #expect(refused?.code == .tooManyColumns && refused?.limit == 16_384 && refused?.line == 1)
  }

  @Test("C27 Rows, cells and records past their caps are refused with their place")
  func caps() throws {
    var limits = Limits()
    limits.rows = 2
    #expect(try rejection(of: "a,b\n1,2\n3,4\n", limits: limits) == nil)
    #expect(try rejection(of: "a,b\n1,2\n3,4\n5,6\n", limits: limits)?.code == .tooManyRows)
    limits.cellBytes = ByteCount(bytes: 4)
    let cell = try rejection(of: "a,b\n1,22222\n", limits: limits)
    #expect(cell?.code == .cellTooLarge && cell?.line == 2 && cell?.column == 2 && cell?.byteOffset == 6)
    limits.recordBytes = ByteCount(bytes: 6)
    #expect(try rejection(of: "a,b\n111,222\n", limits: limits)?.code == .recordTooLarge)
    limits.outputBase = ByteCount(bytes: 0)
    limits.outputFactor = 1
    #expect(try rejection(of: "a,b\n1,2\n", limits: limits)?.code == .outputTooLarge)
  }

  @Test("C26 Short records of a wide table are refused before they are spread out")
  func spread() throws {
    let header = [String](repeating: "n", count: 4_000).joined(separator: ",")
    let full = [String](repeating: "1.5", count: 4_000).joined(separator: ",")
    var limits = Limits()
    limits.outputBase = .mebibytes(1)
    let refused = try rejection(of: "\(header)\n\(full)\n" + String(repeating: "2\n", count: 20_000), limits: limits)
    #expect(refused?.code == .outputTooLarge)
    #expect((refused?.actual ?? 0) > (refused?.limit ?? .max))
  }

  @Test("Verbatim records have as many cells as they had")
  func verbatim() throws {
    let table = try ReadTable("a,b\n1\n\n\"x\"\"y\",,\" z\"\n007,NA\n", ReadOptions(isVerbatim: true))
    #expect(table.names == ["cells"])
    #expect(
      table.columns[0] == [
        .list(["a", "b"]), .list(["1"]), .list(["x\"y", "", " z"]), .list(["007", "NA"]),
      ])
    #expect(table.findings.setAside == 0 && table.findings.records == 4)
    #expect(table.note(.blankLines)?.count == 1)
  }

  @Test("Any text of cells, quotes and line ends becomes a table that verifies, and no record is lost")
  func fuzzed() throws {
    var generator = SeededGenerator(seed: 4096)
    let pieces = [
      "a", "1", "1.5", "NA", "true", "2024-01-02", ",", ",", "\n", "\n", "\r\n", "\"", "\"\"", " ",
      "é", ";", "\t", "-", "1E5", "0",
    ]
    for _ in 0..<400 {
      let text = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      for options in [ReadOptions(), ReadOptions(header: .never), ReadOptions(isVerbatim: true)] {
        let table = try ReadTable(text, options)
        #expect(table.findings.records == UInt64(table.rowCount) + table.findings.setAside, "\(text.debugDescription)")
      }
    }
  }
}
