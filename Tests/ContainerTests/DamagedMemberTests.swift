// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Readers
import Testing
import Validation

@Suite("Damaged members")
struct DamagedMemberTests {
  /// What a walk finds that goes on behind members whose data are damaged.
  private enum Walk: Equatable {
    case contents([String: [UInt8]], damaged: Set<String>)
    case refused(Rejection.Code)
  }

  private static func walk<Archive: ArchiveExpander & ~Copyable>(_ open: () throws -> Archive) throws -> Walk {
    let scratch = try makeScratch()
    var caps = defaultCaps
    var (sound, damaged): ([String: [UInt8]], Set<String>) = ([:], [])
    do {
      var archive = try open()
      while let entry = try archive.next() {
        do {
          let content = try archive.content(in: scratch, caps: &caps)
          sound[entry.name] = (0..<content.count).map { content[$0] }
        } catch let rejection as Rejection where rejection.code == .compressedCorrupt {
          damaged.insert(entry.name)
        }
      }
      return .contents(sound, damaged: damaged)
    } catch let rejection as Rejection { return .refused(rejection.code) }
  }

  private static func walkZip(_ bytes: [UInt8]) throws -> Walk {
    let archive = MappedBytes(bytes)
    return try walk {
      try ZipExpander(archive, try ZipDirectory(of: archive, caps: defaultCaps, maximumEntries: 10))
    }
  }

  private static func walkSevenZip(_ bytes: [UInt8]) throws -> Walk {
    // SAFETY: a literal; no test reads the locale meanwhile.
    _ = unsafe setlocale(LC_ALL, "C.UTF-8")
    return try walk { try SevenZipExpander(MappedBytes(bytes), caps: defaultCaps, maximumEntries: 10) }
  }

  private static let rows = Array("id,name\n".utf8) + (0..<40).flatMap { Array("\($0),x\($0 * $0 % 97)\n".utf8) }
  private static let files = ["a.csv", "b.csv", "c.csv"].map { ($0, rows + Array($0.utf8)) }
  private static let others = Walk.contents(
    ["a.csv": rows + Array("a.csv".utf8), "c.csv": rows + Array("c.csv".utf8)], damaged: ["b.csv"])

  /// Three members by Python, and where the data of the second lie.
  private static func zip(deflated: Bool) throws -> (bytes: [UInt8], second: Range<Int>) {
    let program = """
      import base64, io, sys, zipfile
      buffer = io.BytesIO()
      method = zipfile.ZIP_DEFLATED if sys.argv[1] == "8" else zipfile.ZIP_STORED
      with zipfile.ZipFile(buffer, "w", method) as archive:
          for name in ("a.csv", "b.csv", "c.csv"):
              archive.writestr(zipfile.ZipInfo(name), sys.stdin.buffer.read(int(sys.argv[2])), method)
      sys.stdout.buffer.write(buffer.getvalue())
      """
    let length = files[0].1.count
    let bytes = try Fixtures.python(
      ["-c", program, deflated ? "8" : "0", "\(length)"], input: files.flatMap { $0.1 })
    let directory = try ZipDirectory(of: MappedBytes(bytes), caps: defaultCaps, maximumEntries: 10)
    let second = directory.entries[1]
    let start = Int(second.byteOffset) + 30 + second.name.utf8.count
    return (bytes, start..<start + Int(second.compressedBytes))
  }

  @Test("C18 a changed byte in one stored member leaves the others as they are")
  func stored() throws {
    let (bytes, second) = try Self.zip(deflated: false)
    for index in second {
      var changed = bytes
      changed[index] ^= 0x20
      #expect(try Self.walkZip(changed) == Self.others, "byte \(index)")
    }
  }

  @Test("C18 so does one in a deflated member, unless the member becomes longer than is stated")
  func deflated() throws {
    let (bytes, second) = try Self.zip(deflated: true)
    var refused = 0
    for index in second {
      for change in [0x01, 0x10, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] ^= change
        let found = try Self.walkZip(changed)
        if found == .refused(.archiveMalformed) { refused += 1 } else { #expect(found == Self.others, "byte \(index)") }
      }
    }
    #expect(refused < second.count)
  }

  @Test("C18 members that lie about their length are no damage, and refuse the archive")
  func lies() throws {
    let (bytes, second) = try Self.zip(deflated: true)
    let sound = try Self.walkZip(bytes)
    #expect(sound == .contents(Dictionary(uniqueKeysWithValues: Self.files), damaged: []))
    // Both headers state the expanded size: the second member's, a byte less or more.
    let size = ZipBuilder.little(UInt32(Self.rows.count + 5))
    let places = bytes.indices.dropLast(3).filter { Array(bytes[$0..<$0 + 4]) == size }
    let header = second.lowerBound - 30 - 5 + 22
    let central = try #require(places.filter { $0 > second.upperBound }.suffix(2).first)
    for (change, expected) in [(UInt8(0xFF), Walk.refused(.archiveMalformed)), (1, Self.others)] {
      var changed = bytes
      for place in [header, central] { changed[place] &+= change }
      #expect(try Self.walkZip(changed) == expected)
    }
  }

  @Test("C18 a wrong checksum of a 7z member leaves the others; data that cannot be decoded do not")
  func sevenZip() throws {
    let bytes = try SevenZipTests.archive(Self.files, ["-mx=0"])
    let length = Self.files[0].1.count
    for index in stride(from: 32 + length, to: 32 + 2 * length, by: 7) {
      var changed = bytes
      changed[index] ^= 0x20
      #expect(try Self.walkSevenZip(changed) == Self.others, "byte \(index)")
    }
    let packed = try SevenZipTests.archive(Self.files, ["-m0=lzma2"])
    for index in 32..<64 {
      var changed = packed
      changed[index] ^= 0x20
      switch try Self.walkSevenZip(changed) {
      case .refused(let code): #expect(code == .archiveMalformed)
      case .contents(let found, let damaged):
        #expect(!damaged.isEmpty && found.allSatisfy { name, content in Self.files.contains { $0 == (name, content) } })
      }
    }
  }
}
