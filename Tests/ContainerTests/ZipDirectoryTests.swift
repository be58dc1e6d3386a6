// SPDX-License-Identifier: Apache-2.0

import Readers
import Testing
import Validation

@Suite("Zip directory")
struct ZipDirectoryTests {
  private typealias Member = ZipBuilder.Member

  private func code(_ members: [Member], comment: [UInt8] = []) throws -> Rejection.Code? {
    try unzip(ZipBuilder(members: members, comment: comment).bytes).code
  }

  private func member(_ name: String = "a.csv", _ change: (inout Member) -> Void) -> Member {
    var member = Member(name)
    change(&member)
    return member
  }

  @Test("C18 the plain archive passes")
  func plain() throws {
    let content = Array("a,b\n1,2\n".utf8)
    #expect(try unzip(ZipBuilder(members: [Member("a.csv")]).bytes) == .contents(["a.csv": content]))
  }

  @Test("C18 a comment passes if it reaches the end and holds no second end record")
  func comments() throws {
    #expect(try code([Member("a.csv")], comment: Array("made by hand".utf8)) == nil)
    #expect(try code([Member("a.csv")], comment: Array("PK".utf8) + [5, 6]) == .archiveMalformed)
    #expect(try code([Member("a.csv")], comment: ZipBuilder(members: []).bytes) == .archiveMalformed)
    #expect(try code([Member("a.csv")], comment: [UInt8](repeating: 0x20, count: 9_000)) == .archiveMalformed)
  }

  @Test("C18 an end record inside of a member whose comment swallows the rest is refused")
  func swallowingComment() throws {
    let tail = ZipBuilder(members: [Member("a.csv")]).bytes.count - 30 - 5 - 8
    var end = ZipBuilder(members: []).bytes.dropLast(2)
    end += ZipBuilder.little(UInt16(tail))
    #expect(try code([member { $0.content = Array(end) }]) == .archiveMalformed)
  }

  @Test("C18 bytes before, between and behind members are refused")
  func gaps() throws {
    let sound = ZipBuilder(members: [Member("a.csv"), Member("b.csv")]).bytes
    #expect(try unzip([0] + sound).code == .archiveMalformed)
    #expect(try unzip(sound + [0]).code == .archiveMalformed)
    for bytes in [[0], [UInt8](repeating: 0, count: 16), sound] {
      #expect(try code([member { $0.gap = bytes }, Member("b.csv")]) == .archiveMalformed)
      #expect(try code([Member("b.csv"), member { $0.gap = bytes }]) == .archiveMalformed)
    }
  }

  @Test("C18 data descriptors pass in all four forms, and only with the right values")
  func descriptors() throws {
    let plain = Member("a.csv")
    let size = UInt32(plain.content.count)
    let short = ZipBuilder.little(plain.crc32) + ZipBuilder.little(size) + ZipBuilder.little(size)
    let long = ZipBuilder.little(plain.crc32) + ZipBuilder.little(UInt64(size)) + ZipBuilder.little(UInt64(size))
    let mark: [UInt8] = [0x50, 0x4B, 7, 8]
    for bytes in [mark + short, mark + long, short, long] {
      for index in bytes.indices {
        var wrong = bytes
        wrong[index] ^= 1
        let refused = member { ($0.flags, $0.descriptor) = (8, wrong) }
        #expect(try code([refused, Member("b.csv")]) == .archiveMalformed)
      }
      let late = member { ($0.flags, $0.descriptor) = (8, bytes) }
      let archive = MappedBytes(ZipBuilder(members: [late, Member("b.csv")]).bytes)
      #expect(try ZipDirectory(of: archive, caps: defaultCaps, maximumEntries: 2).entries.count == 2)
      #expect(try code([member { $0.descriptor = bytes }]) == .archiveMalformed)
    }
    #expect(try code([member { ($0.flags, $0.descriptor) = (8, mark + short) }, Member("b.csv")]) == nil)
  }

