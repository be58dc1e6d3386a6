// SPDX-License-Identifier: Apache-2.0

/// What a file is read as: the outcome of the policy, and part of a table's identity.
public enum Format: String, Sendable, CaseIterable, Hashable {
  /// Delimited text: CSV, TSV and their kin. The dialect is found by the reader.
  case csv
  /// One gzip stream (RFC 1952) around delimited text.
  case gzip
  /// A ZIP archive; each acceptable member becomes a table.
  case zip
}

/// The kinds of content that the policy tells apart, before a reader has looked at any of it.
public enum Family: String, Sendable, CaseIterable, Hashable {
  case delimitedText = "delimited text"
  case json
  case spreadsheet
  case arrow
  case parquet
  case gzip
  case zip
  case otherCompressed = "compressed or archived"

  /// The reader that exists for this family; nil where the program recognises the kind but cannot read it.
  package var format: Format? {
    switch self {
    case .delimitedText: .csv
    case .gzip: .gzip
    case .zip: .zip
    case .json, .spreadsheet, .arrow, .parquet, .otherCompressed: nil
    }
  }
}
