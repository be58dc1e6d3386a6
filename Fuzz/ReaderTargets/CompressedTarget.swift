// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
package import Fuzzing
import ReaderFuzzing
import Readers
import Validation

extension FuzzTarget {
  /// A compressed file of any bytes; the first byte says by what.
  ///
  /// It must end below the caps, in a content or a rejection, and in the same one twice.
  package static let compressed = FuzzTarget(name: "fuzz-compressed") { bytes in
    var input = FuzzInput(bytes)
    let compression = input.element(of: Compression.allCases)
    let content = input.remainder()
    let first = try expanded(content, compression)
    try require(try first == expanded(content, compression), "two outcomes of one file")
  }
}

private let caps = ExpansionCaps(expandedBytes: 1 << 20, compressionRatio: 200, ratioFloor: 64 << 10)

/// The length of the content, or why there is none.
private func expanded(_ bytes: [UInt8], _ compression: Compression) throws -> Result<Int, Rejection> {
  let scratch = try OwnedDescriptor.inMemory()
  do {
    let count = try StreamExpander.expand(
      ReusedMemory.filled(with: bytes), by: compression, into: scratch, caps: caps)
    try require(try scratch.size() == UInt64(count), "another length than was written")
    return .success(count)
  } catch let rejection as Rejection {
    let codes: [Rejection.Code] = [
      .compressedCorrupt, .trailingData, .windowTooLarge, .expandedTooLarge, .compressionRatio,
    ]
    try require(codes.contains(rejection.code), "\(rejection.code)")
    try require(try scratch.size() <= caps.expandedBytes, "the scratch grew past its cap")
    try require(rejection.byteOffset.map { $0 <= UInt64(bytes.count) } ?? true, "an offset beyond the end")
    return .failure(rejection)
  }
}
