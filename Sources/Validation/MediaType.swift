// SPDX-License-Identifier: Apache-2.0

/// A media type's essence, `type/subtype` in lower case, without its parameters (RFC 6838 section 4.2).
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
  /// `type/subtype`.
  public let description: String

  /// Reads the value of a Content-Type field, or libmagic's answer; nil where it has no `type/subtype` of token
  /// characters within 127 characters each.
  public init?(_ text: some StringProtocol) {
    guard let essence = Self.essence(of: Array(text.utf8)) else { return nil }
    description = String(decoding: essence, as: UTF8.self)
  }

  /// By bytes: each upload's worker reads one anew, and characters take it a quarter of a millisecond.
  private static func essence(of text: [UInt8]) -> [UInt8]? {
    let value = text.prefix { $0 != UInt8(ascii: ";") }
    guard let first = value.firstIndex(where: { !$0.isBlank }), let last = value.lastIndex(where: { !$0.isBlank })
    else {
      return nil
    }
    let essence = value[first...last]
    let parts = essence.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ (1...127).contains($0.count) && $0.allSatisfy(\.isToken) }) else {
      return nil
    }
    return essence.map(\.lowercasedToken)
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

  fileprivate var lowercasedToken: UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self + 32 : self
  }

  /// The characters of RFC 9110's `token`.
  package var isToken: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }
}

extension Family {
  /// The extensions that claim this family, in lower case.
  package var extensions: [String] {
    switch self {
    case .delimitedText: ["csv", "tsv", "tab", "psv", "txt", "dat", "data", "asc"]
    case .json: ["json", "ndjson", "jsonl", "geojson"]
    case .spreadsheet: ["xlsx", "xlsm", "xlsb", "xls", "ods"]
    case .arrow: ["arrow", "arrows", "feather"]
    case .parquet: ["parquet"]
    case .gzip: ["gz", "gzip", "tgz"]
    case .zip: ["zip"]
    case .bzip2: ["bz2", "bzip2", "tbz2", "tbz"]
    case .xz: ["xz", "txz"]
    case .zstd: ["zst", "zstd", "tzst"]
    case .lz4: ["lz4", "tlz4"]
    case .tar: ["tar"]
    case .sevenZip: ["7z"]
    }
  }

  /// The declared types that claim this family.
  package var mediaTypes: [String] {
    switch self {
    case .delimitedText:
      [
        "text/csv", "application/csv", "text/x-csv", "text/comma-separated-values", "text/tab-separated-values",
        "text/tsv", "text/plain",
      ]
    case .json:
      [
        "application/json", "text/json", "application/x-ndjson", "application/ndjson", "application/jsonl",
        "application/geo+json",
      ]
    case .spreadsheet:
      [
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroenabled.12", "application/vnd.oasis.opendocument.spreadsheet",
      ]
    case .arrow: ["application/vnd.apache.arrow.file", "application/vnd.apache.arrow.stream"]
    case .parquet: ["application/vnd.apache.parquet"]
    case .gzip: ["application/gzip", "application/x-gzip"]
    case .zip: ["application/zip", "application/x-zip-compressed", "application/x-zip"]
    case .bzip2: ["application/x-bzip2", "application/x-bzip", "application/bzip2"]
    case .xz: ["application/x-xz"]
    case .zstd: ["application/zstd", "application/x-zstd"]
    case .lz4: ["application/x-lz4"]
    case .tar: ["application/x-tar", "application/x-gtar", "application/tar"]
    case .sevenZip: ["application/x-7z-compressed"]
    }
  }

  /// The family that an extension claims; nil where it is on no list.
  package init?(extension untrusted: String) {
    guard let family = Self.allCases.first(where: { $0.extensions.contains(untrusted) }) else { return nil }
    self = family
  }

  /// The family that a media type claims; nil where it is on no list.
  package init?(mediaType: MediaType) {
    guard let family = Self.allCases.first(where: { $0.mediaTypes.contains(mediaType.description) }) else { return nil }
    self = family
  }
}
