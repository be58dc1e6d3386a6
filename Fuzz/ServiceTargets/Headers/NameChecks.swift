// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import Validation

/// Names and types that clients give.
enum NameChecks {
  /// A type is its own type.
  static func mediaType(_ input: inout FuzzInput) throws {
    guard let type = MediaType(input.text()) else { return }
    try require(MediaType(type.description) == type, "\(type)")
    let description = type.description
    try require(description.utf8.allSatisfy { $0.isToken || $0 == UInt8(ascii: "/") }, "a type with other characters")
    try require(!description.utf8.contains { (0x41...0x5A).contains($0) }, "a type in upper case")
  }

  /// A name is one component of a path, can be shown, and is its own name.
  static func uploadName(_ input: inout FuzzInput) throws {
    let bytes = input.remainder()
    guard case .success(let name) = UploadName.check(bytes, limits: Limits()) else { return }
    let shown = name.display
    try require(!shown.isEmpty && shown.utf8.count <= 255 && shown != "." && shown != "..", "no name")
    try require(!shown.utf8.contains(UInt8(ascii: "/")) && !shown.utf8.contains(UInt8(ascii: "\\")), "a path")
    try require(!shown.unicodeScalars.contains(where: \.isInvisible), "a name that cannot be shown")
    try require(shown.escapedForDisplay == shown, "a name that is shown in another way")
    guard case .success(let again) = UploadName.check(shown.utf8, limits: Limits()) else {
      return try require(false, "a name that is no name")
    }
    try require(again.display.utf8.elementsEqual(shown.utf8), "a name that changes")
    try require(again.extension == name.extension, "an extension that changes")
    _ = (name.stem, name.inner)
  }

  /// A cleaned name keeps the rules, so that it can be asked for.
  static func tableName(_ input: inout FuzzInput) throws {
    let text = input.text()
    let name = TableName(forFile: text, tableID: "0123456789abcdef")
    try check(name)
    try check(name.appending("0f3c"))
    if let exact = TableName(exactly: text) { try check(exact) }
  }

  private static func check(_ name: TableName) throws {
    try require((1...TableName.maximumLength).contains(name.text.count), "length of a name")
    guard let again = TableName(exactly: name.text) else {
      return try require(false, "a name that is no name: \(name.text)")
    }
    try require(again.text.utf8.elementsEqual(name.text.utf8), "a name that changes")
    try require(TableName(exactly: name.folded)?.folded.utf8.elementsEqual(name.folded.utf8) ?? true, "folded twice")
  }
}
