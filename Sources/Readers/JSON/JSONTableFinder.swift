// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// Finds the table of a JSON text: lines, a list of records, an object that holds one, lists that are columns, or one
/// record.
struct JSONTableFinder {
  /// How deep a list of records is looked for, and in how many objects.
  private static let deepest = 8
  private static let mostObjects = 10_000

  let bytes: MappedBytes
  let text: Range<Int>
  let form: JSONForm

  /// - Parameters:
  ///   - linesOnly: whether every line is a record, whatever the text looks like.
  ///   - pointer: the value that holds the table, where that is stated.
  /// - Throws: `json_malformed` and its kin, or `not_tabular`.
  func find(linesOnly: Bool, pointer: JSONPointer?) throws(Rejection) -> JSONTable {
    let first = bytes.firstValue(in: text)
    if linesOnly || pointer == nil && hasLines(first) {
      return JSONTable(shape: .lines, range: text, hasArrays: first < text.upperBound && bytes[first] == Self.list)
    }
    if pointer == nil, first < text.upperBound, bytes[first] == Self.list, let end = listEnd {
      // Its elements are checked when they are read.
      guard let table = list(at: first, end: end, "") else { throw refusal(first) }
      return table
    }
    try checkWhole(first)
    guard let pointer else { return try table(in: first, "") }
    guard let place = resolve(pointer, from: first) else {
      throw Rejection(notTabular: .noPointer)
    }
    return try table(in: place, pointer.description)
  }

  private static let list = UInt8(ascii: "[")
  private static let object = UInt8(ascii: "{")

  // MARK: Lines

  /// Whether the first line is a whole value, or the second where the first one is wrong.
  private func hasLines(_ first: Int) -> Bool {
    guard first < text.upperBound, bytes[first] == Self.object || bytes[first] == Self.list,
      let end = lineEnd(from: first)
    else { return false }
    let next = bytes.firstValue(in: end..<text.upperBound)
    guard next < text.upperBound else { return false }
    if isValue(first..<end) { return true }
    guard bytes[first] == Self.object, bytes[next] == Self.object else { return false }
    return isValue(next..<(lineEnd(from: next) ?? text.upperBound))
  }

  private func lineEnd(from offset: Int) -> Int? {
    bytes.firstIndex(of: 0x0A, in: offset..<min(text.upperBound, offset + form.recordBytes))
  }

  private func isValue(_ range: Range<Int>) -> Bool {
    let (end, fault) = JSONText.skip(bytes, range, depth: form.depth)
    return fault == nil && bytes.firstValue(in: end..<range.upperBound) == range.upperBound
  }

  // MARK: Documents

  /// Where the bracket stands that ends the text; nil where none does.
  private var listEnd: Int? {
    var last = text.upperBound - 1
    while last > text.lowerBound, JSONText.isBlank(bytes[last]) { last -= 1 }
    return bytes[last] == UInt8(ascii: "]") ? last : nil
  }

  /// Refuses a text that is not one value.
  func checkWhole(_ first: Int) throws(Rejection) {
    let (end, fault) = JSONText.skip(bytes, first..<text.upperBound, depth: form.depth)
    let rest = bytes.firstValue(in: end..<text.upperBound)
    guard let fault = fault ?? (rest < text.upperBound ? JSONFault.trailing(at: rest) : nil) else { return }
    throw fault.rejection(form)
  }

  /// The table that a sound value holds.
  private func table(in place: Int, _ pointer: String) throws(Rejection) -> JSONTable {
    switch bytes[place] {
    case Self.list:
      guard let table = list(at: place, end: end(of: place) - 1, pointer) else { throw refusal(place) }
      return table
    case Self.object:
      if let table = try lists(within: place, pointer) { return table }
      return columns(place, pointer) ?? record(place, pointer)
    default: throw refusal(place)
    }
  }

  /// Why there is no table in a value: first that the whole text is no JSON.
  private func refusal(_ place: Int) -> Rejection {
    do { try checkWhole(bytes.firstValue(in: text)) } catch { return error }
    return Rejection(notTabular: .noList, at: place)
  }

  /// A list of records; nil where its first element is none.
  private func list(at place: Int, end: Int, _ pointer: String) -> JSONTable? {
    let element = bytes.firstValue(in: place + 1..<max(place + 1, end))
    guard element < end, bytes[element] == Self.object || bytes[element] == Self.list else { return nil }
    return JSONTable(
      shape: .list, range: place + 1..<end, hasArrays: bytes[element] == Self.list, pointer: pointer)
  }

