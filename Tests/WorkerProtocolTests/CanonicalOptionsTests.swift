// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WorkerProtocol

@Suite("Canonical options")
struct CanonicalOptionsTests {
  private static func options(_ change: (inout ReadOptions) -> Void) -> ReadOptions {
    var options = ReadOptions()
    change(&options)
    return options
  }

  private static let constraints: CellConstraints = {
    var constraints = CellConstraints()
    constraints.isRequired = true
    (constraints.minLength, constraints.maxLength) = (1, 7)
    constraints.enumeration = ["", ";:=", "größe"]
    return constraints
  }()

  private static let bounds: CellConstraints = {
    var constraints = CellConstraints()
    (constraints.minimum, constraints.maximum) = ("-1.5", "2")
    return constraints
  }()

  static let all: [ReadOptions] = [
    ReadOptions(), ReadOptions(header: .never, isVerbatim: true),
    options { ($0.isStrict, $0.maxRejects) = (true, 1_000_000) },
    options { $0.member = MemberPattern("*;größe=1:?.csv") },
    options {
      $0.cells.rules = [
        .init(name: "a;b:c=", type: .decimal(precision: 38, scale: 2), constraints: bounds),
        .init(name: "größe", type: .text, constraints: constraints),
        .init(name: "when", type: .timestampNanoseconds, dateOrder: .mdy),
      ]
      $0.cells.nullWords = [";", "k.A.", "null=3:"]
      ($0.cells.isAllText, $0.cells.hasDecimalComma, $0.cells.dateOrder) = (true, true, .dmy)
    },
    options {
      for (key, text) in [
        (DialectOptions.Key.delimiter, "; "), (.quote, "'"), (.escape, "backslash"), (.comment, "=="), (.skipRows, "3"),
        (.headerRows, "1"), (.jsonPointer, "/a;b=c/~0~1"), (.flattenDepth, "2"),
      ] { try? $0.dialect.set(key, to: text) }
    },
  ]

  @Test("What was written is read, and means the same", arguments: all)
  func roundTrip(options: ReadOptions) throws {
    let read = try #require(ReadOptions(canonical: options.canonical), "\(options.canonical)")
    #expect(read.canonical == options.canonical)
    // The order of rules and words says nothing.
    #expect(Set(read.cells.rules) == Set(options.cells.rules.map(\.sorted)))
    #expect(read.dialect == options.dialect && read.maxRejects == options.maxRejects)
    #expect(read.member == options.member)
  }

  @Test(
    "Nothing else is read",
    arguments: [
      "member=0:", "member=2:x", "member=1:\n", "member=x",
      ";", "header", "header=", "header=auto", "header=never;", "strict=false", "max_rejects=0", "max_rejects=x",
      "null=9:x", "null=-1:x", "null=:x", "null=99999999999999999999:x", "type=1:a", "type=1:a:int64",
      "type=1:a:money:", "type=1:a:int64:ymd", "type=1:a:int64::minimum=1:x", "type=1:a:int64::pattern=1:x",
      "type=1:a:int64::required:", "delimiter=2", "delimiter=zz", "strict=true;strict=true", "a=b", "verbatim=1",
    ])
  func others(text: String) {
    #expect(ReadOptions(canonical: text) == nil)
  }
}

extension CellOptions.Rule {
  /// With the values that are allowed in one order.
  fileprivate var sorted: CellOptions.Rule {
    var rule = self
    rule.constraints.enumeration = constraints.enumeration
      .map { ($0, "\($0.utf8.count):\($0)") }.sorted { "value=\($0.1)" < "value=\($1.1)" }.map(\.0)
    return rule
  }
}
