// SPDX-License-Identifier: Apache-2.0

/// Whether the marks in a number are those of one number: `1.234,5` and `1,234.5` are one, `400.0,0.773` are two.
enum DecimalMarks {
  static func areInOrder(_ number: Span<UInt8>) -> Bool {
    let (comma, point) = (UInt8(ascii: ","), UInt8(ascii: "."))
    let marks = number.indices.filter { number[$0] == comma || number[$0] == point }
    guard let last = marks.last else { return true }
    let others = marks.dropLast()
    // The last mark stands before decimals, or between groups like the others; those are of one kind.
    guard let group = others.first.map({ number[$0] }) else { return true }
    guard others.allSatisfy({ number[$0] == group }) else { return false }
    let areGroups = zip(marks, marks.dropFirst()).allSatisfy { $1 - $0 == 4 }
    return areGroups && (number[last] != group || number.count - last > 3)
  }
}
