// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import Testing
import WorkerProtocol

@Suite("Wishes about cells")
struct CellWishesTests {
  private func wishes(_ change: (inout CellWishes) -> Void) -> CellWishes {
    var wishes = CellWishes()
    change(&wishes)
    return wishes
  }

  @Test("Nothing said is nothing wished")
  func nothing() throws {
    #expect(try CellWishes().options() == CellOptions())
  }

  @Test("Types, words and flags are taken over, one a line")
  func everything() throws {
    var said = wishes {
      $0.allText = "true"
      $0.dateOrder = "mdy"
      $0.decimalComma = "false"
    }
    said.setLines("price=decimal(10,2)\r\na=b=int64\n\n cafe\u{301} =text\n", of: \.types)
    said.setLines("k.A.\n-", of: \.nullWords)
    let options = try said.options()
    #expect(
      options.rules == [
        .init(name: "price", type: .decimal(precision: 10, scale: 2)), .init(name: "a=b", type: .int64),
        .init(name: "café", type: .text),
      ])
    #expect(options.isAllText && options.dateOrder == .mdy && !options.hasDecimalComma)
    #expect(options.nullWords == ["k.A.", "-"])
  }

  @Test(
    "What is not understood is an error, never ignored",
    arguments: [
      { $0.types = ["price"] }, { $0.types = ["=int64"] }, { $0.types = ["a=int"] + ["a=text"] },
      { $0.types = ["a=money"] }, { $0.types = [" =text"] }, { $0.allText = "yes" }, { $0.decimalComma = "" },
      { $0.dateOrder = "ymd" }, { $0.nullWords = [String(repeating: "x", count: 2000)] },
      { $0.schema = [] }, { $0.schema = Array("[]".utf8) },
      { $0.schema = Array(#"{"fields":[{"type":"date"}]}"#.utf8) },
      { $0.schema = Array(#"{"fields":[{"name":"a","type":"geopoint"}]}"#.utf8) },
      { $0.schema = Array(#"{"fields":[{"name":"a","type":"date","format":"%d %B %Y"}]}"#.utf8) },
      { $0.schema = Array(#"{"fields":[{"name":"a","type":"integer","bareNumber":false}]}"#.utf8) },
      { $0.schema = Array(#"{"fields":[{"name":"a","type":"boolean","trueValues":["ja"]}]}"#.utf8) },
      { $0.schema = Array(#"{"fields":[{"name":"a","type":"date"},{"name":"a","type":"time"}]}"#.utf8) },
      { $0.schema = [0xFF, 0xFE, 0x00] },
    ] as [@Sendable (inout CellWishes) -> Void])
  func errors(change: @Sendable (inout CellWishes) -> Void) {
    #expect(throws: PipelineFailure.self) { try wishes(change).options() }
  }

  @Test("A Table Schema gives names, types, formats and missing values")
  func schema() throws {
    let json = #"""
      {"fields": [{"name": "id", "type": "integer"}, {"name": "note"}, {"name": "any", "type": "any"},
        {"name": "day", "type": "date", "format": "%d/%m/%Y"}, {"name": "iso", "type": "date", "format": "default"},
        {"name": "us", "type": "datetime", "format": "%m/%d/%Y %H:%M:%S"}, {"name": "mail", "type": "string",
        "format": "email"}, {"name": "price", "type": "number", "decimalChar": ",", "groupChar": "."},
        {"name": "ok", "type": "boolean", "constraints": {"required": true}}],
       "missingValues": ["", "k.A.", "-"]}
      """#
    let options = try wishes { $0.schema = Array(json.utf8) }.options()
    var isRequired = CellConstraints()
    isRequired.isRequired = true
    #expect(
      options.rules == [
        .init(name: "id", type: .integer), .init(name: "day", type: .date, dateOrder: .dmy),
        .init(name: "iso", type: .date), .init(name: "us", type: .timestamp, dateOrder: .mdy),
        .init(name: "mail", type: .text), .init(name: "price", type: .number),
        .init(name: "ok", type: .bool, constraints: isRequired),
      ])
    #expect(options.nullWords == ["k.A.", "-"])
    #expect(options.hasDecimalComma)
  }

  @Test("Constraints are taken over as texts, in which no digit is lost")
  func constraints() throws {
    let json = #"""
      {"fields": [{"name": "a", "type": "number", "constraints": {"minimum": 0.1, "maximum": "12345678901234567.5"}},
        {"name": "b", "type": "string", "constraints": {"minLength": 2, "maxLength": 3, "enum": ["ab", "abc"],
        "unique": false}}, {"name": "c", "type": "date", "constraints": {"minimum": "2024-01-31"}},
        {"name": "d", "type": "integer", "constraints": {"enum": [1, -2]}}]}
      """#
    let rules = try wishes { $0.schema = Array(json.utf8) }.options().rules.map(\.constraints)
    #expect(rules[0].minimum == "0.1" && rules[0].maximum == "12345678901234567.5")
    #expect(rules[1].minLength == 2 && rules[1].maxLength == 3 && rules[1].enumeration == ["ab", "abc"])
    #expect(rules[2].minimum == "2024-01-31" && rules[3].enumeration == ["1", "-2"])
  }

  @Test(
    "A constraint that is not kept is an error that names it",
    arguments: [
      (#"{"name": "a", "type": "string", "constraints": {"pattern": "^(a+)+$"}}"#, "pattern"),
      (#"{"name": "a", "type": "string", "constraints": {"unique": true}}"#, "unique"),
      (#"{"name": "a", "type": "string", "constraints": {"minimum": "b"}}"#, "constraints"),
      (#"{"name": "a", "type": "integer", "constraints": {"minLength": 1}}"#, "constraints"),
      (#"{"name": "a", "type": "integer", "constraints": {"minimum": "x"}}"#, "constraints"),
      (#"{"name": "a", "type": "date", "constraints": {"maximum": "31/12/2024"}}"#, "constraints"),
      (#"{"name": "a", "type": "string", "constraints": {"minLength": 3, "maxLength": 2}}"#, "constraints"),
      (#"{"name": "a", "constraints": {"required": true}}"#, "type"),
    ])
  func unsupported(field: String, named name: String) {
    let error = #expect(throws: PipelineFailure.self) {
      try wishes { $0.schema = Array("{\"fields\": [\(field)]}".utf8) }.options()
    }
    guard case .invalidRequest(let text) = error else { return #expect(Bool(false), "another error") }
    #expect(text.contains(name))
  }

  @Test("Keys are not kept, so they are an error too", arguments: ["primaryKey", "uniqueKeys", "foreignKeys"])
  func keys(_ key: String) {
    let error = #expect(throws: PipelineFailure.self) {
      try wishes { $0.schema = Array("{\"fields\": [], \"\(key)\": [\"a\"]}".utf8) }.options()
    }
    #expect(error == .invalidRequest("the schema: \(key) is not supported"))
  }
}
