// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What an encoding's characters are by Python's codecs (`Tests/python/codec_tables.py`).
struct CodecTable: Decodable, Sendable, CustomTestStringConvertible {
  let encoding: String
  /// Every character on a line of its own.
  private let encoded: Data
  let text: String
  /// Bytes that stand for nothing.
  let undefined: [String]

  var testDescription: String { encoding }
  var bytes: [UInt8] { Array(encoded) }

  static func bytes(_ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map { index in
      UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
    }
  }

  /// Asks Python once.
  static let all: [CodecTable] = {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../python/codec_tables.py")
    let python = Process()
    python.executableURL = script.deletingLastPathComponent().appending(path: "../../.venv/bin/python")
    python.arguments = ["-B", script.path]
    let output = Pipe()
    python.standardOutput = output
    guard (try? python.run()) != nil, let data = try? output.fileHandleForReading.readToEnd() else { return [] }
    python.waitUntilExit()
    return (try? JSONDecoder().decode([CodecTable].self, from: data)) ?? []
  }()
}
