// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors
import Glibc

/// One end of the packet socket between service and worker.
///
/// Every packet is one whole message.
package struct MessageSocket: ~Copyable, Sendable {
  /// The longest packet that is received.
  package static let longestPacket = 64 * 1024

  private let socket: OwnedDescriptor

  /// Takes over an end of a `SOCK_SEQPACKET` socket.
  package init(owning socket: consuming OwnedDescriptor) { self.socket = socket }

  /// The descriptor's number, for `poll`; it stays the socket's.
  package var rawValue: Int32 { socket.rawValue }

  /// The descriptors of two connected ends, which the caller owns.
  ///
  /// - Throws: the failure of `socketpair`.
  package static func makePair() throws(SystemCallError) -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    // SAFETY: the call fills the two numbers of the array that it is given.
    let result = unsafe ends.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let first = buffer.baseAddress else { return -EFAULT }
      return unsafe ingest_socketpair_seqpacket(first)
    }
    guard result == 0 else { throw SystemCallError(call: "socketpair", errno: -result) }
    return (ends[0], ends[1])
  }

  /// Sends one message, with up to four descriptors, which stay the caller's.
  ///
  /// - Throws: the failure of `sendmsg`; `EPIPE` where the other end is closed.
  package func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws(SystemCallError) {
    // SAFETY: both arrays outlive the call, which reads within their counts.
    let result = unsafe bytes.withUnsafeBytes { bytes in
      unsafe descriptors.withUnsafeBufferPointer { numbers -> Int in
        guard let base = bytes.baseAddress else { return -Int(EINVAL) }
        return unsafe ingest_send_with_descriptors(
          socket.rawValue, base, bytes.count, numbers.isEmpty ? nil : numbers.baseAddress, Int32(numbers.count))
      }
    }
    guard result >= 0 else { throw SystemCallError(call: "sendmsg", errno: Int32(clamping: -result)) }
  }

  /// A message as it came.
  package struct Packet: Sendable {
    package let bytes: [UInt8]
    /// Open descriptors that came along; the receiver owns them.
    package let descriptors: [Int32]
  }

  /// Receives the next message; nil at the end.
  ///
  /// - Throws: the failure of `recvmsg`; `EMSGSIZE` for a message that is too long.
  package func receive() throws(SystemCallError) -> Packet? {
    var descriptors = [Int32](repeating: -1, count: Int(INGEST_DESCRIPTORS_PER_MESSAGE))
    var count: Int32 = 0
    var result = -Int(EFAULT)
    // SAFETY: the call writes within the counts that it is given, and says how many bytes it wrote. Most messages are
    // short: the rest of the room is never touched.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.longestPacket) { room, length in
      unsafe descriptors.withUnsafeMutableBufferPointer { numbers in
        guard let base = room.baseAddress, let first = numbers.baseAddress else { return }
        result = unsafe ingest_receive_with_descriptors(socket.rawValue, base, Self.longestPacket, first, &count)
      }
      length = max(0, result)
    }
    guard result >= 0 else { throw SystemCallError(call: "recvmsg", errno: Int32(clamping: -result)) }
    guard result > 0 else { return nil }
    return Packet(bytes: bytes, descriptors: Array(descriptors.prefix(Int(count))))
  }
}
