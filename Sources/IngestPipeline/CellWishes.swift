// SPDX-License-Identifier: Apache-2.0

package import WorkerProtocol

/// What a client says about the cells of an upload.
///
/// Nothing of it is checked yet.
package struct CellWishes: Sendable {
  /// `NAME=TYPE` each; the name may hold `=` too.
  package var types: [String] = []
  /// `true` or `false`.
  package var allText: String?
  /// `dmy` or `mdy`.
  package var dateOrder: String?
  /// `true` or `false`.
  package var decimalComma: String?
  package var nullWords: [String] = []
  /// A Table Schema as JSON.
  package var schema: [UInt8]?

  package init() {}

  /// The wishes of a form: lists have one entry a line.
  package mutating func setLines(_ lines: String, of list: WritableKeyPath<CellWishes, [String]>) {
    self[keyPath: list] = lines.split(whereSeparator: \.isNewline).map(String.init)
  }

  /// The options that are meant.
  ///
  /// - Throws: `PipelineFailure.invalidRequest`.
  package func options() throws(PipelineFailure) -> CellOptions {
    var options = CellOptions()
    if let schema { try TableSchema(json: schema).apply(to: &options) }
    for text in types { options.rules.append(try Self.rule(text)) }
    if let allText { options.isAllText = try Self.flag(allText, "all_text") }
    if let decimalComma { options.hasDecimalComma = try Self.flag(decimalComma, "decimal_comma") }
    if let dateOrder {
      guard let order = CellOptions.DateOrder(rawValue: dateOrder) else {
        throw .invalidRequest("the date order must be dmy or mdy")
      }
      options.dateOrder = order
    }
    options.nullWords += nullWords.filter { !options.nullWords.contains($0) }
    guard options.areValid else {
      throw .invalidRequest(
        "each column's type and each null word is given once and not empty, at most \(CellOptions.mostEntries) of each")
    }
    return options
  }

  private static func flag(_ text: String, _ name: String) throws(PipelineFailure) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    default: throw .invalidRequest("\(name) must be true or false")
    }
  }

  private static func rule(_ text: String) throws(PipelineFailure) -> CellOptions.Rule {
    guard let mark = text.lastIndex(of: "="), mark > text.startIndex,
      let type = RequestedType(String(text[text.index(after: mark)...]))
    else { throw .invalidRequest("a column's type is NAME=TYPE, where TYPE is one of: \(RequestedType.allNames)") }
    return CellOptions.Rule(name: TableSchema.columnName(String(text[..<mark])), type: type)
  }
}
