// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WorkerProtocol

@Suite("What is known of cells")
struct CellOptionsTests {
  @Test(
    "A type has one name, and reads it",
    arguments: [
      ("bool", "bool"), ("boolean", "bool"), ("int64", "int64"), ("uint64", "uint64"), ("int", "integer"),
      ("float", "float64"), ("double", "float64"), ("number", "number"), ("decimal", "decimal"),
      ("decimal(10,2)", "decimal(10,2)"), ("decimal(38, 38)", "decimal(38,38)"), ("date", "date"), ("time", "time"),
      ("timestamp", "timestamp"), ("datetime", "timestamp"), ("timestamp[ns]", "timestamp[ns]"), ("string", "text"),
      ("utf8", "text"),
    ])
  func types(text: String, name: String) {
    #expect(RequestedType(text)?.name == name)
    #expect(RequestedType(name) == RequestedType(text))
  }

  @Test(
    "Anything else is no type",
    arguments: [
      "", "Int64", "decimal()", "decimal(39,0)", "decimal(0,0)", "decimal(5,6)", "decimal(5,-1)", "decimal(5)",
      "decimal(5,2", "decimal(5,2,1)", "decimal(99999999999999999999,2)", "list<utf8>", "null",
    ])
  func noTypes(text: String) {
    #expect(RequestedType(text) == nil)
  }

  @Test("The canonical form depends on what is said, not on its order")
  func canonical() {
    var first = ReadOptions()
    first.cells.rules = [
      CellOptions.Rule(name: "a", type: .int64), CellOptions.Rule(name: "b;c", type: .date, dateOrder: .dmy),
    ]
    first.cells.nullWords = ["x", "y"]
    var second = ReadOptions()
    second.cells.rules = first.cells.rules.reversed()
    second.cells.nullWords = ["y", "x"]
    #expect(first.canonical == "null=1:x;null=1:y;type=1:a:int64:;type=3:b;c:date:dmy")
    #expect(second.canonical == first.canonical)
    #expect(ReadOptions().canonical == "")
  }

  @Test(
    "Two wishes never have one canonical form",
    arguments: [
      ("a", "b:int64:;type=1:c"), ("a:int64", "a"), ("", "a"),
    ])
  func unambiguous(left: String, right: String) {
    func form(_ name: String) -> String {
      var options = ReadOptions()
      options.cells.rules = [CellOptions.Rule(name: name, type: .int64)]
      return options.canonical
    }
    #expect(form(left) != form(right))
  }

  @Test("What does not fit a job is not valid")
  func bounds() {
    func areValid(_ change: (inout CellOptions) -> Void) -> Bool {
      var options = CellOptions()
      change(&options)
      return options.areValid
    }
    #expect(areValid { _ in })
    #expect(areValid { $0.nullWords = (0..<1000).map { "\($0)" } })
    #expect(!areValid { $0.nullWords = (0..<1001).map { "\($0)" } })
    #expect(!areValid { $0.nullWords = ["x", "x"] })
    #expect(!areValid { $0.nullWords = [""] })
    #expect(!areValid { $0.rules = [CellOptions.Rule(name: "", type: .text)] })
    #expect(!areValid { $0.rules = [.init(name: "a", type: .text), .init(name: "a", type: .date)] })
    #expect(!areValid { $0.rules = [.init(name: String(repeating: "n", count: 1025), type: .text)] })
    #expect(
      !areValid {
        $0.rules = (0..<40).map { .init(name: String(repeating: "n", count: 1000) + "\($0)", type: .text) }
      })
  }

  @Test("The largest valid wishes fit the longest message")
  func largest() throws {
    var options = CellOptions()
    options.rules = (0..<1000).map { .init(name: "c\($0)", type: .decimal(precision: 38, scale: 38), dateOrder: .dmy) }
    options.nullWords = (0..<1000).map { "w\($0)" }
    #expect(options.areValid)
    var writer = MessageWriter()
    options.write(to: &writer)
    #expect(writer.bytes.count < WorkerMessage.longestMessage - 4096)
    var reader = MessageReader(writer.bytes)
    #expect(try CellOptions(from: &reader) == options)
  }
}
