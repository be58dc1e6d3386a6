// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import WorkerProtocol

extension FuzzTarget {
  /// Arbitrary bytes as every kind of message: what decodes must mean the same when it is sent on.
  package static let workerMessages = FuzzTarget(name: "fuzz-worker-messages") { bytes in
    try check(bytes, WorkerMessage.init, \.bytes)
    try check(bytes, ServiceMessage.init, \.bytes)
    try check(bytes, ForkOrder.init, \.bytes)
    try check(bytes, ZygoteReply.init, \.bytes)
  }
}

private func check<Message: Equatable>(
  _ bytes: [UInt8], _ decode: ([UInt8]) throws -> Message, _ encoded: (Message) -> [UInt8]
) throws {
  guard let message = try? decode(bytes) else { return }
  let again = try? decode(encoded(message))
  try require(again == message, "it changed: \(message)")
  // Equality of texts is canonical; the bytes must agree as well.
  try require(again.map(encoded) == encoded(message), "it is written in two ways: \(message)")
}
