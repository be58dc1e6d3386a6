// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Readers

@Suite("Shapes of cells")
struct ValueShapeTests {
  @Test(
    "A cell has the shape that its characters give it, whichever way it is found",
    arguments: [
      ("", .empty), (" \t", .empty), ("7", .number), ("-7", .number), (" 42 ", .number), ("3.25", .number),
      (".5", .number), ("5.", .number), ("-0.001", .number), ("1,234.50", .number), ("12 %", .number), ("1e5", .number),
      (String(repeating: "9", count: 40), .number), (String(repeating: "9", count: 41), .word),
      ("-", .word), (".", .word), ("-.", .word), ("1.2.3", .number), ("1.2.2024", .date), ("2024-03-01", .date),
      ("3 Mar 2024", .date), ("12:30", .time), ("true", .bool), ("False", .bool), ("AB-123", .code), ("word", .word),
      ("two words", .text), ("a@example.org", .address), ("https://example.org/a", .address),
      ("https://example.org/" + String(repeating: "a", count: 60), .address),
      ("https://example.org/ " + String(repeating: "a", count: 60), .text),
      (String(repeating: "x", count: 119) + " y", .text), (String(repeating: "x", count: 120) + " y", .word),
      (String(repeating: "12 ", count: 20), .text),
      ("1 234,50", .number), ("1.5 2.5", .parts), ("1   2.5", .parts), ("030 123 4567", .parts), ("1. 2. 2024", .date),
      ("2024-03-01  12    0.50", .text),
      ("2024-03-01 120", .text), ("1.5 -2.5", .text),
      ("2024-01-01 10:00", .date), ("2024-01-01 10:00:00 -0100", .date), ("2024-01-01 10:00:00 UTC", .date),
      ("10:00 01/02/2024", .date), ("10:30 PM", .time), ("2024-01-01 10:00:00 20.5", .text), ("10:00:01 20.5", .parts),
    ] as [(String, ValueShape)])
  func shape(_ cell: String, _ shape: ValueShape) {
    #expect(ValueShape(Array(cell.utf8).span) == shape, "\(cell)")
  }
}
