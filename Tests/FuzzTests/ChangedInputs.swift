// SPDX-License-Identifier: Apache-2.0

import IngestTesting

/// Committed inputs with a few changes each: the same ones in every run.
struct ChangedInputs: Sequence, IteratorProtocol {
  private let inputs: [[UInt8]]
  private let words: [[UInt8]]
  private let longest: Int
  private var remaining: Int
  private var random: SeededGenerator

  /// As many as `count` inputs, at most `longest` bytes long.
  ///
  /// - Parameter inputs: at least one.
  init(of inputs: [[UInt8]], words: [[UInt8]], count: Int, longest: Int) {
    self.inputs = inputs
    self.words = words
    self.longest = longest
    remaining = count
    random = SeededGenerator(seed: 1)
  }

  mutating func next() -> [UInt8]? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    var bytes = input()
    for _ in 0...Int.random(in: 0..<4, using: &random) { change(&bytes) }
    return Array(bytes.prefix(longest))
  }

  private mutating func input() -> [UInt8] { inputs[Int.random(in: inputs.indices, using: &random)] }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
    case 1: if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &random) }
    case 2: bytes.removeSubrange(place..<Swift.min(place + length(), bytes.count))
    case 3: bytes.insert(contentsOf: bytes[place..<Swift.min(place + length(), bytes.count)], at: place)
    case 4: bytes.insert(contentsOf: word(), at: place)
    default: bytes.replaceSubrange(place..., with: input().dropFirst(place))
    }
  }

  /// Mostly short.
  private mutating func length() -> Int { 1 << Int.random(in: 0..<8, using: &random) }

  /// A word of the dictionary, or a few bytes of another input.
  private mutating func word() -> [UInt8] {
    guard words.isEmpty else { return words[Int.random(in: words.indices, using: &random)] }
    let other = input()
    let start = Int.random(in: 0...other.count, using: &random)
    return Array(other[start...].prefix(8))
  }
}