  /// The one list of records within an object, none of which lies higher.
  private func lists(within place: Int, _ pointer: String) throws(Rejection) -> JSONTable? {
    var objects = [(place, pointer)]
    for _ in 0..<Self.deepest {
      var (found, deeper): ([JSONTable], [(Int, String)]) = ([], [])
      for (object, pointer) in objects {
        for (key, value) in members(of: object) where bytes[value] == Self.object || bytes[value] == Self.list {
          // No more is shown of it; and what lies deeper shares one text.
          let isLong = pointer.utf8.count > Dialect.longestPointer
          let inner = isLong ? pointer : "\(pointer)/\(JSONPointer.escaped(text(of: key)))"
          if bytes[value] == Self.object { deeper.append((value, inner)) }
          if bytes[value] == Self.list, let table = list(at: value, end: end(of: value) - 1, inner) {
            found.append(table)
          }
        }
        guard deeper.count <= Self.mostObjects else { return nil }
      }
      if found.count > 1 { throw Rejection(notTabular: .severalLists, at: place) }
      if let table = found.first { return table }
      objects = deeper
    }
    return nil
  }

  /// An object whose members are all lists, each of which is a column.
  private func columns(_ place: Int, _ pointer: String) -> JSONTable? {
    let values = members(of: place).map(\.value)
    guard !values.isEmpty, values.allSatisfy({ bytes[$0] == Self.list }) else { return nil }
    return JSONTable(shape: .columns, range: place..<end(of: place), hasArrays: true, pointer: pointer)
  }

  private func record(_ place: Int, _ pointer: String) -> JSONTable {
    JSONTable(shape: .record, range: place..<end(of: place), hasArrays: false, pointer: pointer)
  }

  // MARK: Sound values

  /// The offset behind a value.
  private func end(of value: Int) -> Int {
    JSONText.skip(bytes, value..<text.upperBound, depth: JSONForm.deepest).end
  }

  /// The text between the quotes of a key.
  private func text(of key: Range<Int>) -> String {
    var text: [UInt8] = []
    JSONText.appendUnescaped(key, of: bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// The members of an object: what stands between the quotes of each key, and where its value starts.
  func members(of object: Int) -> [(key: Range<Int>, value: Int)] {
    var members: [(key: Range<Int>, value: Int)] = []
    var position = bytes.firstValue(in: object + 1..<text.upperBound)
    while position < text.upperBound, bytes[position] == UInt8(ascii: "\"") {
      let keyEnd = end(of: position)
      let colon = bytes.firstValue(in: keyEnd..<text.upperBound)
      let value = bytes.firstValue(in: min(colon + 1, text.upperBound)..<text.upperBound)
      members.append((position + 1..<keyEnd - 1, value))
      let comma = bytes.firstValue(in: end(of: value)..<text.upperBound)
      guard comma < text.upperBound, bytes[comma] == UInt8(ascii: ",") else { break }
      position = bytes.firstValue(in: comma + 1..<text.upperBound)
    }
    return members
  }

  /// Where the value of a pointer starts; of keys that stand twice the first one counts.
  private func resolve(_ pointer: JSONPointer, from first: Int) -> Int? {
    var place = first
    for token in pointer.tokens {
      switch bytes[place] {
      case Self.object:
        guard let member = members(of: place).first(where: { text(of: $0.key).utf8.elementsEqual(token.utf8) }) else {
          return nil
        }
        place = member.value
      case Self.list:
        guard let number = Int(token), "\(number)" == token, let element = element(number, of: place) else {
          return nil
        }
        place = element
      default: return nil
      }
    }
    return place
  }

  private func element(_ number: Int, of list: Int) -> Int? {
    var position = bytes.firstValue(in: list + 1..<text.upperBound)
    var passed = 0
    while position < text.upperBound, bytes[position] != UInt8(ascii: "]") {
      if passed == number { return position }
      passed += 1
      let comma = bytes.firstValue(in: end(of: position)..<text.upperBound)
      guard comma < text.upperBound, bytes[comma] == UInt8(ascii: ",") else { return nil }
      position = bytes.firstValue(in: comma + 1..<text.upperBound)
    }
    return nil
  }
}
