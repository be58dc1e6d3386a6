// SPDX-License-Identifier: Apache-2.0

import IngestPipeline

/// The fields of a form and the parameters of a query that say what the cells are.
enum CellFields {
  static let names = ["types", "all_text", "date_order", "decimal_comma", "null_words", "schema"]

  /// Takes over one of them.
  static func set(_ name: String, to untrusted: String, in wishes: inout CellWishes) {
    switch name {
    case "types": wishes.setLines(untrusted, of: \.types)
    case "all_text": wishes.allText = untrusted
    case "date_order": wishes.dateOrder = untrusted
    case "decimal_comma": wishes.decimalComma = untrusted
    case "null_words": wishes.setLines(untrusted, of: \.nullWords)
    case "schema": wishes.schema = Array(untrusted.utf8)
    default: break
    }
  }
}
