// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Constraints")
struct ConstraintTests {
  private static func bounds(_ minimum: String?, _ maximum: String?) -> CellConstraints {
    var constraints = CellConstraints()
    constraints.minimum = minimum
    constraints.maximum = maximum
    return constraints
  }

  private static func lengths(_ least: UInt32?, _ most: UInt32?) -> CellConstraints {
    var constraints = CellConstraints()
    constraints.minLength = least
    constraints.maxLength = most
    return constraints
  }

  private static func values(_ values: String...) -> CellConstraints {
    var constraints = CellConstraints()
    constraints.enumeration = values
    return constraints
  }

  private static let required: CellConstraints = {
    var constraints = CellConstraints()
    constraints.isRequired = true
    return constraints
  }()

  /// A type, what its values must be, cells, and which of them break what.
  private static let cases: [(String, CellConstraints, [String], [Int: RejectCode])] = [
    ("int64", bounds("2", "4"), ["1", "2", "4", "5", ""], [0: .outOfRange, 3: .outOfRange]),
    ("int64", bounds("1.5", "3.5"), ["1", "2", "3", "4", "-2"], [0: .outOfRange, 3: .outOfRange, 4: .outOfRange]),
    ("int64", bounds("-1.5", nil), ["-2", "-1", "0"], [0: .outOfRange]),
    (
      "uint64", bounds("18446744073709551615", nil), ["18446744073709551614", "18446744073709551615"], [0: .outOfRange]
    ),
    ("float64", bounds("0.1", nil), ["0.1", "0.09", "NaN", "inf"], [1: .outOfRange, 2: .outOfRange]),
    ("decimal(5,2)", bounds("0.125", "99.999"), ["0.12", "0.13", "99.99", "100"], [0: .outOfRange, 3: .outOfRange]),
    (
      "decimal(38,10)", bounds("0", "99999999999999999999999999999999999999"), ["-1", "1"], [0: .outOfRange]
    ),
    (
      "date", bounds("2024-01-02", "2024-12-31"), ["2024-01-01", "2024-01-02", "2025-01-01"],
      [0: .outOfRange, 2: .outOfRange]
    ),
    ("time", bounds("08:00", "17:30:00"), ["07:59:59", "08:00", "17:30:01"], [0: .outOfRange, 2: .outOfRange]),
    (
      "timestamp", bounds("2024-01-01T00:00", nil), ["2023-12-31T23:59:59", "2024-01-01T00:00:00"], [0: .outOfRange]
    ),
    (
      "timestamp[ns]", bounds(nil, "2024-01-01T00:00:01"), ["2024-01-01T00:00:01.000000001", "2024-01-01T00:00:01"],
      [0: .outOfRange]
    ),
    ("text", lengths(2, 3), ["é", "éé", "ééé", "éééé", "\"\""], [0: .tooShort, 3: .tooLong, 4: .tooShort]),
    ("text", lengths(nil, 1), ["\"\"\"\"", "a", "ab"], [2: .tooLong]),
    ("text", values("yes", "n,o"), ["yes", "\"n,o\"", "Yes", ""], [2: .notInEnumeration]),
    ("int64", values("1", "3.0", "2.5"), ["1", "3", "2"], [2: .notInEnumeration]),
    ("float64", values("0.1", "0"), ["0.1", "-0.0", "0.2"], [2: .notInEnumeration]),
    ("bool", values("true"), ["yes", "no"], [1: .notInEnumeration]),
    ("date", values("2024-01-02"), ["2024-01-02", "2024-01-03"], [1: .notInEnumeration]),
    ("int64", required, ["1", "", "NA", "2"], [1: .valueRequired, 2: .valueRequired]),
    ("text", required, ["x", "", "\"\"", "NA"], [1: .valueRequired]),
    ("int64", bounds("1", nil), ["x", "0", "1"], [0: .wrongType, 1: .outOfRange]),
  ]

  @Test("A value that breaks a constraint rejects its record", arguments: cases)
  func constraints(type: String, _ constraints: CellConstraints, cells: [String], faults: [Int: RejectCode]) throws {
    let requested = try #require(RequestedType(type))
    try #require(constraints.areValid(for: requested))
    var options = ReadOptions(header: .always)
    options.dialect = try DialectOptions([.delimiter: ","])
    options.cells.rules = [CellOptions.Rule(name: "v", type: requested, constraints: constraints)]
    options.maxRejects = 10
    let text = "id,v\n" + cells.enumerated().map { "\($0),\($1)\n" }.joined()
    for sizes in [PassSizes(), PassSizes(block: { _ in 16 }, sample: 1...1, piece: 8)] {
      let table = try ReadTable(text, options, sizes: sizes)
      #expect(table.texts.map { $0[0] } == cells.indices.filter { faults[$0] == nil }.map(String.init))
      #expect(
        table.rejects.map { $0[RejectsTable.Column.code.rawValue].text }
          == faults.sorted { $0.key < $1.key }.map(\.value.rawValue))
    }
  }

  @Test("A record that lacks a required cell is rejected where it ends, and a constraint refuses where nothing is")
  func lacking() throws {
    var options = ReadOptions(header: .always)
    options.cells.rules = [CellOptions.Rule(name: "b", type: .int64, constraints: Self.required)]
    options.maxRejects = 1
    let table = try ReadTable("a,b,c\n1,2,3\n4\n", options)
    #expect(table.rejects.count == 1)
    #expect(table.rejects[0][..<6].map(\.text) == ["3", "13", "2", "b", "value_required", ""])
    options.maxRejects = 0
    let rejection = try rejection(of: Array("a,b,c\n1,2,3\n4\n".utf8), options)
    #expect(rejection?.code == .contractViolated && rejection?.violation == .valueRequired)
    #expect(rejection?.detail.hasPrefix("A cell that must have a value has none, at line 3, column 2") == true)
  }
}
