// SPDX-License-Identifier: Apache-2.0

import Foundation
import WorkerProtocol

/// A Frictionless Table Schema (specs.frictionlessdata.io/table-schema): the operator's or the client's, never the
/// file's.
///
/// Names, types, formats, missing values and most constraints are taken. What would change the meaning of a cell, or ask
/// more of it, and is not known is an error that names it: nothing that was asked for is left out silently.
struct TableSchema {
  private struct Description: Decodable {
    let fields: [Field]
    let missingValues: [String]?
    /// Only whether they are there.
    let primaryKey: Present?
    let uniqueKeys: Present?
    let foreignKeys: Present?
  }

  /// A value of any kind that nobody looks at.
  private struct Present: Decodable {
    init(from decoder: any Decoder) {}
  }

  private struct Field: Decodable {
    let name: String
    let type: String?
    let format: String?
    let decimalChar: String?
    let groupChar: String?
    let trueValues: [String]?
    let falseValues: [String]?
    let bareNumber: Bool?
    let constraints: SchemaConstraints?
  }

  private let description: Description

  /// - Throws: `PipelineFailure.invalidRequest` for what is no Table Schema.
  init(json: [UInt8]) throws(PipelineFailure) {
    do { description = try JSONDecoder().decode(Description.self, from: Data(json)) } catch {
      throw .invalidRequest("the schema is no Table Schema: an object with fields, each with a name")
    }
  }

  func apply(to options: inout CellOptions) throws(PipelineFailure) {
    let keys = [
      ("primaryKey", description.primaryKey), ("uniqueKeys", description.uniqueKeys),
      ("foreignKeys", description.foreignKeys),
    ]
    if let (key, _) = keys.first(where: { $0.1 != nil }) {
      throw .invalidRequest("the schema: \(key) is not supported")
    }
    for (index, field) in description.fields.enumerated() {
      guard let type = field.type, type != "any" else {
        guard field.constraints == nil else {
          throw .invalidRequest("field \(index + 1) of the schema: constraints need a type")
        }
        continue
      }
      options.rules.append(try Self.rule(field, type, number: index + 1))
      if field.decimalChar == "," { options.hasDecimalComma = true }
    }
    for word in description.missingValues ?? [] where !word.isEmpty && !options.nullWords.contains(word) {
      options.nullWords.append(word)
    }
  }

  private static func rule(
    _ field: Field, _ type: String, number: Int
  ) throws(PipelineFailure) -> CellOptions.Rule {
    func fail(_ what: String) -> PipelineFailure { .invalidRequest("field \(number) of the schema: \(what)") }
    guard let requested = types[type] else {
      throw fail("its type must be one of \(types.keys.sorted().joined(separator: ", "))")
    }
    guard field.bareNumber != false, field.trueValues == nil, field.falseValues == nil,
      [nil, ".", ","].contains(field.decimalChar), [nil, ",", ".", " ", "'"].contains(field.groupChar)
    else { throw fail("bareNumber, trueValues, falseValues and other marks in numbers are not supported") }
    var rule = CellOptions.Rule(name: columnName(field.name), type: requested)
    if let constraints = field.constraints {
      if let name = constraints.unsupported { throw fail("the constraint \(name) is not supported") }
      rule.constraints = constraints.cells
      guard rule.constraints.areValid(for: requested) else {
        throw fail(
          "its constraints are not of its type: bounds are numbers, or dates and times by ISO 8601 to the second; "
            + "lengths are for strings")
      }
    }
    guard let format = field.format, format != "default", format != "any" else { return rule }
    switch requested {
    case .date, .timestamp:
      guard let order = dateOrder(format) else { throw fail("its format is not supported") }
      rule.dateOrder = order
    case .text: break
    default: throw fail("its format is not supported")
    }
    return rule
  }

  private static let types: [String: RequestedType] = [
    "string": .text, "integer": .integer, "number": .number, "boolean": .bool, "date": .date, "time": .time,
    "datetime": .timestamp, "year": .integer,
  ]

  /// The order of a pattern of strptime; nil for one that is not read, and for year, month, day, which needs none.
  private static func dateOrder(_ format: String) -> CellOptions.DateOrder?? {
    let parts = format.split(separator: "%", omittingEmptySubsequences: true).compactMap(\.first)
    guard format.hasPrefix("%"), parts.count >= 3, parts.dropFirst(3).allSatisfy({ "HMSfzZ".contains($0) }) else {
      return nil
    }
    switch String(parts.prefix(3)) {
    case "dmY": return .some(.dmy)
    case "mdY": return .some(.mdy)
    case "Ymd": return .some(nil)
    default: return nil
    }
  }

  /// A name as a table has it.
  static func columnName(_ text: String) -> String {
    text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
  }
}
