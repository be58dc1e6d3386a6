// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import Glibc

/// Whether work grows no faster than its input.
enum Linearity {
  private static let short = 48 << 10
  private static let factor = 8

  /// Requires that a text whose end is repeated eight times as often takes about eight times as long.
  ///
  /// What grows with the square takes 64 times as long; other processes cost some of the time that is counted, so a
  /// second is free and four times as much is forgiven.
  static func require(_ text: [UInt8], repeatingLast unit: Int, _ work: ([UInt8]) throws -> Void) throws {
    guard !text.isEmpty else { return }
    let unit = text.suffix(max(1, unit))
    let copies = short / unit.count
    let (few, many) = (text + repeated(unit, copies), text + repeated(unit, copies * factor))
    let shortTime = try seconds { try work(few) }
    let longTime = try seconds { try work(many) }
    try Fuzzing.require(
      longTime < 1 + shortTime * Double(factor) * 4, "\(few.count) bytes take \(shortTime), \(many.count) \(longTime)")
  }

  private static func repeated(_ unit: ArraySlice<UInt8>, _ copies: Int) -> [UInt8] {
    Array(repeatElement(unit, count: copies).joined())
  }

  /// The processor time of this thread, so that others cost less of it.
  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = processorTime()
    try work()
    return processorTime() - start
  }

  private static func processorTime() -> Double {
    var time = timespec()
    // SAFETY: the call writes to `time` alone, before it returns.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
