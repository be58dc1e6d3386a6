// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Readers
import Testing
import Validation

@Suite("Gzip")
struct GzipExpanderTests {
  @Test("C21 accepted samples expand to what Python makes of them", arguments: Fixtures.names("accept/gzip"))
  func acceptedSamples(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    let program = "import gzip,sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))"
    #expect(try gunzip(bytes) == .contents(["": try Fixtures.python(["-c", program], input: bytes)]))
  }

  @Test(
    "C21 samples are refused with their folder's code and an offset in the compressed file",
    arguments: (Fixtures.names("reject/compressed_corrupt") + Fixtures.names("reject/trailing_data"))
      .filter { $0.hasSuffix(".gz") })
  func refusedSamples(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    guard case .refused(let rejection) = try gunzip(bytes) else {
      Issue.record("accepted")
      return
    }
    #expect(path.contains("/\(rejection.code.rawValue)/"))
    #expect(rejection.byteOffset.map { $0 <= UInt64(bytes.count) } == true)
  }

  @Test("C21 members are one content, and what follows the last one is refused at its first byte")
  func members() throws {
    let member = try Fixtures.bytes("accept/gzip/stored_name_is_a_path.csv.gz")
    guard case .contents(let single) = try gunzip(member), let content = single[""] else {
      Issue.record("refused")
      return
    }
    #expect(try gunzip(member + member + member) == .contents(["": content + content + content]))
    for tail in [[0], [0x1F], [0x1F, 0x8C], [UInt8](repeating: 0, count: 512), Array("x".utf8)] {
      let offset = UInt64(2 * member.count)
      #expect(try gunzip(member + member + tail) == .refused(Rejection(.trailingData, byteOffset: offset)))
    }
    #expect(try gunzip(member + [0x1F, 0x8B]).code == .compressedCorrupt)
    #expect(try gunzip(member + member.dropLast()).code == .compressedCorrupt)
  }

  @Test("C21 a file cut off at any byte is refused there")
  func truncation() throws {
    let bytes = try Fixtures.bytes("accept/gzip/every_header_field.csv.gz")
    for length in 0..<bytes.count {
      guard case .refused(let rejection) = try gunzip(Array(bytes.prefix(length))) else {
        Issue.record("accepted \(length) bytes")
        continue
      }
      #expect(rejection.code == .compressedCorrupt)
      #expect(rejection.byteOffset == UInt64(length))
    }
  }

  @Test(
    "C21 a changed byte never changes the content silently",
    arguments: ["every_header_field", "stored_blocks", "stored_name_is_a_path", "us_rent_income"])
  func mutation(name: String) throws {
    let bytes = try Fixtures.bytes("accept/gzip/\(name).csv.gz")
    let sound = try gunzip(bytes)
    for index in bytes.indices {
      for change in [0x01, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] ^= change
        let outcome = try gunzip(changed)
        #expect(outcome == sound || outcome.code != nil, "byte \(index) changed by \(change)")
      }
    }
  }

  @Test(
    "C21 a reserved flag in the header of any member is refused at that member", arguments: [0x20, 0x40, 0x80, 0xE1])
  func reservedFlags(flags: UInt8) throws {
    let member = try Fixtures.bytes("accept/gzip/stored_name_is_a_path.csv.gz")
    var flagged = member
    flagged[3] |= flags
    for sound in [[], member] {
      guard case .refused(let rejection) = try gunzip(sound + flagged) else {
        Issue.record("accepted")
        continue
      }
      #expect(rejection.code == .compressedCorrupt && rejection.byteOffset == UInt64(sound.count))
    }
  }

  @Test("C16 a bomb stops at the ratio, having written no more than the floor and one buffer")
  func bomb() throws {
    let bomb = MappedBytes(try Fixtures.generatedBytes("reject/compression_ratio/gzip_bomb.csv.gz"))
    let scratch = try makeScratch()
    let rejection = try #require(throws: Rejection.self) {
      try StreamExpander.expand(bomb, by: .gzip, into: scratch, caps: defaultCaps)
    }
    #expect(rejection.code == .compressionRatio)
    #expect(rejection.limit == 200)
    #expect(rejection.actual.map { $0 > 200 } == true)
    #expect(try scratch.size() <= max(10 << 20, 200 * UInt64(bomb.count)))
  }

  @Test("C16 below the floor any ratio passes")
  func floor() throws {
    #expect(try gunzip(try Fixtures.generatedBytes("accept/gzip/ratio_below_the_floor.csv.gz")).code == nil)
  }

  @Test("C16 the cap on expanded bytes is inclusive, and nothing is written past it")
  func expandedBytes() throws {
    let bytes = try Fixtures.generatedBytes("reject/expanded_too_large/three_mebibytes.csv.gz")
    guard case .contents(let all) = try gunzip(bytes), let size = all[""].map({ UInt64($0.count) }) else {
      Issue.record("refused")
      return
    }
    var caps = defaultCaps
    caps.expandedBytes = size
    #expect(try gunzip(bytes, caps: caps).code == nil)
    for (cap, before) in [(size - 1, 0), (1 << 20, 0), (size, 1), (size, UInt64.max)] as [(UInt64, UInt64)] {
      caps.expandedBytes = cap
      caps.expandedBefore = before
      let scratch = try makeScratch()
      let rejection = try #require(throws: Rejection.self) {
        try StreamExpander.expand(MappedBytes(bytes), by: .gzip, into: scratch, caps: caps)
      }
      #expect(rejection.code == .expandedTooLarge)
      #expect(rejection.limit == cap)
      #expect(try scratch.size() <= cap)
    }
  }

  @Test("C16 content goes where the caller says, and an impossible place is our failure")
  func scratchOffset() throws {
    let bytes = try Fixtures.bytes("accept/gzip/tabs.tsv.gz")
    var caps = defaultCaps
    caps.scratchOffset = 8_192
    #expect(try gunzip(bytes, caps: caps) == (try gunzip(bytes)))
    caps.scratchOffset = .max
    let hopeless = caps
    #expect(throws: SystemCallError.self) { try gunzip(bytes, caps: hopeless) }
  }
}
