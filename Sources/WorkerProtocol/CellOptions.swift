// SPDX-License-Identifier: Apache-2.0

/// What is known of a file's cells beforehand; it overrides what would be inferred.
public struct CellOptions: Sendable, Hashable {
  /// Which of day and month comes first, where dates read both ways.
  public enum DateOrder: String, Sendable, CaseIterable {
    case dmy, mdy
  }

  /// The type that one column must have.
  public struct Rule: Sendable, Hashable {
    /// The column's name, as the table has it.
    public var name: String
    /// What its cells must be.
    public var type: RequestedType
    /// Which of day and month comes first in this column.
    public var dateOrder: DateOrder?
    /// What its values must be beside that.
    public var constraints: CellConstraints

    /// A rule for the column called `name`.
    public init(
      name: String, type: RequestedType, dateOrder: DateOrder? = nil, constraints: CellConstraints = CellConstraints()
    ) {
      self.name = name
      self.type = type
      self.dateOrder = dateOrder
      self.constraints = constraints
    }

    /// The rule in one spelling.
    fileprivate var canonical: String {
      let parts = ["\(name.utf8.count):\(name):\(type.name):\(dateOrder?.rawValue ?? "")"] + constraints.canonicalParts
      return parts.joined(separator: ":")
    }
  }

  /// The columns whose types are given, each once.
  public var rules: [Rule] = []
  /// Whether all other columns are text, every cell as it stands.
  public var isAllText = false
  /// Which of day and month comes first in other columns.
  public var dateOrder: DateOrder?
  /// Whether a comma is the decimal mark of every number.
  public var hasDecimalComma = false
  /// Words that stand for null in columns that are not text, beside the documented ones.
  public var nullWords: [String] = []

  /// Nothing is known.
  public init() {}

  /// The most bytes of names and words, so that a job fits its message.
  public static let mostBytes = 24 << 10
  /// The most rules, and the most words.
  public static let mostEntries = 1000

  /// Whether they fit a job, and name no column and no word twice or empty.
  public var areValid: Bool {
    let constraints = rules.map(\.constraints).filter { !$0.isEmpty }
    let texts = constraints.flatMap(\.texts)
    let names = rules.map(\.name)
    let bytes =
      (names + nullWords + texts).reduce(0) { $0 + $1.utf8.count }
      + constraints.count * CellConstraints.fixedBytes + texts.count * 2
    return bytes <= Self.mostBytes && max(rules.count, nullWords.count) <= Self.mostEntries
      && texts.allSatisfy { $0.utf8.count <= MessageReader.longestText }
      && rules.allSatisfy { $0.constraints.areValid(for: $0.type) }
      && Set(names).count == names.count && Set(nullWords).count == nullWords.count
      && !(names + nullWords).contains { $0.isEmpty || $0.utf8.count > 1024 }
  }

  /// What differs from the default, in one spelling, whatever the order in which it was given.
  ///
  /// Names and words carry their length, so that none can be taken for something else.
  var canonicalParts: [String] {
    func counted(_ text: String) -> String { "\(text.utf8.count):\(text)" }
    var parts: [String] = []
    if isAllText { parts.append("all_text=true") }
    if let dateOrder { parts.append("date_order=\(dateOrder.rawValue)") }
    if hasDecimalComma { parts.append("decimal_comma=true") }
    parts += nullWords.map { "null=\(counted($0))" }.sorted()
    parts += rules.map { "type=\($0.canonical)" }.sorted()
    return parts
  }
}

extension CellOptions {
  func write(to writer: inout MessageWriter) {
    writer.integer(UInt8(isAllText ? 1 : 0))
    writer.optional(dateOrder?.rawValue)
    writer.integer(UInt8(hasDecimalComma ? 1 : 0))
    writer.integer(UInt16(truncatingIfNeeded: nullWords.count))
    for word in nullWords { writer.text(word) }
    writer.integer(UInt16(truncatingIfNeeded: rules.count))
    for rule in rules {
      writer.text(rule.name)
      writer.text(rule.type.name)
      writer.optional(rule.dateOrder?.rawValue)
      rule.constraints.write(to: &writer)
    }
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    isAllText = try reader.flag()
    dateOrder = try Self.order(&reader)
    hasDecimalComma = try reader.flag()
    for _ in 0..<Int(try reader.integer(UInt16.self)) { nullWords.append(try reader.text()) }
    for _ in 0..<Int(try reader.integer(UInt16.self)) {
      let name = try reader.text()
      guard let type = RequestedType(try reader.text()) else { throw MalformedMessage() }
      let order = try Self.order(&reader)
      rules.append(
        Rule(name: name, type: type, dateOrder: order, constraints: try CellConstraints(from: &reader)))
    }
    guard areValid else { throw MalformedMessage() }
  }

  private static func order(_ reader: inout MessageReader) throws(MalformedMessage) -> DateOrder? {
    guard let text = try reader.optionalText() else { return nil }
    guard let order = DateOrder(rawValue: text) else { throw MalformedMessage() }
    return order
  }
}