  @Test("C18 two entries of one name are refused, two that differ in case pass")
  func duplicates() throws {
    #expect(try code([Member("a.csv"), Member("a.csv")]) == .archiveMalformed)
    #expect(try code([Member("caf\u{E9}.csv"), Member("cafe\u{301}.csv")]) == .archiveMalformed)
    #expect(try code([Member("d"), member("d/") { $0.content = [] }]) == .archiveMalformed)
    #expect(try code([Member("a.csv"), Member("A.csv")]) == nil)
    for other in ["d//b.csv", "d/./b.csv", "d\\b.csv", "./d/b.csv", "d", "d/b.csv/c.csv"] {
      #expect(try code([Member("d/b.csv"), Member("d-b.csv"), Member(other)]) == .archiveMalformed, "\(other)")
      #expect(try code([Member(other), Member("d.csv"), Member("d/b.csv")]) == .archiveMalformed, "\(other)")
    }
    #expect(try code([member("d/") { $0.content = [] }, Member("d/b.csv"), Member("d.csv"), Member("d/b")]) == nil)
  }

  @Test(
    "C19 names that could leave a folder are refused",
    arguments: [
      "../a.csv", "d/../../a.csv", "d\\..\\a.csv", "/etc/a.csv", "\\\\host\\a.csv", "C:\\a.csv", "c:a.csv", "..",
      "d/..",
    ])
  func climbingNames(name: String) throws {
    #expect(try code([Member(name)]) == .archiveEntryRefused)
  }

  @Test(
    "C19 names that only look odd are labels",
    arguments: ["..a.csv", "a..csv", "./a.csv", "d//a.csv", "d\\a.csv", "ab:c.csv", "\u{202E}vsc.csv", "a\nb.csv", " "])
  func oddNames(name: String) throws {
    #expect(try unzip(ZipBuilder(members: [Member(name)]).bytes) == .contents([name: Member(name).content]))
  }

  @Test("C18 names are UTF-8, or else code page 437")
  func encodings() throws {
    #expect(try code([Member("")]) == .archiveMalformed)
    #expect(try code([Member("a\0.csv")]) == .archiveMalformed)
    var member = Member(bytes: [0x81, 0x62, 0x65, 0x72, 0xE1])
    #expect(try unzip(ZipBuilder(members: [member]).bytes) == .contents(["überß": member.content]))
    member.flags = 1 << 11
    #expect(try code([member]) == .archiveMalformed)
    let unmarked = Member("Größe.csv")
    #expect(try unzip(ZipBuilder(members: [unmarked]).bytes) == .contents(["Größe.csv": unmarked.content]))
  }

  @Test(
    "C20 what is neither file nor folder is refused, whatever system it claims to come from",
    arguments: [0o120_777, 0o010_600, 0o020_600, 0o060_600, 0o140_600, 0o110_000] as [UInt32])
  func kinds(mode: UInt32) throws {
    #expect(try code([member { $0.externalAttributes = mode << 16 }]) == .archiveEntryRefused)
  }

  @Test("C18 folders have no content, and desktop files are told apart")
  func folders() throws {
    #expect(try code([Member("d/")]) == .archiveMalformed)
    let names = ["d/", "__MACOSX/._a.csv", ".DS_Store", "d/Thumbs.db", "a.csv", "MACOSX/a.csv"]
    let members = names.map { name in member(name) { if name.hasSuffix("/") { $0.content = [] } } }
    let archive = MappedBytes(ZipBuilder(members: members).bytes)
    let entries = try ZipDirectory(of: archive, caps: defaultCaps, maximumEntries: 6).entries
    #expect(entries.map(\.isIgnored) == [true, true, true, true, false, false])
  }

  @Test("C18 other methods and encryption are refused", arguments: [1, 9, 12, 14, 93, 95, 97] as [UInt16])
  func methods(method: UInt16) throws {
    #expect(try code([member { $0.method = method }]) == .archiveMalformed)
    #expect(try code([member { $0.flags = 1 }]) == .archiveEncrypted)
    #expect(try code([member { $0.flags = 1 << 6 }]) == .archiveEncrypted)
    #expect(try code([member { $0.flags = 1 << 13 }]) == .archiveEncrypted)
    #expect(try code([member { $0.method = 99 }]) == .archiveEncrypted)
  }

