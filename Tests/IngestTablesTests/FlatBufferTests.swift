// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

@Suite("FlatBuffers")
struct FlatBufferTests {
  private static func sample() -> [UInt8] {
    var builder = FlatBufferBuilder()
    let text = builder.string("日本")
    let inner = builder.table([.int8(7), nil, .int64(-5)])
    let tables = builder.vector([inner, inner])
    let numbers = builder.structVector([1, -2, 3, Int64.max], width: 2)
    return builder.finish(
      builder.table([.int16(-3), .reference(text), .int32(.min), .reference(tables), .reference(numbers), nil]))
  }

  @Test("What was built is read back")
  func roundTrip() throws {
    let root = try FlatBufferTable.root(of: Self.sample())
    #expect(try root.integer(0, default: Int16(0)) == -3)
    #expect(try root.string(1) == "日本")
    #expect(try root.integer(2, default: Int32(0)) == .min)
    #expect(try root.tables(3).map { try $0.integer(2, default: Int64(0)) } == [-5, -5])
    #expect(try root.integers(4, width: 2) == [1, -2, 3, .max])
    #expect(try root.string(5) == nil && root.string(99) == nil && root.table(5) == nil)
    #expect(try root.tables(5).isEmpty && root.integers(6, width: 3).isEmpty)
    #expect(try root.tables(3)[0].integer(1, default: UInt8(42)) == 42)
  }

  @Test("Numbers are aligned to their size", arguments: 0..<20)
  func alignment(length: Int) throws {
    var builder = FlatBufferBuilder()
    let text = builder.string(String(repeating: "x", count: length))
    let root = builder.table([.int8(1), .int64(0x1122_3344_5566_7788), .reference(text)])
    let bytes = builder.finish(root)
    #expect(bytes.count.isMultiple(of: 8))
    var needle = [UInt8](repeating: 0, count: 8)
    needle.put(UInt64(0x1122_3344_5566_7788), at: 0)
    let place = try #require(bytes.indices.dropLast(7).first { bytes[$0..<$0 + 8].elementsEqual(needle) })
    #expect(place.isMultiple(of: 8))
  }

  @Test("C48 Cut or damaged, it throws and never traps")
  func damaged() {
    let bytes = Self.sample()
    var generator = SeededGenerator(seed: 12)
    for length in 0...bytes.count { readAll(Array(bytes.prefix(length))) }
    for index in bytes.indices {
      for value in [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &generator)] {
        var damaged = bytes
        damaged[index] = value
        readAll(damaged)
      }
    }
    for _ in 0..<3_000 {
      readAll(
        (0..<Int.random(in: 0...40, using: &generator)).map { _ in
          UInt8.random(
            in: 0...255,
            using: &generator) & 0x8F
        })
    }
  }

  private func readAll(_ bytes: [UInt8]) {
    guard let root = try? FlatBufferTable.root(of: bytes) else { return }
    for field in 0..<6 {
      _ = try? root.string(field)
      _ = try? root.tables(field).map { try $0.integer(2, default: Int64(0)) }
      _ = try? root.integers(field, width: 3)
      _ = try? root.table(field)?.string(0)
    }
  }

  @Test("C48 Fields that share one long name do not multiply it")
  func sharedName() {
    var builder = FlatBufferBuilder()
    let name = builder.string(String(repeating: "x", count: 50_000))
    let type = builder.table([.int32(64), .int8(1)])
    let field = builder.table([.reference(name), .int8(1), .int8(2), .reference(type)])
    let fields = builder.vector([FlatBufferBuilder.Reference](repeating: field, count: 20_000))
    let schema = builder.table([.int16(0), .reference(fields)])
    let footer = builder.finish(builder.table([.int16(4), .reference(schema)]))
    #expect(throws: FlatBufferTable.Malformed.self) { try ArrowMetadata.readFooter(footer) }
  }

  @Test("Every message of a schema has one length, and a schema's ends at a multiple of 64")
  func messages() throws {
    let table = SampleTable.everyType(rows: 100)
    let layout = try table.layout()
    let message = ArrowMetadata.batchMessage(layout.batches[0], nulls: table.nulls[0])
    #expect(message.count == ArrowMetadata.batchMessageLength(table.schema))
    #expect((8 + ArrowMetadata.schemaMessage(table.schema).count).isMultiple(of: 64))
    #expect(ArrowMetadata.schemaMessage(table.schema).starts(with: [0xFF, 0xFF, 0xFF, 0xFF]))
    let (shape, nulls) = try ArrowMetadata.readBatch(Array(message.dropFirst(8)), schema: table.schema)
    #expect(shape == table.shapes[0])
    #expect(zip(nulls, zip(table.nulls[0], table.schema.fields)).allSatisfy { $0 == $1.0 || $1.1.type == .null })
  }
}
