// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import WorkerProtocol

/// Arbitrary bytes as every kind of message: what decodes must mean the same when it is sent on.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](fuzzing: start, count)
  check(bytes, WorkerMessage.init, \.bytes)
  check(bytes, ServiceMessage.init, \.bytes)
  check(bytes, ForkOrder.init, \.bytes)
  check(bytes, ZygoteReply.init, \.bytes)
  return 0
}

private func check<Message: Equatable>(
  _ bytes: [UInt8], _ decode: ([UInt8]) throws -> Message, _ encoded: (Message) -> [UInt8]
) {
  guard let message = try? decode(bytes) else { return }
  let again = try? decode(encoded(message))
  require(again == message, "it changed: \(message)")
  // Equality of texts is canonical; the bytes must agree as well.
  require(again.map(encoded) == encoded(message), "it is written in two ways: \(message)")
}
