// SPDX-License-Identifier: Apache-2.0

import Validation

/// The records of a pax header (POSIX.1-2001) that change what an entry is; all others are passed over.
struct PaxRecords {
  private(set) var path: [UInt8]?
  private(set) var size: UInt64?
  /// Whether the entry's content has holes, which GNU tar writes in several ways.
  private(set) var isSparse = false
  /// Whether nothing but a comment, times and owners is stated, which change no entry's name, kind or content.
  private(set) var isDescription = true

  private static let descriptions: Set = [
    "comment", "atime", "ctime", "mtime", "uid", "gid", "uname", "gname",
  ]

  /// Reads the records that fill `range` exactly: `LENGTH KEY=VALUE`, each with a newline at its end.
  ///
  /// - Throws: `archive_malformed` where they do not fill it, or one that counts appears twice.
  init(_ archive: MappedBytes, _ range: Range<Int>) throws(Rejection) {
    var rest = archive.bytes(range)[...]
    while let first = rest.first {
      // GNU tar and others leave zeros behind the last record.
      if first == 0, rest.allSatisfy({ $0 == 0 }) { break }
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard (1...7).contains(digits.count),
        case let length = digits.reduce(0, { $0 * 10 + Int($1 - 0x30) }), length <= rest.count,
        length > digits.count + 2,
        case let record = rest.prefix(length), record.last == UInt8(ascii: "\n"),
        case let text = record.dropFirst(digits.count).dropLast(), text.first == UInt8(ascii: " "),
        let equals = text.firstIndex(of: UInt8(ascii: "="))
      else { throw .malformed("An extended header is not well formed", at: range.lowerBound) }
      try take(text[(text.startIndex + 1)..<equals], text[(equals + 1)...], at: range.lowerBound)
      rest = rest.dropFirst(length)
    }
  }

  private mutating func take(
    _ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>, at offset: Int
  ) throws(Rejection) {
    let key = String(decoding: key, as: UTF8.self)
    if !Self.descriptions.contains(key) { isDescription = false }
    switch key {
    case "path" where path == nil: path = Array(value)
    case "size" where size == nil:
      guard (1...19).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw .malformed("An extended header's size is no number", at: offset)
      }
      size = value.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    case "path", "size": throw .malformed("An extended header says one thing twice", at: offset)
    case let other where other.hasPrefix("GNU.sparse.") || ["SCHILY.realsize", "SUN.holesdata"].contains(other):
      isSparse = true
    default: break
    }
  }
}
