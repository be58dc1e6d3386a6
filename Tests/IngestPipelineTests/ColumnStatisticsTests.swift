// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Glibc
import IngestTables
import IngestTesting
import Testing

@testable import IngestPipeline

@Suite("Statistics of columns")
struct ColumnStatisticsTests {
  private func file(_ table: SampleTable) throws -> TableFile {
    let file = try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    let bytes = try table.file()
    try file.pwrite(bytes.span, at: 0)
    return try TableFile(reading: try file.duplicate())
  }

  private func statistics(_ type: ColumnType, _ batches: [[Value]]) throws -> ColumnStatistics {
    let table = SampleTable(
      schema: Schema(fields: [Field(name: "c", type: type)]), batches: batches.map { [$0] })
    let file = try file(table)
    let rows = UInt64(batches.reduce(0) { $0 + $1.count })
    let text = try ColumnStatistics.text(of: file, try file.verifyBodies())
    return try #require(try JSONDecoder().decode([ColumnStatistics].self, from: Data(text.utf8)).first)
  }

  @Test("Nulls, the least and the greatest value are exact, whatever batches the rows lie in")
  func exact() throws {
    var generator = SeededGenerator(seed: 5)
    let values = (0..<20_000).map { _ -> Value in
      Int.random(in: 0..<9, using: &generator) == 0
        ? .null : .int64(Int64.random(in: -70_000...90_000, using: &generator))
    }
    let whole = try statistics(.int64, [values])
    let cut = try statistics(
      .int64, stride(from: 0, to: values.count, by: 617).map { Array(values[$0..<min($0 + 617, values.count)]) })
    let numbers = values.compactMap { value in if case .int64(let number) = value { number } else { nil } }
    for found in [whole, cut] {
      #expect(found.nulls == UInt64(values.count - numbers.count))
      #expect(found.min == numbers.min().map(String.init) && found.max == numbers.max().map(String.init))
      let estimates = try #require(found.estimates)
      #expect(!estimates.exact && estimates.rows <= 1_024)
      #expect((UInt64(estimates.rows) / 2...UInt64(numbers.count)).contains(estimates.distinct))
    }
  }

  static let shown: [(ColumnType, [Value], String?, String?, UInt64)] = [
    (.bool, [.bool(true), .null, .bool(true)], "true", "true", 1),
    (.uint64, [.uint64(.max), .uint64(3)], "3", "18446744073709551615", 2),
    (.float64, [.float64(.nan), .float64(-0.0), .float64(2.5)], "0.0", "2.5", 3),
    (.float64, [.float64(.nan)], nil, nil, 1), (.float64, [.float64(-.infinity), .float64(1)], "-inf", "1.0", 2),
    (.date, [.date(days: 19_723), .null, .date(days: -1)], "1969-12-31", "2024-01-01", 2),
    (.time, [.time(microseconds: 0), .time(microseconds: 1_500_000)], "00:00:00", "00:00:01.5", 2),
    (
      .decimal(precision: 5, scale: 2), [.decimal(unscaled: -150, scale: 2), .decimal(unscaled: 7, scale: 2)], "-1.50",
      "0.07", 2
    ),
    (.utf8, [.text("b"), .text(""), .text("a"), .text("b")], "", "b", 3), (.utf8, [.null, .null], nil, nil, 0),
    (.null, [.null], nil, nil, 0), (.listOfUTF8, [.list(["x"]), .null], nil, nil, 1),
    (.utf8, [.text(String(repeating: "é", count: 200)), .text("a")], "a", String(repeating: "é", count: 128), 2),
  ]

  @Test("Each type is shown as its cells are; of few rows all is exact", arguments: shown.indices)
  func types(index: Int) throws {
    let (type, values, least, greatest, distinct) = Self.shown[index]
    let found = try statistics(type, [values])
    #expect(found.min == least && found.max == greatest)
    #expect(found.nulls == UInt64(values.count { $0 == .null }))
    #expect(found.estimates?.exact == true && found.estimates?.distinct == distinct)
  }

