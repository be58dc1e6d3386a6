// SPDX-License-Identifier: Apache-2.0

import Foundation
import Readers
import Testing
import Validation

@Suite("Tar archives")
struct TarTests {
  private static let program = """
    import io, json, sys, tarfile
    with tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read())) as archive:
        files = {entry.name: list(archive.extractfile(entry).read()) for entry in archive if entry.isfile()}
    json.dump(files, sys.stdout)
    """

  /// An archive of these entries by Python's tarfile: a name, and a content or what else it is.
  static func archive(_ entries: [(String, String)], format: String = "PAX_FORMAT") throws -> [UInt8] {
    let program = """
      import io, sys, tarfile
      data = sys.stdin.buffer.read().split(b"\\0")[:-1]
      kinds = {"link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "device": tarfile.CHRTYPE, "pipe": tarfile.FIFOTYPE}
      with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.\(format)) as archive:
          for name, content in zip(data[::2], data[1::2]):
              entry = tarfile.TarInfo(name.decode())
              if content.decode().startswith("!"):
                  entry.type, entry.linkname = kinds[content.decode()[1:]], "a.csv"
                  archive.addfile(entry)
              elif name.endswith(b"/"):
                  entry.type = tarfile.DIRTYPE
                  archive.addfile(entry)
              else:
                  entry.size = len(content)
                  archive.addfile(entry, io.BytesIO(content))
      """
    let input = entries.map { "\($0.0)\0\($0.1)\0" }.joined()
    return try Fixtures.python(["-c", program], input: Array(input.utf8))
  }

  @Test("C19 accepted samples hold what tarfile finds in them", arguments: Fixtures.names("accept/tar"))
  func acceptedSamples(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    let json = try Fixtures.python(["-c", Self.program], input: bytes)
    let expected = try JSONDecoder().decode([String: [UInt8]].self, from: Data(json))
    #expect(try untar(bytes) == .contents(expected))
  }

  @Test(
    "C20 samples are refused with their folder's code",
    arguments: ["archive_entry_refused", "archive_malformed", "trailing_data"]
      .flatMap { Fixtures.names("reject/\($0)") }.filter { $0.hasSuffix(".tar") })
  func refusedSamples(path: String) throws {
    let code = try untar(try Fixtures.bytes(path)).code
    #expect(path.contains("/\(code?.rawValue ?? "accepted")/"))
  }

  @Test(
    "C19 names that climb out or start at a root are refused in every spelling",
    arguments: [
      "../a.csv", "x/../a.csv", "x/..", "..", "/a.csv", "//a.csv", "\\a.csv", "..\\a.csv", "x\\..\\a.csv", "C:a.csv",
      "c:\\a.csv", "C:/a.csv", "./../a.csv", "x/./../../a.csv",
    ], ["PAX_FORMAT", "GNU_FORMAT", "USTAR_FORMAT"])
  func escapes(name: String, format: String) throws {
    let bytes = try Self.archive([("good.csv", "a\n1\n"), (name, "a\n1\n")], format: format)
    #expect(try untar(bytes).code == .archiveEntryRefused)
  }

  @Test("C20 links, devices and pipes are refused", arguments: ["!link", "!hard", "!device", "!pipe"])
  func kinds(kind: String) throws {
    #expect(try untar(try Self.archive([("a.csv", "x"), ("b.csv", kind)])).code == .archiveEntryRefused)
  }

  @Test("C18 two files of one name are refused, a folder that comes twice is not")
  func duplicates() throws {
    for other in ["a.csv", "./a.csv", "././a.csv"] {
      #expect(try untar(try Self.archive([("a.csv", "x"), (other, "y")])).code == .archiveMalformed)
    }
    let folders = try Self.archive([("d/", ""), ("d/a.csv", "x"), ("d/", ""), ("A.csv", "1"), ("a.csv", "2")])
    #expect(try untar(folders) == .contents(["d/a.csv": [0x78], "A.csv": [0x31], "a.csv": [0x32]]))
  }

  @Test("C16 the number of entries is capped, folders included")
  func entries() throws {
    let bytes = try Self.archive((0..<10).map { ("f\($0)/", "") } + [("a.csv", "x")])
    #expect(try untar(bytes, maximumEntries: 11).code == nil)
    #expect(
      try untar(bytes, maximumEntries: 10) == .refused(Rejection(.archiveTooManyEntries, limit: 10, actual: 11)))
  }

  @Test("C18 an archive cut off at any block is refused", arguments: Fixtures.names("accept/tar"))
  func truncation(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    let end = try #require(bytes.lastIndex { $0 != 0 })
    for length in stride(from: 1, through: end, by: 97) {
      #expect(try untar(Array(bytes.prefix(length))).code != nil, "\(length)")
    }
  }

  @Test("C18 a changed header byte never changes an entry silently", arguments: ["pax", "gnu_long_name", "ustar"])
  func mutation(name: String) throws {
    let bytes = try Fixtures.bytes("accept/tar/\(name).tar")
    let sound = try untar(bytes)
    for index in 0..<1_536 {
      var changed = bytes
      changed[index] ^= 0x11
      let outcome = try untar(changed)
      // Only contents have no checksum in a tar archive.
      guard case .contents(let found) = outcome, case .contents(let expected) = sound else { continue }
      #expect(Set(found.keys) == Set(expected.keys), "byte \(index)")
    }
  }

  @Test("C19 a name that is not UTF-8 is taken byte for byte")
  func oldNames() throws {
    let program = """
      import io, sys, tarfile
      with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.USTAR_FORMAT, encoding="latin-1") as archive:
          entry = tarfile.TarInfo("Größe.csv")
          entry.size = 1
          archive.addfile(entry, io.BytesIO(b"x"))
      """
    #expect(try untar(try Fixtures.python(["-c", program])) == .contents(["Größe.csv": [0x78]]))
  }
}
