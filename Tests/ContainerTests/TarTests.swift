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
    #expect(Fixtures.names("reject/archive_entry_refused").count(where: { $0.hasSuffix(".tar") }) >= 6)
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
    for names in [["d/a.csv", "d//a.csv"], ["d/a.csv", "d\\a.csv"], ["d/./a.csv", "d/a.csv"], ["a/b.csv", "a"]] {
      #expect(try untar(try Self.archive(names.map { ($0, "x") })).code == .archiveMalformed, "\(names)")
    }
    for other in ["a.csv", "./a.csv", "././a.csv", ".//a.csv", "a.csv/b.csv", "a.csv\\b.csv"] {
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

  @Test("C18 a changed header byte is always refused", arguments: ["pax", "gnu_long_name", "ustar", "before_posix"])
  func mutation(name: String) throws {
    let bytes = try Fixtures.bytes("accept/tar/\(name).tar")
    guard case .contents(let contents) = try untar(bytes) else {
      Issue.record("the sample is refused")
      return
    }
    #expect(!contents.isEmpty)
    for index in 0..<512 {
      var changed = bytes
      changed[index] ^= 0x11
      #expect(try untar(changed).code != nil, "byte \(index)")
    }
  }

  /// An archive of one file whose header states `size` octal digits, behind an extended header with these records.
  private static func archive(records: [(String, String)], kind: String, size: Int = 1) throws -> [UInt8] {
    let program = """
      import io, sys, tarfile
      kind, size, *records = sys.argv[1:]
      body = b""
      for key, value in zip(records[::2], records[1::2]):
          text = f" {key}={value}\\n".encode()
          length = next(n for n in range(len(text), len(text) + 8) if n == len(text) + len(str(n)))
          body += str(length).encode() + text
      out = sys.stdout.buffer
      header = tarfile.TarInfo("pax")
      header.type, header.size = kind.encode(), len(body)
      out.write(header.tobuf(tarfile.USTAR_FORMAT) + body + bytes(-len(body) % 512))
      file = tarfile.TarInfo("a.csv")
      file.size = int(size)
      out.write(file.tobuf(tarfile.USTAR_FORMAT) + b"x" + bytes(511) + bytes(1024))
      """
    return try Fixtures.python(["-c", program, kind, String(size)] + records.flatMap { [$0.0, $0.1] })
  }

  @Test("C18 an extended header may state the size that the block states, and no other")
  func contradictedSize() throws {
    #expect(try untar(try Self.archive(records: [("size", "1")], kind: "x")) == .contents(["a.csv": [0x78]]))
    for (stated, size) in [("0", 1), ("2", 1), ("512", 1), ("1", 0), ("1", 512)] {
      let bytes = try Self.archive(records: [("size", stated)], kind: "x", size: size)
      #expect(try untar(bytes).code == .archiveMalformed, "\(stated) beside \(size)")
    }
  }

  @Test("C20 a global header holds a comment, times and owners, and nothing that changes an entry")
  func globalHeader() throws {
    let harmless = [("comment", "6f1ed002"), ("mtime", "1.5"), ("uname", "us"), ("gid", "1000")]
    #expect(try untar(try Self.archive(records: harmless, kind: "g")) == .contents(["a.csv": [0x78]]))
    for key in ["path", "size", "linkpath", "hdrcharset", "SCHILY.xattr.user.x"] {
      #expect(try untar(try Self.archive(records: [(key, "1")], kind: "g")).code == .archiveMalformed, "\(key)")
    }
    for key in ["GNU.sparse.name", "GNU.sparse.map", "SCHILY.realsize", "SUN.holesdata"] {
      for kind in ["g", "x"] {
        #expect(try untar(try Self.archive(records: [(key, "1")], kind: kind)).code == .archiveEntryRefused, "\(key)")
      }
    }
  }

  @Test("C19 a name longer than any path is refused", arguments: ["PAX_FORMAT", "GNU_FORMAT"])
  func longNames(format: String) throws {
    let name = String(repeating: "a", count: 4_092) + ".csv"
    #expect(try untar(try Self.archive([(name, "x")], format: format)) == .contents([name: [0x78]]))
    for longer in ["a" + name, String(repeating: name, count: 100)] {
      #expect(try untar(try Self.archive([(longer, "x")], format: format)).code == .archiveMalformed)
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
