// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Bytes at which decoders stumble, each in every encoding: what is cut off, halves of pairs, leads before ASCII.
private let hostileBytes: [(String, [UInt8])] = [
  ("ascii", Array("id,name\r\n1,\"a\"\r\n".utf8)), ("upper", Array(0x80...0xFF)),
  ("pairs", (0xA1...0xFE).flatMap { [$0, $0] }), ("leads", [0x81, 0x2C, 0xA4, 0x0A, 0xE4, 0x22, 0x8F, 0xA1]),
  ("utf8", Array("é€😀".utf8) + [0xE2, 0x82, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xF0, 0x9F]),
  ("wide", [0x61, 0, 0x3D, 0xD8, 0, 0xDE, 0, 0xDC, 0x3D, 0xD8, 0x0A, 0, 0x41]),
  ("wider", [0x61, 0, 0, 0, 0, 0xF6, 1, 0, 0, 0, 0x11, 0, 0, 0xD8, 0, 0, 0x41, 0, 0]),
  ("four", [0x81, 0x30, 0x81, 0x30, 0x84, 0x31, 0x95, 0x33, 0x90, 0x30, 0x81, 0x2C, 0xE3, 0x32, 0x9A, 0x35]),
]

/// The choices before the bytes are those of the target: the encoding, the block, and four places.
let transcodingSeeds: [Seed] = TextEncoding.allCases.enumerated().flatMap { number, encoding in
  hostileBytes.map { name, bytes in
    Seed("\(encoding.rawValue)_\(name)", [UInt8(number), 1, 0, 1, 0, 3, 0, 7, 0, 11, 0] + bytes)
  }
}
