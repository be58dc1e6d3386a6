// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Readers
import Synchronization
import Testing
import Validation

/// A way to compress by the format's own tool.
struct Packer: Sendable, CustomTestStringConvertible {
  let compression: Compression
  let command: [String]
  /// Whether a changed byte of the content is always found: the tool was told to write a checksum.
  var isChecked = true

  var testDescription: String { command.joined(separator: " ") }

  private struct Packed: Hashable {
    let command: [String]
    let bytes: [UInt8]
  }

  /// What was packed before: the strongest levels take a second and more.
  private static let packed = Mutex<[Packed: [UInt8]]>([:])

  func pack(_ bytes: [UInt8]) throws -> [UInt8] {
    let key = Packed(command: command, bytes: bytes)
    if let packed = Self.packed.withLock({ $0[key] }) { return packed }
    let packed = try Fixtures.run(command, input: bytes)
    Self.packed.withLock { $0[key] = packed }
    return packed
  }

  static let all: [Packer] = gzip + bzip2 + xz + zstd + lz4

  private static func packers(_ compression: Compression, _ tool: String, _ options: [String]) -> [Packer] {
    options.map {
      Packer(compression: compression, command: [tool, "-qc"] + $0.split(separator: " ").map(String.init))
    }
  }

  private static func unchecked(_ compression: Compression, _ command: String...) -> [Packer] {
    [Packer(compression: compression, command: command, isChecked: false)]
  }

  private static let gzip = packers(.gzip, "gzip", ["-1", "-6", "-9"])
  private static let bzip2 = packers(.bzip2, "bzip2", ["-1", "-9"])
  private static let xz =
    packers(.xz, "xz", ["--check=crc32", "--check=crc64", "--check=sha256", "-0", "-9e", "-T2 --block-size=64KiB"])
    + unchecked(.xz, "xz", "-qc", "--check=none")
  private static let zstd =
    packers(.zstd, "zstd", ["-1", "-19", "--ultra -22", "--long=27", "--fast=5"])
    + unchecked(.zstd, "zstd", "-qc", "--no-check")
  private static let lz4 =
    packers(.lz4, "lz4", ["-1", "-12", "-B4 -BX", "-B7 -BD", "--content-size"])
    + unchecked(.lz4, "lz4", "-qc", "--no-frame-crc")
}

@Suite("Compressed files")
struct StreamExpanderTests {
  private static let small = Array("id,name\n".utf8) + (1...40).flatMap { Array("\($0),Größe \($0 * $0)\n".utf8) }

  /// More than a decoder takes or gives at once.
  private static let large = (0..<60_000).flatMap { Array("\($0),\($0 &* 2_654_435_761 % 1_000_003)\n".utf8) }

  @Test("C21 what each tool writes comes back as it was, alone and as two members", arguments: Packer.all)
  func roundTrip(packer: Packer) throws {
    let (small, large) = (try packer.pack(Self.small), try packer.pack(Self.large))
    #expect(try expand(small, by: packer.compression) == .contents(["": Self.small]))
    #expect(try expand(large, by: packer.compression) == .contents(["": Self.large]))
    #expect(try expand(small + large, by: packer.compression) == .contents(["": Self.small + Self.large]))
    #expect(try expand(try packer.pack([]), by: packer.compression) == .contents(["": []]))
  }

  @Test("C21 a file cut off at any byte is refused there", arguments: Packer.all)
  func truncation(packer: Packer) throws {
    let bytes = try packer.pack(Self.small)
    for length in 1..<bytes.count {
      let refused = try expand(Array(bytes.prefix(length)), by: packer.compression)
      #expect(refused.code == .compressedCorrupt, "\(length) of \(bytes.count) bytes")
    }
  }

