// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Fuzzing
import ReaderFuzzing
import Readers
import Validation

/// A compressed file of any bytes; the first byte says by what.
///
/// It must end below the caps, in a content or a rejection, and in the same one twice.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput([UInt8](fuzzing: start, count))
  let compression = input.element(of: Compression.allCases)
  let bytes = input.remainder()
  do {
    let first = try expanded(bytes, compression)
    require(try first == expanded(bytes, compression), "two outcomes of one file")
  } catch { require(false, "\(error)") }
  return 0
}

private let caps = ExpansionCaps(expandedBytes: 1 << 20, compressionRatio: 200, ratioFloor: 64 << 10)

/// The length of the content, or why there is none.
private func expanded(_ bytes: [UInt8], _ compression: Compression) throws -> Result<Int, Rejection> {
  let scratch = try OwnedDescriptor.inMemory()
  do {
    let count = try StreamExpander.expand(
      ReusedMemory.filled(with: bytes), by: compression, into: scratch, caps: caps)
    require(try scratch.size() == UInt64(count), "another length than was written")
    return .success(count)
  } catch let rejection as Rejection {
    let codes: [Rejection.Code] = [
      .compressedCorrupt, .trailingData, .windowTooLarge, .expandedTooLarge, .compressionRatio,
    ]
    require(codes.contains(rejection.code), "\(rejection.code)")
    require(try scratch.size() <= caps.expandedBytes, "the scratch grew past its cap")
    require(rejection.byteOffset.map { $0 <= UInt64(bytes.count) } ?? true, "an offset beyond the end")
    return .failure(rejection)
  }
}
