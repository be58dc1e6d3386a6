// SPDX-License-Identifier: Apache-2.0

import IngestTables
import IngestTesting
import Testing
import Validation

@testable import WorkerProtocol

@Suite("Hostile messages")
struct HostileMessageTests {
  /// Reads bytes as both kinds of message.
  ///
  /// What is read must be writable and readable again.
  private func read(_ bytes: [UInt8]) throws {
    do {
      let message = try WorkerMessage(bytes)
      #expect(try WorkerMessage(message.bytes) == message)
    } catch {
      // `MalformedMessage` is the only error there is; a trap would end the test run.
    }
    do {
      let message = try ServiceMessage(bytes)
      #expect(try ServiceMessage(message.bytes) == message)
    } catch {
      // `MalformedMessage` is the only error there is; a trap would end the test run.
    }
  }

  private static let bytes: [[UInt8]] = MessageSamples.worker.map(\.bytes) + MessageSamples.service.map(\.bytes)

  @Test("C48 A message that is cut anywhere is malformed", arguments: bytes)
  func truncated(bytes: [UInt8]) throws {
    let isWorker = (try? WorkerMessage(bytes)) != nil
    // Long messages repeat themselves.
    for length in stride(from: 0, to: bytes.count, by: Soak.isOn ? 1 : 1 + bytes.count / 256) {
      let cut = Array(bytes.prefix(length))
      if isWorker {
        #expect(throws: MalformedMessage.self) { try WorkerMessage(cut) }
      } else {
        #expect(throws: MalformedMessage.self) { try ServiceMessage(cut) }
      }
    }
  }

  @Test("C48 A message that goes on after its end is malformed", arguments: bytes)
  func extended(bytes: [UInt8]) {
    let isWorker = (try? WorkerMessage(bytes)) != nil
    if isWorker {
      #expect(throws: MalformedMessage.self) { try WorkerMessage(bytes + [0]) }
    } else {
      #expect(throws: MalformedMessage.self) { try ServiceMessage(bytes + [0]) }
    }
  }

  @Test("C48 Any byte of a message may be any other")
  func mutated() throws {
    var generator = SeededGenerator(seed: 48)
    for bytes in Self.bytes {
      // Long messages repeat themselves: there each of some bytes at places that are drawn.
      let step = Soak.isOn ? 1 : 1 + bytes.count / 96
      for start in stride(from: 0, to: bytes.count, by: step) {
        let index = min(start + Int.random(in: 0..<step, using: &generator), bytes.count - 1)
        for value in [0, 0xFF, bytes[index] &+ 1, UInt8.random(in: 0...255, using: &generator)] {
          var damaged = bytes
          damaged[index] = value
          try read(damaged)
        }
      }
    }
  }

