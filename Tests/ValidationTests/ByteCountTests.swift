// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import Validation

@Suite("Byte counts and limits")
struct ByteCountTests {
  @Test(
    "People's spellings are read exactly",
    arguments: [
      ("0", 0), ("1048576", 1_048_576), ("10MB", 10_000_000), ("10 MB", 10_000_000), ("10mb", 10_000_000),
      ("1.5 GiB", 1_610_612_736),
      ("1KiB", 1024), ("1kib", 1024), ("1 K", 1000), ("2g", 2_000_000_000), ("5 bytes", 5), ("5B", 5), ("0.5 KiB", 512),
      ("18446744073709551615", UInt64.max), ("007", 7), (".5 KiB", 512), ("1. KB", 1000),
      ("17179869183 GiB", 17_179_869_183 << 30),
    ] as [(String, UInt64)])
  func spellings(text: String, bytes: UInt64) {
    #expect(ByteCount(text)?.bytes == bytes)
  }

  @Test(
    "C32 What is no byte count, or does not fit, is nil and never a trap",
    arguments: [
      "", " ", "-1", "+1", "1e400", "1e3", "0x10", "18446744073709551616", "17179869184 GiB", "18446744073709551615 KB",
      String(repeating: "9", count: 5000), String(repeating: "9", count: 400) + ".9 GiB", "1.2.3", ".", "...", "1..",
      "1,5 MB",
      "٣", "１０MB", "²", "½ GiB", "MB", "10 TB", "10 M B", "10\u{A0}MB", "10MB ", " 10MB", "nan", "inf", "infinity",
      "1_000",
      "10\nMB", "10\0", "99999999999999999999.0", "18446744073709551616.0", "1\u{301}", "-0", "1.5.GiB", "10MİB",
    ])
  func refused(text: String) {
    #expect(ByteCount(text) == nil)
  }

  @Test("What is shown is read back as the same count")
  func roundTrip() {
    var generator = SeededGenerator(seed: 11)
    let edges: [UInt64] = [
      0, 1, 999, 1000, 1023, 1024, 1025, 1_000_000, 1 << 20, 1 << 30, 1_000_000_000, .max,
      .max - 1,
    ]
    let random = (0..<500).map { _ in
      UInt64.random(in: 0...(.max), using: &generator)
        >> UInt64.random(
          in: 0...60,
          using: &generator)
    }
    for bytes in edges + random {
      let count = ByteCount(bytes: bytes)
      #expect(ByteCount(count.description) == count, "\(bytes)")
    }
  }

  @Test(
    "A count is shown in the largest unit that divides it",
    arguments: [
      (64 << 20, "64 MiB"), (1500, "1500 bytes"), (1 << 30, "1 GiB"), (5000, "5 KB"), (0, "0 bytes"), (1024, "1 KiB"),
      (1536, "1536 bytes"),
    ] as [(UInt64, String)])
  func shown(bytes: UInt64, text: String) {
    #expect(ByteCount(bytes: bytes).description == text)
  }

  @Test(
    "C32 Arithmetic on hostile sizes is held at the largest number",
    arguments: [0, 1, 1 << 40, .max / 10, .max - 1, .max] as [UInt64])
  func saturation(input: UInt64) {
    let size = ByteCount(bytes: input)
    for limits in [Limits(), Self.extreme, Self.zero] {
      let output = limits.outputBytes(forInput: size)
      #expect(output >= limits.outputBase)
      let (product, overflowed) = input.multipliedReportingOverflow(by: limits.outputFactor)
      if overflowed { #expect(output.bytes == .max) } else { #expect(output.bytes >= product) }
      #expect(limits.workerMemory(forInput: size) >= limits.workerMemoryBase)
      #expect(limits.workerWallTime(forInput: size) >= .seconds(Int64(clamping: limits.workerSeconds)))
    }
  }

  private static var extreme: Limits {
    var limits = Limits()
    limits.outputFactor = .max
    limits.outputBase = ByteCount(bytes: .max)
    limits.workerMemoryFactor = .max
    limits.workerMemoryBase = ByteCount(bytes: .max)
    limits.workerSeconds = .max
    limits.bytesPerSecond = ByteCount(bytes: 1)
    return limits
  }

  private static var zero: Limits {
    var limits = Limits()
    limits.outputFactor = 0
    limits.outputBase = ByteCount(bytes: 0)
    limits.bytesPerSecond = ByteCount(bytes: 0)
    limits.columns = -1
    return limits
  }

  @Test("A worker has two minutes, and a second for each 10 MiB")
  func wallTime() {
    #expect(Limits().workerWallTime(forInput: .mebibytes(0)) == .seconds(120))
    #expect(Limits().workerWallTime(forInput: .gibibytes(1)) == .seconds(222))
  }

  @Test("Every limit is shown once, under a stable name")
  func entries() {
    for limits in [Limits(), Self.extreme, Self.zero] {
      let names = limits.entries.map(\.name)
      #expect(Set(names).count == names.count)
      for name in names { #expect(name.allSatisfy { $0.isLowercase || $0 == "-" }) }
      for entry in limits.entries { #expect(!entry.text.isEmpty) }
    }
    #expect(Limits().entries.count == Mirror(reflecting: Limits()).children.count)
  }

  @Test(
    "The defaults are the documented ones",
    arguments: [
      ("upload-bytes", 1 << 30), ("memory-spool-bytes", 16 << 20), ("expanded-bytes", 8 << 30), ("columns", 16_384),
      ("rows", 1_000_000_000), ("record-bytes", 16 << 20), ("cell-bytes", 8 << 20), ("header-name-bytes", 1_024),
      ("archive-entries", 1_000), ("compression-ratio", 200), ("file-name-bytes", 255), ("waiting-uploads", 64),
    ] as [(String, UInt64)])
  func defaults(name: String, value: UInt64) {
    #expect(Limits().entries.first { $0.name == name }?.value == value)
  }
}