  @Test("Of several batches each tells its own rows, nulls, and least and greatest value, of texts the start")
  func batches() throws {
    let long = String(repeating: "x", count: 40)
    let table = SampleTable(
      schema: Schema(fields: [Field(name: "n", type: .int64), Field(name: "t", type: .utf8)]),
      batches: [
        [[.int64(3), .null, .int64(-1)], [.text("b"), .text(long), .text("a")]], [[.null], [.null]],
        [[.int64(9)], [.text("c")]],
      ])
    let text = try #require(BatchStatistics.text(of: try file(table).verifyBodies(), table.schema))
    #expect(
      text == """
        [{"columns":[{"max":"3","min":"-1","nulls":1},{"max":"\(long.prefix(32))","max_is_prefix":true,"min":"a","nulls":0}],"rows":3},\
        {"columns":[{"nulls":1},{"nulls":1}],"rows":1},\
        {"columns":[{"max":"9","min":"9","nulls":0},{"max":"c","min":"c","nulls":0}],"rows":1}]
        """)
  }

  @Test("One batch holds what its table does, and of too many nothing is kept", arguments: [0, 1, 33_000])
  func fewOrMany(batches: Int) throws {
    let columns = batches > 1 ? 2 : 1
    let table = SampleTable(
      schema: Schema(fields: (0..<columns).map { Field(name: "c\($0)", type: .null) }),
      batches: [[[Value]]](repeating: [[Value]](repeating: [], count: columns), count: batches))
    let contents = try file(table).verifyBodies()
    #expect(BatchStatistics.text(of: contents, table.schema) == nil)
    #expect(contents.checksums.values.count == batches)
  }

  @Test("Frequent values, quantiles and a histogram are those of the sample")
  func estimates() throws {
    let values = (0..<1_000).map { Value.int64(Int64($0 % 4 == 0 ? 5 : $0)) }
    let found = try #require(try statistics(.int64, [values]).estimates)
    #expect(found.exact && found.distinct == 750)
    #expect(found.top == [ColumnEstimates.Frequency(value: "5", rows: 251)])
    #expect(found.quantiles?["p50"] == "333" && found.quantiles?.count == 5)
    let histogram = try #require(found.histogram)
    #expect(histogram.rows.reduce(0, +) == 1_000 && histogram.edges.count == 11)
    #expect(histogram.edges.first == 1 && histogram.edges.last == 999)
  }

  @Test(
    "Numbers at the ends of their range make no trap",
    arguments: [
      [Value.float64(.greatestFiniteMagnitude), .float64(-.greatestFiniteMagnitude)],
      [.float64(5e-324), .float64(0)], [.float64(.infinity), .float64(.nan), .float64(1)],
      [.float64(1), .float64(1.0.nextUp)],
    ])
  func extremes(values: [Value]) throws {
    let found = try statistics(.float64, [values])
    let counted = found.estimates?.histogram?.rows.reduce(0, +) ?? 0
    #expect(counted <= values.count)
  }

  @Test("The sample is the same rows for the same table, and few of a wide one")
  func sample() throws {
    let wide = SampleTable(
      schema: Schema(fields: (0..<600).map { Field(name: "c\($0)", type: .int64) }),
      batches: (0..<3).map { batch in (0..<600).map { column in (0..<400).map { .int64(Int64($0 * column + batch)) } } }
    )
    let file = try file(wide)
    let (one, other) = (try SampledRows(of: file), try SampledRows(of: file))
    #expect(one.columns == other.columns && !one.isWhole)
    #expect(one.columns.allSatisfy { (16...256).contains($0.count) })
    let text = try ColumnStatistics.text(of: file, try file.verifyBodies())
    let columns = try JSONDecoder().decode([ColumnStatistics].self, from: Data(text.utf8))
    #expect(columns.count == 600 && columns.allSatisfy { $0.estimates == nil && $0.max != nil })
  }
}