  @Test("C18 extra fields must fill their place, and zip64 fields must be asked for")
  func extraFields() throws {
    for extra in [[1], [0xFE, 0xCA, 1, 0], [1, 0, 8, 0] + ZipBuilder.little(UInt64(8))] as [[UInt8]] {
      #expect(try code([member { $0.centralExtra = extra }]) == .archiveMalformed)
    }
    #expect(try code([member { $0.localExtra = [0xFE, 0xCA, 0, 0] }]) == nil)
  }

  @Test("C16 C18 declared sizes near 2^64 are refused without a trap")
  func hugeSizes() throws {
    let size = ZipBuilder.little(UInt64.max)
    let extra = [1, 0, 8, 0] + size
    let huge = member {
      ($0.method, $0.declaredExpanded) = (8, UInt32.max)
      ($0.localExtra, $0.centralExtra) = (extra, extra)
    }
    #expect(try code([huge]) == .expandedTooLarge)
    var second = huge
    second.name = Array("b.csv".utf8)
    #expect(try code([huge, second]) == .expandedTooLarge)
  }

  @Test("C18 a second name must be the same in both headers")
  func unicodePath() throws {
    var name = Member(bytes: [0x81])
    name.content = [0x81]
    let path = [1] + ZipBuilder.little(name.crc32) + Array("ü.csv".utf8)
    let extra = [0x75, 0x70] + ZipBuilder.little(UInt16(path.count)) + path
    #expect(try code([member { ($0.name, $0.centralExtra) = ([0x81], extra) }]) == .archiveMalformed)
    let both = member { ($0.name, $0.centralExtra, $0.localExtra) = ([0x81], extra, extra) }
    #expect(try unzip(ZipBuilder(members: [both]).bytes) == .contents(["ü.csv": both.content]))
  }

  @Test("C18 zip64 sizes pass where both headers ask for them and say the same")
  func wideSizes() throws {
    let size = UInt64(Member("a.csv").content.count)
    let extra: (UInt64) -> [UInt8] = { [1, 0, 8, 0] + ZipBuilder.little($0) }
    let wide: (UInt64, UInt64) -> Member = { local, central in
      member {
        $0.declaredExpanded = .max
        ($0.localExtra, $0.centralExtra) = (extra(local), extra(central))
      }
    }
    #expect(try code([wide(size, size), Member("b.csv")]) == nil)
    #expect(try code([wide(size + 1, size)]) == .archiveMalformed)
    #expect(try code([wide(size, size + 1)]) == .archiveMalformed)
    #expect(try code([member { $0.declaredExpanded = .max }]) == .archiveMalformed)
  }

  @Test("C18 a zip64 end record must agree with the plain one, byte for byte of its fields")
  func wideEndRecord() throws {
    let plain = ZipBuilder(members: [Member("a.csv")])
    let (start, size) = (UInt64(30 + 5 + 8), UInt64(46 + 5))
    let numbers = [1, 1, size, start].flatMap { ZipBuilder.little($0) }
    let record: [UInt8] =
      [0x50, 0x4B, 6, 6] + ZipBuilder.little(UInt64(44)) + [45, 3, 45, 0] + [UInt8](repeating: 0, count: 8) + numbers
    let locator: [UInt8] =
      [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + ZipBuilder.little(start + size) + ZipBuilder.little(UInt32(1))
    let body = Array(plain.bytes.dropLast(22))
    let ends = [plain.end(1, UInt32(size), UInt32(start)), plain.end(.max, .max, .max)]
    for end in ends {
      #expect(try unzip(body + record + locator + end).code == nil)
      for index in Array(0..<12) + Array(16..<record.count) {
        // Bytes 12 to 15 are versions.
        var wrong = record
        wrong[index] ^= 1
        let code = try unzip(body + wrong + locator + end).code
        #expect(code == .archiveMalformed || code == .archiveTooManyEntries, "byte \(index)")
      }
      for index in 0..<16 {
        var wrong = locator
        wrong[index] ^= 1
        #expect(try unzip(body + record + wrong + end).code == .archiveMalformed, "byte \(index)")
      }
    }
  }
}
