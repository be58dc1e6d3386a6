// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Hashing

@Suite("Hashes")
struct SHA256Tests {
  /// The examples of FIPS 180 (NIST's "SHA-256 Example", and its message of a million letters).
  static let messages: [(name: String, message: [UInt8], digest: String)] = [
    ("nothing", [], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("one block", Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "two blocks", Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "a million letters", [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test("A message has the digest of the standard's examples", arguments: messages)
  func whole(_ name: String, _ message: [UInt8], _ digest: String) {
    #expect(SHA256.hash(message).description == digest)
  }

  @Test(
    "Pieces of any length give the digest of the whole, and a copy goes on by itself", arguments: [1, 55, 63, 64, 65])
  func pieces(_ length: Int) {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var hasher = SHA256()
    for start in stride(from: 0, to: message.count, by: length) {
      hasher.update(message[start..<min(start + length, message.count)])
      hasher.update([])
    }
    var copy = hasher
    copy.update([1])
    #expect(hasher.finalize() == SHA256.hash(message))
    #expect(copy.finalize() == SHA256.hash(message + [1]))
  }

  /// RFC 4231, cases 1, 2, 3 and 6: a key of 20 bytes, a short one, a message of a block and more, a key longer than one.
  static let sealed: [(key: [UInt8], message: [UInt8], digest: String)] = [
    (
      [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ]

  @Test("A keyed hash is that of the RFC's test cases", arguments: sealed)
  func keyed(_ key: [UInt8], _ message: [UInt8], _ digest: String) {
    #expect(HMAC.sha256(message, key: key).description == digest)
  }
}
