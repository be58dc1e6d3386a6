// SPDX-License-Identifier: Apache-2.0

import Glibc
import IngestTesting

/// What a worker does to its own, honest result.
///
/// A file that begins with `tamper:NAME,NUMBER` asks for it: a named deed, or with `random` one that the number decides.
struct Tampering {
  enum Deed: String, CaseIterable {
    /// Changes bits of one message.
    case flip
    /// Puts other bytes into one message.
    case scribble
    /// Cuts one message short, or makes it longer.
    case resize
    /// Leaves one message out.
    case drop
    /// Says one message twice.
    case twice
    /// Says one message after the next.
    case swap
    /// Says something after the last.
    case late
    /// Changes what was written to the files.
    case body
  }

  private let deed: Deed
  private var draw: SeededGenerator
  /// The message that is changed, counted from the first.
  private let target: Int
  private var count = 0
  private var held: [UInt8]?

  init?(in text: [UInt8]) {
    let prefix = Array("tamper:".utf8)
    guard text.starts(with: prefix) else { return nil }
    let words = String(decoding: text.dropFirst(prefix.count), as: UTF8.self).prefix { $0 != "\n" }.split(
      separator: ",")
    guard let name = words.first, let seed = words.dropFirst().first.flatMap({ UInt64($0) }) else { return nil }
    draw = SeededGenerator(seed: seed)
    guard let deed = name == "random" ? Deed.allCases.randomElement(using: &draw) : Deed(rawValue: String(name)) else {
      return nil
    }
    self.deed = deed
    // An honest reading of one small file has seven messages.
    target = Int.random(in: 0..<7, using: &draw)
  }

  mutating func packets(inPlaceOf packet: [UInt8]) -> [[UInt8]] {
    defer { count += 1 }
    if let first = held {
      held = nil
      return [packet, first]
    }
    // The last message is `finished`, one byte, of the number 11.
    if deed == .late, packet == [11] { return [packet, [9] + [UInt8](repeating: 1, count: 16)] }
    guard count == target else { return [packet] }
    switch deed {
    case .flip: return [flipped(packet)]
    case .scribble: return [packet.map { Bool.random(using: &draw) ? UInt8.random(in: 0...255, using: &draw) : $0 }]
    case .resize: return [resized(packet)]
    case .drop: return []
    case .twice: return [packet, packet]
    case .swap:
      held = packet
      return []
    case .late: return [packet]
    case .body:
      scribbleInFiles()
      return [packet]
    }
  }

  private mutating func flipped(_ packet: [UInt8]) -> [UInt8] {
    var packet = packet
    for _ in 0..<Int.random(in: 1...4, using: &draw) {
      packet[Int.random(in: packet.indices, using: &draw)] ^= 1 << UInt8.random(in: 0..<8, using: &draw)
    }
    return packet
  }

  private mutating func resized(_ packet: [UInt8]) -> [UInt8] {
    if packet.count > 1, Bool.random(using: &draw) {
      return Array(packet.prefix(Int.random(in: 1..<packet.count, using: &draw)))
    }
    return packet + (0..<Int.random(in: 1...64, using: &draw)).map { _ in UInt8.random(in: 0...255, using: &draw) }
  }

  /// Every file that may be written: the scratch, and the output while it is open.
  private mutating func scribbleInFiles() {
    for _ in 0..<Int.random(in: 1...8, using: &draw) {
      var bytes = (0..<Int.random(in: 1...16, using: &draw)).map { _ in UInt8.random(in: 0...255, using: &draw) }
      let share = Double.random(in: 0..<1, using: &draw)
      for number in Int32(4)..<16 {
        // Within what is there, since a wrong length is easily seen.
        let room = lseek(number, 0, SEEK_END) - off_t(bytes.count)
        guard room > 0 else { continue }
        // SAFETY: the call reads within the array.
        _ = unsafe pwrite(number, &bytes, bytes.count, off_t(Double(room) * share))
      }
    }
  }
}
