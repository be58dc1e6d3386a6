// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTesting
import Testing

/// What others read of our files, judged by programs that are not ours.
@Suite("Interoperability")
struct InteroperabilityTests {
  private struct Comparison: Decodable {
    let tables: Int
    let withPyarrowCSV: Int
    let failures: [String]

    enum CodingKeys: String, CodingKey {
      case tables, failures
      case withPyarrowCSV = "with_pyarrow_csv"
    }
  }

  private func compare(with python: String, _ script: String, _ published: [URL] = []) async throws -> Ended {
    let options = try await ConfinementLevel.options(for: "convert")
    let command = [python, "-B", Binaries.script(script), try Binaries.ingest(), Binaries.samples.path]
    return try await run(command + published.map(\.path) + options, deadline: 480)
  }

  @Test("pyarrow, polars and DuckDB read every table, value for value what pyarrow's CSV reader gives")
  func tables() async throws {
    let python = try Binaries.python()
    let published = try await PublishedSamples.value
    let ended = try await compare(with: python, "compare_tables.py", [published.store, published.lines])
    let comparison = try #require(try? ended.json(Comparison.self), "\(ended.talk)")
    for failure in comparison.failures { Issue.record("\(failure)") }
    #expect(comparison.tables >= 90)
    #expect(comparison.withPyarrowCSV >= 78)
    #expect(ended.status == 0)
  }

  private struct ReadColumn: Decodable, Equatable {
    let type: String
    let values: [String?]
  }

  /// A column's cells, and what pyarrow reads: its type, and values (times as their numbers).
  private static let exact: [String: (cells: [String], read: ReadColumn)] = [
    "long": (
      ["99999999999999999999999999999999999999", "-1", "NA"],
      ReadColumn(type: "decimal128(38, 0)", values: ["99999999999999999999999999999999999999", "-1", nil])
    ),
    "small": (
      ["-0.99999999999999999999999999999999999999", "0.5", ""],
      ReadColumn(
        type: "decimal128(38, 38)",
        values: ["-0.99999999999999999999999999999999999999", "0.50000000000000000000000000000000000000", nil])
    ),
    "time": (
      ["00:00", "23:59:59.999999", "NA"], ReadColumn(type: "time64[us]", values: ["0", "86399999999", nil])
    ),
    "local": (
      ["1677-09-21T00:12:43.145225000", "2262-04-11T23:47:16.854775807", ""],
      ReadColumn(type: "timestamp[ns]", values: ["-9223372036854775000", "9223372036854775807", nil])
    ),
    "zoned": (
      ["1970-01-01T01:00:00.000000001+01:00", "1969-12-31T23:59:59.999999999Z", "NA"],
      ReadColumn(type: "timestamp[ns, tz=UTC]", values: ["1", "-1", nil])
    ),
    "grouped": (["1.234.567,25", "-0,5", "7"], ReadColumn(type: "double", values: ["1234567.25", "-0.5", "7"])),
  ]

  @Test("pyarrow reads decimals, times and nanoseconds to their last digit", arguments: ["arrow", "arrows"])
  func exactTypes(form: String) async throws {
    let python = try Binaries.python()
    let names = Self.exact.keys.sorted()
    let rows = (0..<3).map { row in names.map { Self.exact[$0]?.cells[row] ?? "" }.joined(separator: ";") }
    let directory = try TemporaryDirectory()
    let file = try directory.write("exact.csv", ([names.joined(separator: ";")] + rows).joined(separator: "\n") + "\n")
    let converted = try await ingest("convert", file.path, "--to", form)
    let ended = try await run(
      [python, "-B", Binaries.script("read_types.py"), form == "arrow" ? "file" : "stream"], input: converted.output,
      deadline: 60)
    let columns = try ended.json([String: ReadColumn].self)
    #expect(columns == Self.exact.mapValues(\.read), "\(converted.talk)\(ended.talk)")
  }

  @Test("Verbatim cells are those of Python's csv module, record by record, under every setting of the header")
  func verbatim() async throws {
    let ended = try await compare(with: Binaries.plainPython, "compare_text.py")
    #expect(ended.status == 0, "\(ended.text)\(ended.talk)")
  }

  @Test("A table that is exported as CSV and published again has the same bytes (C30)")
  func roundTrip() async throws {
    let directory = try TemporaryDirectory()
    let edges = try directory.write("edges.csv", Self.edges)
    _ = try await ingest("batch", "--store", directory["edges"].path, edges.path)
    for (original, least) in [(try await PublishedSamples.value.store, 60), (directory["edges"], 1)] {
      // Lists are exported as texts, and of strings of digits CSV does not say that they are none; the largest tables
      // take a debug build too long, and so do more than one in three of the others.
      let tables = try await tables(in: original).filter { table in
        table.rows < 1000 && !table.columns.contains { $0.type.hasPrefix("list") }
          && !table.name.contains("strings_stay_strings")
      }
      #expect(tables.count >= least)
      let step = Soak.isOn ? 1 : 3
      try await expectRoundTrip(of: stride(from: 0, to: tables.count, by: step).map { tables[$0] }, in: original)
    }
  }

  private func tables(in store: URL) async throws -> [TableListing.Table] {
    try (try await ingest("table", "list", "--json", "--store", store.path)).json(TableListing.self).tables
  }

  private func expectRoundTrip(of tables: [TableListing.Table], in original: URL) async throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(at: directory["out"], withIntermediateDirectories: true)
    for table in tables {
      let ended = try await ingest(
        "table", "export", table.id, "--to", "csv", "--store", original.path, "-o",
        directory["out/\(table.id).csv"].path)
      #expect(ended.status == 0)
    }
    // The header is part of what is given, as the types would be.
    let again = try await ingest(
      "batch", directory["out"].path, "--store", directory["store"].path, "--header", "always")
    #expect(again.status == 0)
    let copies = try await self.tables(in: directory["store"])
    for table in tables {
      let copy = try #require(copies.first { $0.name == table.id })
      let (left, right) = (
        try Data(contentsOf: PublishedSamples.file(table.id, in: original)),
        try Data(contentsOf: PublishedSamples.file(copy.id, in: directory["store"]))
      )
      #expect(left == right, "\(table.name)")
    }
  }

  /// The ends of every type, and texts that a careless export would change.
  private static let edges = #"""
    text,n,u,f,d,ts,tz,b,empty\#r
    "line\#r
    break",-9223372036854775808,18446744073709551615,5e-324,0001-01-01,\#
    0001-01-01T00:00:00.000001,1969-12-31T23:59:59.5+05:30,true,\#r
    "say ""hi""",9223372036854775807,0,-0.0,9999-12-31,\#
    9999-12-31T23:59:59.999999,2024-01-01T00:00Z,FALSE,\#r
    "",0,1,1.7976931348623157e308,2024-02-29,\#
    1970-01-01T00:00:00,2024-01-01T00:00+0000,True,\#r
    ,,,,,,,,\#r
      padded  , 7 , 8 ,NaN,2024-01-01,1900-01-01T12:30,2024-06-30T12:00:00-11:00,false,\#r
    NA,NA,NA,-inf,NA,NA,NA,NA,\#r
    "\#ttab;|",-1,2,0.1,1970-01-01,1969-12-31T23:59:59.999999,0001-01-02T00:00:00Z,tRuE,\#r
    =1+1,5,3,1e22,1969-12-31,2024-01-01T10:00:00.1,2024-01-01T10:00:00.123456Z,false,\#r

    """#
}
