// SPDX-License-Identifier: Apache-2.0

package import Validation

/// The entries of a zip archive, after a check that leaves other readers no room to see different ones.
///
/// Pure, and run before libarchive sees the archive. Every byte of the archive belongs to exactly one header, member,
/// descriptor or record; local headers and directory agree; names differ; sizes keep the caps as declared. It does not
/// look into compressed data, extra fields or comments: what a member holds is verified while it is expanded.
package struct ZipDirectory: Sendable {
  /// The entries, in the order in which their members lie in the archive.
  package let entries: [ZipEntry]

  /// Checks the whole archive.
  ///
  /// - Parameter maximumEntries: how many entries there may be, folders included.
  /// - Throws: a rejection with `archive_malformed`, `archive_encrypted`, `archive_entry_refused`,
  ///   `archive_too_many_entries`, `expanded_too_large` or `compression_ratio`.
  package init(of archive: MappedBytes, caps: ExpansionCaps, maximumEntries: UInt64) throws(Rejection) {
    let end = try ZipEndRecord(of: archive)
    guard end.entryCount <= maximumEntries else {
      throw Rejection(.archiveTooManyEntries, limit: maximumEntries, actual: end.entryCount)
    }
    let headers = try Self.headers(archive, end).sorted { $0.localOffset < $1.localOffset }
    var entries: [ZipEntry] = []
    for header in headers { entries.append(try ZipEntry(header, index: entries.count, in: archive)) }
    try Self.checkNames(headers, entries, in: archive)
    try Self.checkLayout(headers, end, in: archive)
    try Self.checkSizes(entries, caps, archiveBytes: archive.count)
    self.entries = entries
  }

  /// Reads the directory, whose entries must fill it and be as many as announced.
  private static func headers(_ archive: MappedBytes, _ end: ZipEndRecord) throws(Rejection) -> [ZipCentralHeader] {
    var cursor = ZipCursor(archive, end.directory)
    var headers: [ZipCentralHeader] = []
    while cursor.remaining > 0 {
      guard UInt64(headers.count) < end.entryCount else {
        throw .malformed("The archive's directory has more entries than announced", at: cursor.offset)
      }
      headers.append(try ZipCentralHeader(archive, &cursor))
    }
    guard UInt64(headers.count) == end.entryCount else {
      throw .malformed("The archive's directory has fewer entries than announced", at: cursor.offset)
    }
    return headers
  }

  /// Two entries of one name are refused: readers differ on which of them is meant.
  ///
  /// Names are compared as bytes and as labels.
  private static func checkNames(
    _ headers: [ZipCentralHeader], _ entries: [ZipEntry], in archive: MappedBytes
  ) throws(Rejection) {
    var names: Set<[UInt8]> = []
    for central in headers {
      guard names.insert(archive.bytes(central.header.name)).inserted else {
        throw .malformed("Two entries have the same name", at: central.header.start)
      }
    }
    if let clash = MemberName.clash(in: entries) {
      throw .malformed("Two entries have the same name", at: headers[clash].header.start)
    }
  }

  private static func checkLayout(
    _ headers: [ZipCentralHeader], _ end: ZipEndRecord, in archive: MappedBytes
  ) throws(Rejection) {
    guard let first = headers.first else {
      guard end.directory.isEmpty, end.directory.lowerBound == 0 else {
        throw .malformed("Bytes belong to no member", at: 0)
      }
      return
    }
    guard first.localOffset == 0 else { throw .malformed("The archive does not start with a member", at: 0) }
    var layout = ZipLayout(archive)
    for (index, header) in headers.enumerated() {
      var stop = end.directory.lowerBound
      if index + 1 < headers.count {
        // Every offset must lie before the directory, also for the arithmetic's sake.
        guard let next = Int(exactly: headers[index + 1].localOffset), next < stop else {
          throw .malformed("A member lies behind the archive's directory", at: headers[index + 1].header.start)
        }
        stop = next
      }
      try layout.take(header, end: stop)
    }
  }

  /// The declared sizes, one by one and together; ignored members count too, since they were sent.
  private static func checkSizes(
    _ entries: [ZipEntry], _ caps: ExpansionCaps, archiveBytes: Int
  ) throws(Rejection) {
    var total: UInt64 = 0
    for entry in entries {
      try caps.check(expanded: entry.expandedBytes, compressed: entry.compressedBytes)
      let (sum, overflowed) = total.addingReportingOverflow(entry.expandedBytes)
      total = overflowed ? .max : sum
    }
    try caps.check(expanded: total, compressed: UInt64(archiveBytes))
  }
}
