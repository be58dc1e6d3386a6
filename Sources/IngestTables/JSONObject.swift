// SPDX-License-Identifier: Apache-2.0

/// A JSON object (RFC 8259) under construction, whose members keep their order; those without a value are left out.
package struct JSONObject {
  private var members: [UInt8] = []

  package init() {}

  /// The object.
  package var bytes: [UInt8] { [UInt8(ascii: "{")] + members + [UInt8(ascii: "}")] }
  /// The object as a line of its own: the whole body of an answer.
  package var line: [UInt8] { bytes + [UInt8(ascii: "\n")] }

  package mutating func add(_ key: String, _ text: String?) {
    guard let text else { return }
    addKey(key)
    JSONText.append(text.utf8, to: &members)
  }

  package mutating func add(_ key: String, _ number: UInt64?) {
    guard let number else { return }
    addKey(key)
    members += Array(String(number).utf8)
  }

  package mutating func add(_ key: String, _ truth: Bool) {
    addKey(key)
    members += Array(String(truth).utf8)
  }

  package mutating func add(_ key: String, _ texts: [String]) {
    add(key, texts) { JSONText.append($0.utf8, to: &$1) }
  }

  package mutating func add(_ key: String, _ numbers: [UInt64]) {
    add(key, numbers) { $1 += Array(String($0).utf8) }
  }

  package mutating func add(_ key: String, _ numbers: [Double]) {
    add(key, numbers) { JSONText.append(.float64($0), to: &$1) }
  }

  package mutating func add(_ key: String, _ objects: [JSONObject]) {
    add(key, objects) { $1 += $0.bytes }
  }

  private mutating func add<Element>(
    _ key: String, _ elements: [Element], by append: (Element, inout [UInt8]) -> Void
  ) {
    addKey(key)
    members.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { members.append(UInt8(ascii: ",")) }
      append(element, &members)
    }
    members.append(UInt8(ascii: "]"))
  }

  package mutating func add(_ key: String, _ object: JSONObject) {
    addKey(key)
    members += object.bytes
  }

  private mutating func addKey(_ key: String) {
    if !members.isEmpty { members.append(UInt8(ascii: ",")) }
    JSONText.append(key.utf8, to: &members)
    members.append(UInt8(ascii: ":"))
  }
}
