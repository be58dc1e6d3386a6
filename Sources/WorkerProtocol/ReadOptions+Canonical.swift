// SPDX-License-Identifier: Apache-2.0

extension ReadOptions {
  /// Reads what `canonical` wrote; nil for anything else.
  ///
  /// Every option that changes a reading is part of it, so nothing that was asked for is lost.
  package init?(canonical: String) {
    self.init()
    var scan = CanonicalScan(canonical)
    while !scan.isAtEnd {
      guard let key = scan.text(upTo: "="), read(key, &scan), scan.isAtEnd || scan.skip(";") else { return nil }
    }
    guard cells.areValid, self.canonical == canonical else { return nil }
  }

  private mutating func read(_ key: String, _ scan: inout CanonicalScan) -> Bool {
    switch key {
    case "null":
      guard let word = scan.countedText() else { return false }
      cells.nullWords.append(word)
      return true
    case "member":
      member = scan.countedText().flatMap(MemberPattern.init)
      return member != nil
    case "type":
      guard let rule = scan.rule() else { return false }
      cells.rules.append(rule)
      return true
    default:
      guard let text = scan.text(before: ";") else { return false }
      return set(key, text)
    }
  }

  private mutating func set(_ key: String, _ text: String) -> Bool {
    switch key {
    case "header":
      guard let value = Header(rawValue: text) else { return false }
      header = value
    case "max_rejects":
      guard let value = UInt64(text), value <= Self.mostRejects else { return false }
      maxRejects = value
    case "date_order":
      guard let value = CellOptions.DateOrder(rawValue: text) else { return false }
      cells.dateOrder = value
    case "verbatim": isVerbatim = text == "true"
    case "strict": isStrict = text == "true"
    case "all_text": cells.isAllText = text == "true"
    case "decimal_comma": cells.hasDecimalComma = text == "true"
    default: return dialect.set(canonical: key, to: text)
    }
    return true
  }
}

/// Reads the parts of canonical options; texts that people gave carry their length.
private struct CanonicalScan {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) { rest = Array(text.utf8)[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard rest.first.map(UInt32.init) == mark.value else { return false }
    rest.removeFirst()
    return true
  }

  /// What stands before a mark, which is passed too; nil where it does not come.
  mutating func text(upTo mark: Unicode.Scalar) -> String? {
    guard let text = text(before: mark), skip(mark) else { return nil }
    return text
  }

  /// What stands before a mark or the end.
  mutating func text(before marks: Unicode.Scalar...) -> String? {
    let part = rest.prefix { byte in !marks.contains { UInt32(byte) == $0.value } }
    rest = rest.dropFirst(part.count)
    return String(validating: part, as: UTF8.self)
  }

  /// `LENGTH:text`.
  mutating func countedText() -> String? {
    guard let count = text(upTo: ":").flatMap({ Int($0) }), count >= 0, count <= rest.count else { return nil }
    let part = rest.prefix(count)
    rest = rest.dropFirst(count)
    return String(validating: part, as: UTF8.self)
  }

  /// `LENGTH:name:type:order`, and constraints behind that.
  mutating func rule() -> CellOptions.Rule? {
    guard let name = countedText(), skip(":"), let type = text(upTo: ":").flatMap(RequestedType.init),
      let order = text(before: ":", ";")
    else { return nil }
    var rule = CellOptions.Rule(name: name, type: type)
    if !order.isEmpty {
      guard let order = CellOptions.DateOrder(rawValue: order) else { return nil }
      rule.dateOrder = order
    }
    while skip(":") {
      guard constrain(&rule.constraints) else { return nil }
    }
    return rule
  }

  private mutating func constrain(_ constraints: inout CellConstraints) -> Bool {
    guard let key = text(before: "=", ":", ";") else { return false }
    if key == "required" {
      constraints.isRequired = true
      return true
    }
    guard skip("=") else { return false }
    switch key {
    case "minimum": constraints.minimum = countedText()
    case "maximum": constraints.maximum = countedText()
    case "min_length": constraints.minLength = text(before: ":", ";").flatMap { UInt32($0) }
    case "max_length": constraints.maxLength = text(before: ":", ";").flatMap { UInt32($0) }
    case "value":
      guard let value = countedText() else { return false }
      constraints.enumeration.append(value)
    default: return false
    }
    return true
  }
}
