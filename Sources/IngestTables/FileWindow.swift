// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

/// A piece of a file, read into memory that is used again for the next one.
///
/// Counts the checksum of a buffer along the way.
struct FileWindow: ~Copyable {
  /// What was read last, and then room that holds something older.
  private(set) var storage: [UInt8] = []
  /// How many bytes were read last.
  private(set) var count = 0
  private let buffer = BufferChecksum()

  /// Begins with the checksum of the buffer at `place`.
  func begin(_ place: Range<Int>) { buffer.begin(place) }

  /// The checksum of the buffer; nil where a part of it was not read.
  var checksum: UInt64? { buffer.value }

  /// Reads the bytes of `range`.
  ///
  /// - Throws: `BodyFault.truncated` where the file has not all of them.
  mutating func read(_ range: Range<Int>, of file: borrowing OwnedDescriptor) throws(BodyFault) {
    let length = range.count
    count = length
    // Pieces differ in length, so room for a longer one than this is soon needed.
    if storage.count < length { storage = [UInt8](repeating: 0, count: length.roundedUp(to: 1 << 12)) }
    guard !range.isEmpty else { return }
    var room = storage.mutableSpan
    var span = room.extracting(first: length)
    let read: Int
    do { read = try file.pread(into: &span, at: UInt64(range.lowerBound)) } catch { throw .unreadable(error) }
    guard read == length else { throw .truncated(offset: range.lowerBound + read) }
    buffer.add(storage.span.extracting(first: length), at: range.lowerBound)
  }
}
