// SPDX-License-Identifier: Apache-2.0

/// What the values of a column must be beside their type; bounds and values are texts that `ConstraintValue` reads.
public struct CellConstraints: Sendable, Hashable {
  /// Whether every record must have a value.
  public var isRequired = false
  /// The least value.
  public var minimum: String?
  /// The greatest value.
  public var maximum: String?
  /// The fewest characters of a text (Unicode scalars).
  public var minLength: UInt32?
  /// The most characters of a text.
  public var maxLength: UInt32?
  /// The values that are allowed; any, where there are none.
  public var enumeration: [String] = []

  /// No constraint.
  public init() {}

  /// Whether nothing is constrained.
  public var isEmpty: Bool { self == CellConstraints() }

  /// Whether each constraint can be one of a column of this type.
  public func areValid(for type: RequestedType) -> Bool {
    let bounds = [minimum, maximum].compactMap(\.self)
    let hasBounds = type.isOrdered || bounds.isEmpty
    let hasLengths = type == .text || minLength == nil && maxLength == nil
    let isPossible = minLength ?? 0 <= maxLength ?? .max
    return hasBounds && hasLengths && isPossible
      && (bounds + enumeration).allSatisfy { ConstraintValue($0, of: type) != nil }
  }

  var texts: [String] { [minimum, maximum].compactMap(\.self) + enumeration }

  /// What is constrained, in one spelling.
  var canonicalParts: [String] {
    func counted(_ text: String) -> String { "\(text.utf8.count):\(text)" }
    var parts: [String] = []
    if isRequired { parts.append("required") }
    if let minimum { parts.append("minimum=\(counted(minimum))") }
    if let maximum { parts.append("maximum=\(counted(maximum))") }
    if let minLength { parts.append("min_length=\(minLength)") }
    if let maxLength { parts.append("max_length=\(maxLength)") }
    parts += enumeration.map { "value=\(counted($0))" }.sorted()
    return parts
  }
}

extension RequestedType {
  /// Whether of two values of the type one is less than the other.
  fileprivate var isOrdered: Bool { self != .text && self != .bool }
}

extension CellConstraints {
  /// What constraints take of a message beside their texts.
  static let fixedBytes = 16

  func write(to writer: inout MessageWriter) {
    writer.integer(UInt8(isEmpty ? 0 : 1))
    if isEmpty { return }
    writer.integer(UInt8(isRequired ? 1 : 0))
    writer.optional(minimum)
    writer.optional(maximum)
    writer.optional(minLength)
    writer.optional(maxLength)
    writer.integer(UInt16(truncatingIfNeeded: enumeration.count))
    for text in enumeration { writer.text(text) }
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    guard try reader.flag() else { return }
    isRequired = try reader.flag()
    minimum = try reader.optionalText()
    maximum = try reader.optionalText()
    minLength = try reader.optionalInteger()
    maxLength = try reader.optionalInteger()
    for _ in 0..<Int(try reader.integer(UInt16.self)) { enumeration.append(try reader.text()) }
  }
}
