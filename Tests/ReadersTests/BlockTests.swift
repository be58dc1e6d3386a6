// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import WorkerProtocol

@testable import Readers

@Suite("Batches and blocks")
struct BlockTests {
  @Test("Records that cross blocks stand in the block in which they start, once and in order")
  func blocks() throws {
    // Quoted newlines and long cells, so that few records end where a piece or a block does.
    let filler = String(repeating: "x", count: 900)
    var bytes = Array("id,text\r\n".utf8)
    var starts: [Int] = []
    while bytes.count < 2 * Recipe.blockBytes + 300_000 {
      starts.append(bytes.count)
      bytes += Array("\(starts.count),\"\(filler)\n\(filler),\"\"\(starts.count)\"\"\"\r\n".utf8)
    }
    let table = try ReadTable(bytes: bytes)
    #expect(table.types == [.int64, .utf8])
    #expect(table.rowCount == starts.count)
    #expect(table.columns[0] == (1...starts.count).map { .int64(Int64($0)) })
    let texts = table.columns[1].enumerated().filter { row, value in
      value != .text("\(filler)\n\(filler),\"\(row + 1)\"")
    }
    #expect(texts.isEmpty)
    let expected = (0..<3).map { block in starts.count { $0 / Recipe.blockBytes == block } }
    #expect(table.batchRows == expected)
    let verbatim = try ReadTable(bytes: bytes, ReadOptions(isVerbatim: true))
    #expect(verbatim.batchRows == [expected[0] + 1] + expected.dropFirst())
  }

  @Test("A record longer than a block leaves no block empty")
  func longRecord() throws {
    let long = String(repeating: "y", count: Recipe.blockBytes + 1000)
    let table = try ReadTable("id,text\n1,a\n2,\(long)\n3,b\n")
    #expect(table.batchRows == [2, 1])
    #expect(table.columns[1].last == .text("b"))
    #expect(table.columns[1][1] == .text(long))
  }
}
