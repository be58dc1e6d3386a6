// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import WorkerProtocol

/// Arbitrary bytes as a message, in both directions: what decodes must mean the same when it is sent on.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](fuzzing: start, count)
  if let message = try? WorkerMessage(bytes) {
    let again = try? WorkerMessage(message.bytes)
    require(again == message, "a worker's message changed: \(message)")
    // Equality of texts is canonical; the bytes must agree as well.
    require(again?.bytes == message.bytes, "a worker's message is written in two ways: \(message)")
  }
  if let message = try? ServiceMessage(bytes) {
    let again = try? ServiceMessage(message.bytes)
    require(again == message, "a service's message changed: \(message)")
    require(again?.bytes == message.bytes, "a service's message is written in two ways: \(message)")
  }
  return 0
}
