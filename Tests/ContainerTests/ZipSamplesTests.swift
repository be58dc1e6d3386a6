// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Readers
import Testing
import Validation

@Suite("Zip samples")
struct ZipSamplesTests {
  /// Prints each file's name, size and bytes, by Python's own reader.
  private static let listing = """
    import io, struct, sys, zipfile
    with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                name, data = info.filename.encode(), archive.read(info)
                sys.stdout.buffer.write(struct.pack("<II", len(name), len(data)) + name + data)
    """

  private static func pythonContents(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
    var listed = try Fixtures.python(["-c", listing], input: bytes)[...]
    var contents: [String: [UInt8]] = [:]
    while listed.count >= 8 {
      let numbers = listed.prefix(8).map(Int.init)
      let nameLength = numbers[0] | numbers[1] << 8 | numbers[2] << 16
      let length = numbers[4] | numbers[5] << 8 | numbers[6] << 16
      listed = listed.dropFirst(8)
      contents[String(decoding: listed.prefix(nameLength), as: UTF8.self)] = Array(
        listed.dropFirst(nameLength).prefix(length))
      listed = listed.dropFirst(nameLength + length)
    }
    return contents
  }

  @Test(
    "C18 accepted archives hold what Python finds in them",
    arguments: Fixtures.names("accept/zip").filter { !$0.contains("damaged_") && !$0.contains("undecodable_") })
  func acceptedSamples(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    #expect(try unzip(bytes) == .contents(try Self.pythonContents(bytes)))
  }

  @Test("C16 as many members as are allowed pass")
  func thousandMembers() throws {
    let bytes = try Fixtures.generatedBytes("accept/zip/1000_members.zip")
    #expect(try unzip(bytes) == .contents(try Self.pythonContents(bytes)))
    let rejection = Rejection(.archiveTooManyEntries, limit: 999, actual: 1_000)
    #expect(try unzip(bytes, maximumEntries: 999) == .refused(rejection))
  }

  @Test(
    "C17 C18 C20 archives are refused with their folder's code",
    arguments: ["archive_malformed", "archive_encrypted", "archive_entry_refused"].flatMap {
      Fixtures.names("reject/\($0)").filter { $0.hasSuffix(".zip") && !$0.contains("only_member_damaged") }
    })
  func refusedSamples(path: String) throws {
    let code = try unzip(try Fixtures.bytes(path)).code
    #expect(code.map { path.contains("/\($0.rawValue)/") } == true, "\(String(describing: code))")
  }

  @Test(
    "C18 archives that only lack a table pass the container's checks",
    arguments: Fixtures.names("reject/archive_no_table").filter { $0.hasSuffix(".zip") } + [
      "reject/archive_nesting/zip_in_zip.zip"
    ])
  func soundArchives(path: String) throws {
    #expect(try unzip(try Fixtures.bytes(path)).code == nil)
  }

  @Test(
    "C16 generated archives are refused by their directory alone",
    arguments: ["compression_ratio/zip_bomb.zip", "archive_too_many_entries/1001_members.zip"])
  func generatedSamples(path: String) throws {
    let archive = MappedBytes(try Fixtures.generatedBytes("reject/\(path)"))
    let rejection = try #require(throws: Rejection.self) {
      try ZipDirectory(of: archive, caps: defaultCaps, maximumEntries: 1_000)
    }
    #expect(path.hasPrefix(rejection.code.rawValue))
  }

  @Test("C16 a member stops at the caps while it is inflated, having written no more")
  func bombWhileInflating() throws {
    let archive = MappedBytes(try Fixtures.generatedBytes("reject/compression_ratio/zip_bomb.zip"))
    let wide = ExpansionCaps(expandedBytes: .max, compressionRatio: .max, ratioFloor: .max)
    let directory = try ZipDirectory(of: archive, caps: wide, maximumEntries: 1)
    var small = wide
    small.expandedBytes = 1 << 20
    for (caps, code, most) in [
      (defaultCaps, Rejection.Code.compressionRatio, 200 * UInt64(archive.count)), (small, .expandedTooLarge, 1 << 20),
    ] {
      let scratch = try makeScratch()
      var expander = try ZipExpander(archive, directory)
      _ = try expander.next()
      do {
        _ = try expander.expandCurrent(into: scratch, caps: caps)
        Issue.record("expanded")
      } catch let rejection as Rejection {
        #expect(rejection.code == code)
      }
      #expect(try scratch.size() <= most)
    }
  }

  @Test(
    "C18 a changed byte never changes a member silently",
    arguments: ["data_descriptor", "non_ascii_member_name", "stored_member", "two_dialects"])
  func mutation(name: String) throws {
    let bytes = try Fixtures.bytes("accept/zip/\(name).zip")
    guard case .contents(let sound) = try unzip(bytes) else {
      Issue.record("refused")
      return
    }
    for index in bytes.indices {
      for change in [0x01, 0x08, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] ^= change
        let outcome = try unzip(changed)
        guard case .contents(let found) = outcome else { continue }
        // Labels may differ, where both headers leave it to one flag how a name is spelled.
        #expect(Set(found.values) == Set(sound.values), "byte \(index) changed by \(change)")
      }
    }
  }

  @Test("C18 an archive cut off at any byte is refused, also from the front", arguments: Fixtures.names("accept/zip"))
  func truncation(path: String) throws {
    let bytes = try Fixtures.bytes(path)
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 400)) {
      #expect(try unzip(Array(bytes.prefix(length))).code == .archiveMalformed)
      if length > 0 { #expect(try unzip(Array(bytes.dropFirst(length))).code == .archiveMalformed) }
    }
  }
}
