// SPDX-License-Identifier: Apache-2.0

package import IngestTables
import Validation

/// Checks what the rows of a table's rejects say, as far as the service can know it without the upload.
///
/// Texts are display data: they are bounded and UTF-8, and nothing else of them is believed.
package struct RejectsVerifier {
  private let names: [String]
  private var lastLine: UInt64 = 1
  private var nextOffset: UInt64 = 0
  private var row: UInt64 = 0

  /// - Parameter schema: that of the table whose rejects these are.
  package init(of schema: Schema) {
    names = schema.fields.filter { $0.type != .listOfUTF8 }.map(\.name)
  }

  /// Reads every row.
  ///
  /// - Throws: `OutputFault`, `reject` with the row.
  package consuming func verify(_ file: TableFile) throws {
    for index in 0..<file.batchCount {
      let batch = try file.batch(index)
      for row in 0..<batch.rowCount {
        guard check({ batch.columns[$0.rawValue][row] }) else { throw OutputFault.reject(row: self.row) }
        self.row += 1
      }
    }
  }

  private mutating func check(_ value: (RejectsTable.Column) -> Value) -> Bool {
    guard case .uint64(let line) = value(.line), line >= lastLine,
      case .uint64(let offset) = value(.byteOffset), offset >= nextOffset, offset < .max,
      case .uint64(let violations) = value(.violations), violations > 0,
      case .text(let code) = value(.code), RejectCode(rawValue: code) != nil,
      isColumn(value(.column), named: value(.columnName)), isText(value(.text), atMost: RejectsTable.longestText),
      isText(value(.record), atMost: RejectsTable.longestRecord)
    else { return false }
    lastLine = line
    nextOffset = offset + 1
    return true
  }

  /// A column of the table bears its name; beyond them there is none.
  private func isColumn(_ number: Value, named name: Value) -> Bool {
    guard case .uint64(let number) = number else { return number == .null && name == .null }
    guard number > 0 else { return false }
    guard number <= UInt64(names.count) else { return name == .null }
    return name == .text(names[Int(number) - 1])
  }

  private func isText(_ value: Value, atMost bytes: Int) -> Bool {
    guard case .text(let text) = value else { return value == .null }
    return text.utf8.count <= bytes
  }
}
