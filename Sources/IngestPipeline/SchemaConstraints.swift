// SPDX-License-Identifier: Apache-2.0

import Foundation
import Validation
import WorkerProtocol

/// The constraints of one field of a Table Schema.
struct SchemaConstraints: Decodable {
  /// What is asked of the cells.
  let cells: CellConstraints
  /// The first constraint, by name, that is not known; `pattern` is none, since no regular expression runs on input.
  let unsupported: String?

  /// A value as JSON has it, as the text that a cell would have.
  private struct Scalar: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self.text = text
      } else if let flag = try? container.decode(Bool.self) {
        text = flag ? "true" : "false"
      } else {
        // Keeps digits that a binary64 would lose.
        text = "\(try container.decode(Decimal.self))"
      }
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    var cells = CellConstraints()
    var unsupported: String?
    for key in container.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
      switch key.stringValue {
      case "required": cells.isRequired = try container.decode(Bool.self, forKey: key)
      case "minimum": cells.minimum = try container.decode(Scalar.self, forKey: key).text
      case "maximum": cells.maximum = try container.decode(Scalar.self, forKey: key).text
      case "minLength": cells.minLength = try container.decode(UInt32.self, forKey: key)
      case "maxLength": cells.maxLength = try container.decode(UInt32.self, forKey: key)
      case "enum": cells.enumeration = try container.decode([Scalar].self, forKey: key).map(\.text)
      // What is asked for is that nothing is.
      case "unique" where (try? container.decode(Bool.self, forKey: key)) == false: break
      default: unsupported = unsupported ?? key.stringValue.cut(toBytes: 40).escapedForDisplay
      }
    }
    self.cells = cells
    self.unsupported = unsupported
  }
}
