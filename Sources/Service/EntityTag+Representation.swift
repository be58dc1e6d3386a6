// SPDX-License-Identifier: Apache-2.0

import HTTPParsing

extension EntityTag {
  /// A change of how a form is written must change this.
  private static let formVersion = 1

  /// The tag of a table's rows, or the first of them, in one form and coding.
  init(tableID: String, _ representation: Representation, _ coding: ContentCoding, firstRows: Int? = nil) {
    let suffix = (firstRows.map { "-first-\($0)" } ?? "") + (coding == .identity ? "" : "-\(coding.rawValue)")
    self.init(naming: "\(tableID)-\(representation.rawValue)-\(Self.formVersion)\(suffix)")
  }
}
