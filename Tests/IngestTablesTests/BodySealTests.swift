// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import IngestTesting
import Testing

@testable import IngestTables

@Suite("Checksums of batches")
struct BodySealTests {
  private static var table: SampleTable {
    var table = SampleTable.everyType(rows: 5)
    table.batches += SampleTable.everyType(rows: 2).batches
    return table
  }

  private func checksums(_ bytes: [UInt8]) throws -> BatchChecksums {
    try TableFile(reading: makeFile(bytes)).verifyBodies().checksums
  }

  /// Each way to what lies at `offset`, which is in batch `index`.
  private static let ways: [(String, @Sendable (TableFile, Int, UInt64) throws -> Void)] = [
    ("batch", { file, index, _ in _ = try file.batch(index) }),
    ("slice", { file, index, _ in _ = try file.slice(ofBatch: index, rows: 0..<1) }),
    ("mapped", { file, index, _ in _ = try file.mappedBatch(index) }),
    ("range", { file, _, offset in _ = try file.read(offset..<offset + 1) }),
    ("verification", { file, _, _ in _ = try file.verifyBodies() }),
  ]

  @Test("C50 A bit that flips in any byte of a body is found, however it is read", arguments: ways.indices)
  func flipped(way: Int) throws {
    let (name, read) = Self.ways[way]
    let bytes = try Self.table.file()
    let known = try checksums(bytes)
    for (index, batch) in try Self.table.layout().batches.enumerated() {
      for offset in batch.columns.flatMap(\.ranges).joined() where Soak.isOn || offset % 4 == way % 4 {
        // Another one in each byte, and in each way.
        let bit = (offset + way) % 8
        var damaged = bytes
        damaged[offset] ^= 1 << UInt8(bit)
        let file = try TableFile(reading: makeFile(damaged), checksums: known)
        #expect(throws: TableFileError.self, "\(name), byte \(offset), bit \(bit)") {
          try read(file, index, UInt64(offset))
        }
      }
    }
  }

  @Test("C50 Every single bit of a buffer counts in its checksum, and every buffer in that of its batch")
  func everyBit() throws {
    let bytes = try Self.table.file()
    for batch in try Self.table.layout().batches {
      let body = Array(bytes[batch.bodyOffset..<batch.bodyEnd])
      let known = batch.checksum(of: body.span)
      for range in batch.columns.flatMap(\.ranges) where !range.isEmpty {
        var damaged = body
        damaged[range.lowerBound - batch.bodyOffset] ^= 1
        #expect(batch.checksum(of: damaged.span) != known)
        var buffer = Array(bytes[range])
        let sound = Checksum.of(buffer.span)
        for bit in 0..<buffer.count * 8 {
          buffer[bit / 8] ^= 1 << UInt8(bit % 8)
          #expect(Checksum.of(buffer.span) != sound, "bit \(bit) of \(range)")
          buffer[bit / 8] ^= 1 << UInt8(bit % 8)
        }
      }
    }
  }

  @Test("What was not changed is read, each batch compared by itself")
  func whole() throws {
    let bytes = try Self.table.file()
    var damaged = bytes
    let second = try Self.table.layout().batches[1]
    damaged[second.columns[1].values.lowerBound] ^= 1
    let file = try TableFile(reading: makeFile(damaged), checksums: try checksums(bytes))
    #expect(try file.batch(0).rowCount == 5)
    #expect(try file.slice(ofBatch: 0, rows: 1..<3).rows.rowCount == 2)
    #expect(try file.read(0..<100) == Array(bytes[0..<100]))
    // Behind the first batch, and so of the second.
    #expect(throws: TableFileError.damaged("batch 1 is not the one that was published")) {
      try file.read(0..<file.size)
    }
    // What no batch is a part of.
    #expect(try file.read(file.size - 10..<file.size) == bytes.suffix(10))
  }

  @Test("Checksums of another number of batches are an error", arguments: [0, 1, 3])
  func otherNumber(count: Int) throws {
    let known = BatchChecksums(values: [UInt64](repeating: 0, count: count))
    let bytes = try Self.table.file()
    #expect(throws: TableFileError.damaged("the number of batches")) {
      try TableFile(reading: makeFile(bytes), checksums: known)
    }
  }

  @Test(
    "Checksums are kept as digits",
    arguments: [[], [0], [.max], [0xA, 0xFEDC_BA98_7654_3210]] as [[UInt64]])
  func text(values: [UInt64]) {
    let text = BatchChecksums(values: values).text
    #expect(text.utf8.count == values.count * 16 && BatchChecksums(text)?.values == values)
  }

  @Test(
    "What is no checksum is none",
    arguments: ["0", "000000000000000", "000000000000000g", "+00000000000000a", "-00000000000000a", "é00000000000000"])
  func malformed(text: String) { #expect(BatchChecksums(text) == nil) }

  @Test("A checksum is that of its bytes, in whatever windows they are seen")
  func windows() throws {
    var generator = SeededGenerator(seed: 3)
    let bytes = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for _ in 0..<50 {
      let place = 64..<Int.random(in: 64...4_900, using: &generator)
      let checksum = BufferChecksum()
      checksum.begin(place)
      var start = 64
      while start < place.upperBound {
        let end = min(bytes.count, start + Int.random(in: 1...700, using: &generator))
        checksum.add(bytes.span.extracting(start..<end), at: start)
        // The next window may show some of these bytes again.
        start = max(65, end - Int.random(in: 0...3, using: &generator))
        if end >= place.upperBound { break }
      }
      #expect(checksum.value == Checksum.of(bytes.span.extracting(place)))
    }
    let unseen = BufferChecksum()
    unseen.begin(0..<10)
    unseen.add(bytes.span.extracting(5..<10), at: 5)
    #expect(unseen.value == nil)
  }
}