  @Test("C21 a changed byte never changes the content silently", arguments: Packer.all.filter(\.isChecked))
  func mutation(packer: Packer) throws {
    let bytes = try packer.pack(Self.small)
    let sound = Outcome.contents(["": Self.small])
    for index in bytes.indices {
      for change in [0x01, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] ^= change
        let outcome = try expand(changed, by: packer.compression)
        #expect(outcome == sound || outcome.code != nil, "byte \(index) changed by \(change)")
      }
    }
  }

  @Test("C21 what follows the last member is refused at its first byte", arguments: Packer.all)
  func trailing(packer: Packer) throws {
    let bytes = try packer.pack(Self.small)
    for tail in [[0], [0, 0, 0, 0], Array("x".utf8), [UInt8](repeating: 0, count: 512), [0x28, 0xB5], [0xFD, 0x37]] {
      let offset = UInt64(bytes.count)
      let refused = try expand(bytes + tail, by: packer.compression)
      #expect(refused == .refused(Rejection(.trailingData, byteOffset: offset)), "\(tail)")
    }
  }

  @Test("C21 samples are refused with their folder's code")
  func refusedSamples() throws {
    let suffixes = ["bz2": Compression.bzip2, "xz": .xz, "zst": .zstd, "lz4": .lz4]
    var seen = 0
    for folder in ["compressed_corrupt", "trailing_data", "window_too_large"] {
      for path in Fixtures.names("reject/\(folder)") {
        guard let compression = suffixes[String(path.split(separator: ".").last ?? "")] else { continue }
        #expect(try expand(try Fixtures.bytes(path), by: compression).code?.rawValue == folder, "\(path)")
        seen += 1
      }
    }
    #expect(seen >= 14)
  }

  @Test(
    "C16 a bomb stops at the ratio, having written no more than that",
    arguments: [
      (.gzip, "gzip"), (.bzip2, "bzip2 -1"), (.xz, "xz -0"), (.zstd, "zstd -q1"), (.lz4, "lz4 -q1"),
    ] as [(Compression, String)])
  func bombs(compression: Compression, command: String) throws {
    // Zeros that are never all in memory.
    let bytes = try Fixtures.run(["sh", "-c", "head -c 100000000 /dev/zero | \(command)"])
    let scratch = try makeScratch()
    let rejection = try #require(throws: Rejection.self) {
      try StreamExpander.expand(MappedBytes(bytes), by: compression, into: scratch, caps: defaultCaps)
    }
    #expect(rejection.code == .compressionRatio && rejection.limit == 200)
    #expect(try scratch.size() <= max(10 << 20, 200 * UInt64(bytes.count)))
  }

  @Test("C16 the cap on expanded bytes is inclusive, and nothing is written past it", arguments: Packer.all)
  func expandedBytes(packer: Packer) throws {
    let bytes = try packer.pack(Self.large)
    var caps = defaultCaps
    caps.expandedBytes = UInt64(Self.large.count)
    #expect(try expand(bytes, by: packer.compression, caps: caps).code == nil)
    caps.expandedBytes -= 1
    let scratch = try makeScratch()
    let rejection = try #require(throws: Rejection.self) {
      try StreamExpander.expand(MappedBytes(bytes), by: packer.compression, into: scratch, caps: caps)
    }
    #expect(rejection.code == .expandedTooLarge && rejection.limit == caps.expandedBytes)
    #expect(try scratch.size() <= caps.expandedBytes)
  }

  @Test("C16 what was expanded before a refusal counts for what is expanded next")
  func refusedBytes() throws {
    let bytes = MappedBytes(try Fixtures.run(["gzip", "-qc"], input: Self.large) + [0])
    let scratch = try makeScratch()
    var caps = defaultCaps
    caps.expandedBytes = UInt64(Self.large.count * 3 / 2)
    let codes = try (0..<2).map { _ in
      try #require(throws: Rejection.self) {
        try StreamExpander.content(of: bytes, by: .gzip, in: scratch, caps: &caps)
      }.code
    }
    #expect(codes == [.trailingData, .expandedTooLarge])
    #expect(caps.scratchOffset == 0, "the next content is written over them")
  }

  @Test("C16 what containers in each other make of an upload is held against its own size")
  func nested() throws {
    var caps = defaultCaps
    caps.uploadBytes = 1_000
    caps.ratioFloor = 1_000
    let bytes = try Fixtures.run(["zstd", "-qc"], input: Self.large)
    #expect(try expand(bytes, by: .zstd, caps: caps).code == .compressionRatio)
    caps.uploadBytes = UInt64(bytes.count)
    #expect(try expand(bytes, by: .zstd, caps: caps).code == nil)
  }
}