  @Test("C48 20,000 messages of noise and of damaged parts never trap")
  func fuzzed() throws {
    var generator = SeededGenerator(seed: 20_000)
    for round in 0..<20_000 {
      var bytes: [UInt8]
      if round.isMultiple(of: 4) {
        bytes = [UInt8.random(in: 0...13, using: &generator)]
        for _ in 0..<Int.random(in: 0...64, using: &generator) {
          bytes.append(UInt8.random(in: 0...255, using: &generator) & (round.isMultiple(of: 8) ? 3 : 255))
        }
      } else {
        bytes = Self.bytes[Int.random(in: 0..<Self.bytes.count, using: &generator)]
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
          let index = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0...2, using: &generator) {
          case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
          case 1: bytes.remove(at: index)
          default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
          }
        }
      }
      try read(bytes)
    }
  }

  /// Messages whose lengths lie, by kind.
  static let lies: [(String, [UInt8])] = [
    ("nothing", []), ("an unknown kind", [0]), ("an unknown kind", [13]), ("an unknown kind", [255]),
    ("a list longer than the message", [7, 0xFF, 0xFF, 0, 0]), ("a list of nothing", [12, 1, 0]),
    ("more columns than there are", [6, 0xFF, 0xFF]), ("a column's name past the end", [6, 1, 0, 0xFF, 0x0F, 0x61]),
    ("a name longer than any", [6, 1, 0, 0x01, 0x10] + [UInt8](repeating: 0x61, count: 4097) + [8]),
    ("a name that is no UTF-8", [6, 1, 0, 1, 0, 0xFF, 8]), ("a type that is none", [6, 1, 0, 1, 0, 0x61, 10]),
    ("a flag that is no bit", [4, 2]), ("a code that is none", [10, 3, 0, 0x61, 0x62, 0x63, 0, 0, 0, 0, 0]),
    ("an empty code", [10, 0, 0, 0, 0, 0, 0, 0]),
    ("a presence byte of two", [10, 5, 0] + Array("empty".utf8) + [2, 0, 0, 0, 0]),
    ("a half number", [9, 1, 2, 3]), ("a version cut off", [1, 1, 0]), ("65 notes", tooManyNotes),
    ("a media type that is none", [3, 4, 0] + Array("none".utf8) + [1, 0, 0x61, 0, 0, 0]),
    ("a charset that is no token", [3, 4, 0] + Array("none".utf8) + [3, 0] + Array("a/b".utf8) + [1, 0, 0x20, 0, 1]),
  ]

  private static var tooManyNotes: [UInt8] {
    var bytes = WorkerMessage.tableFinished(MessageSamples.findings([])).bytes
    bytes.replaceSubrange(bytes.count - 2..<bytes.count, with: [65, 0])
    return bytes + [UInt8](repeating: 0, count: 4096)
  }

  @Test("C48 A length that lies is malformed", arguments: lies)
  func lying(kind: String, bytes: [UInt8]) {
    #expect(throws: MalformedMessage.self, "\(kind)") { try WorkerMessage(bytes) }
  }

  @Test("C40 A charset longer than 32 bytes is malformed")
  func longCharset() throws {
    var content = MessageSamples.content
    content.magicCharset = String(repeating: "x", count: 40)
    // Ours is cut when it is written …
    guard case .inspected(let read, _) = try WorkerMessage(WorkerMessage.inspected(content, .accepted(.csv)).bytes)
    else { throw MalformedMessage() }
    #expect(read.magicCharset.count == 32)
    // … and a liar's is refused.
    let bytes =
      [3, 4, 0] + Array("none".utf8) + [3, 0] + Array("a/b".utf8) + [33, 0]
      + [UInt8](repeating: 0x78, count: 33) + [0, 1, 3, 0] + Array("csv".utf8)
    #expect(throws: MalformedMessage.self) { try WorkerMessage(bytes) }
  }

  @Test("Integers of every width keep their value")
  func integers() throws {
    var writer = MessageWriter()
    writer.integer(UInt8.max)
    writer.integer(UInt16(0x1234))
    writer.integer(UInt32.max - 1)
    writer.integer(UInt64(1) << 63)
    var reader = MessageReader(writer.bytes)
    #expect(try reader.integer(UInt8.self) == .max)
    #expect(try reader.integer(UInt16.self) == 0x1234)
    #expect(try reader.integer(UInt32.self) == .max - 1)
    #expect(try reader.integer(UInt64.self) == 1 << 63)
    try reader.finish()
  }

  @Test(
    "A text is cut between characters, and may then be empty",
    arguments: [
      ("abc", 2, "ab"), ("日本", 5, "日"), ("日本", 2, ""), ("e\u{301}e", 3, "e\u{301}"), ("👨‍👩‍👧", 10, ""), ("abc", 3, "abc"),
      ("", 0, ""),
    ])
  func cut(text: String, limit: Int, expected: String) {
    #expect(text.cut(toBytes: limit) == expected)
    var writer = MessageWriter()
    writer.text(text, limit: limit)
    #expect(writer.bytes.count == 2 + expected.utf8.count)
  }
}
