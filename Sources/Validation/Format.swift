// SPDX-License-Identifier: Apache-2.0

/// What a file is read as: the outcome of the policy, and part of a table's identity.
public enum Format: String, Sendable, CaseIterable, Hashable {
  /// Delimited text: CSV, TSV and their kin. The dialect is found by the reader.
  case csv
  /// JSON (RFC 8259): one value that holds a table, or a value on each line, which the reader tells apart.
  case json
  /// JSON with a record on each line, whatever it looks like: what the name or the type says.
  case ndjson
  /// One gzip stream (RFC 1952) around delimited text.
  case gzip
  /// A ZIP archive; each acceptable member becomes a table.
  case zip
  /// Compressed streams around delimited text, or around a tar archive.
  case bzip2, xz, zstd, lz4
  /// Archives; each acceptable member becomes a table.
  case tar
  case sevenZip = "7z"
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
  case bzip2, xz, zstd, lz4
  case tar
  case sevenZip = "7z"

  /// The reader that exists for this family; nil where the program recognises the kind but cannot read it.
  package var format: Format? {
    switch self {
    case .delimitedText: .csv
    case .gzip: .gzip
    case .zip: .zip
    case .bzip2: .bzip2
    case .xz: .xz
    case .zstd: .zstd
    case .lz4: .lz4
    case .tar: .tar
    case .sevenZip: .sevenZip
    case .json: .json
    case .spreadsheet, .arrow, .parquet: nil
    }
  }
}
