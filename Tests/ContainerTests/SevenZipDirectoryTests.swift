// SPDX-License-Identifier: Apache-2.0

import Testing
import Validation

@testable import Readers

private let content = Array("a\n1\n".utf8)

@Suite("Directories of 7z archives")
struct SevenZipDirectoryTests {
  /// An archive of one file, or of empty ones, with a directory that is written byte by byte.
  private struct Builder {
    var packPosition: UInt8 = 0
    var coder: [UInt8] = [0x01, 0x00]
    var gap: [UInt8] = []
    var files = 1
    var names = ["a.csv"]
    /// How many contents share the one stream, where that is said.
    var contents: Int?

    private var substreams: [UInt8] { contents.map { [0x08, 0x0D] + number($0) + [0] } ?? [0x08, 0] }

    var directory: [UInt8] {
      let size = UInt8(content.count)
      var bytes: [UInt8] = [0x01, 0x04, 0x06, packPosition, 1, 0x09, size, 0, 0x07, 0x0B, 1, 0, 1]
      bytes += coder
      bytes += [0x0C, size, 0x0A, 1] as [UInt8]
      bytes += ZipBuilder.little(checksum(content))
      bytes += [0] + substreams + [0, 0x05] as [UInt8]
      bytes += number(files)
      var text: [UInt8] = [0]
      for name in names {
        for unit in name.utf16 { text += ZipBuilder.little(unit) }
        text += [0, 0] as [UInt8]
      }
      bytes += [0x11] as [UInt8]
      bytes += number(text.count)
      bytes += text
      bytes += [0, 0] as [UInt8]
      return bytes
    }

    var plain: [UInt8] { archive(content + gap, directory) }

    /// The same with its directory compressed, as 7-Zip writes it.
    func encoded(dictionary: UInt32 = 1 << 20, isOneStream: Bool = true) throws -> [UInt8] {
      let program = """
        import lzma, sys
        filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 20, "lc": 3, "lp": 0, "pb": 2}]
        sys.stdout.buffer.write(lzma.compress(sys.stdin.buffer.read(), lzma.FORMAT_RAW, filters=filters))
        """
      let packed = try Fixtures.python(["-c", program], input: directory)
      var record: [UInt8] = [0x17, 0x06]
      record += number(content.count + gap.count)
      record += [1, 0x09] as [UInt8]
      record += number(packed.count)
      record += [0, 0x07, 0x0B, 1, 0, 1, 0x23, 3, 1, 1, 5, 0x5D] as [UInt8]
      record += ZipBuilder.little(dictionary)
      record += [0x0C] as [UInt8]
      record += number(directory.count)
      record += [0x0A, 1] as [UInt8]
      record += ZipBuilder.little(checksum(directory))
      record += isOneStream ? [0, 0] : [0] + [0x08, 0x0D, 9, 0, 0] as [UInt8]
      return archive(content + gap + packed, record)
    }

    private func archive(_ packed: [UInt8], _ record: [UInt8]) -> [UInt8] {
      var place: [UInt8] = ZipBuilder.little(UInt64(packed.count))
      place += ZipBuilder.little(UInt64(record.count))
      place += ZipBuilder.little(checksum(record))
      var bytes: [UInt8] = [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4]
      bytes += ZipBuilder.little(checksum(place))
      return bytes + place + packed + record
    }

    /// The longest form of a number, which any has.
    private func number(_ value: Int) -> [UInt8] {
      let bytes: [UInt8] = ZipBuilder.little(UInt64(value))
      return [0xFF] + bytes
    }

    private func checksum(_ bytes: [UInt8]) -> UInt32 {
      var checksum = Checksum()
      checksum.add(bytes.span)
      return checksum.value
    }
  }

  @Test("A directory is read whether or not it is compressed")
  func sound() throws {
    #expect(try unpackSevenZip(Builder().plain) == .contents(["a.csv": content]))
    #expect(try unpackSevenZip(try Builder().encoded()) == .contents(["a.csv": content]))
  }

  @Test("C16 the number of files is capped before libarchive takes memory for them", arguments: [1_001, 90_000_000])
  func files(count: Int) throws {
    let builder = Builder(files: count)
    let expected = Outcome.refused(Rejection(.archiveTooManyEntries, limit: 1_000, actual: UInt64(count)))
    #expect(try unpackSevenZip(builder.plain) == expected)
    #expect(try unpackSevenZip(try builder.encoded()) == expected)
  }

  @Test(
    "C16 so is the number of contents that share a stream, by that of the files",
    arguments: [2, 200, 50_000, 90_000_000, 1 << 40])
  func contents(count: Int) throws {
    // A long name, so that the directory has room for what it counts.
    let name = String(repeating: "a", count: 8_000) + ".csv"
    for builder in [Builder(contents: count), Builder(names: [name], contents: count)] {
      #expect(try unpackSevenZip(builder.plain).code == .archiveMalformed)
      #expect(try unpackSevenZip(try builder.encoded()).code == .archiveMalformed)
    }
    #expect(try unpackSevenZip(Builder(contents: 1).plain) == .contents(["a.csv": content]))
    #expect(try unpackSevenZip(try Builder().encoded(isOneStream: false)).code == .archiveMalformed)
  }

  @Test("C16 a directory that unpacks to more than a mebibyte is refused")
  func longDirectory() throws {
    let builder = Builder(names: [String(repeating: "a", count: 1 << 19)])
    #expect(try unpackSevenZip(try builder.encoded()).code == .archiveMalformed)
    #expect(try unpackSevenZip(builder.plain).code == .archiveMalformed)
  }

  @Test(
    "C16 a dictionary past the cap is refused before it is taken",
    arguments: [
      [0x23, 3, 1, 1, 5, 0x5D, 0xFF, 0xFF, 0xFF, 0xFF], [0x23, 3, 1, 1, 5, 0x5D, 1, 0, 0, 8], [0x21, 0x21, 1, 40],
      [0x21, 0x21, 1, 31], [0x23, 3, 4, 1, 5, 6, 0, 0, 0, 0x80],
    ] as [[UInt8]])
  func dictionaries(coder: [UInt8]) throws {
    #expect(try unpackSevenZip(Builder(coder: coder).plain).code == .windowTooLarge)
    #expect(try unpackSevenZip(try Builder(coder: coder).encoded()).code == .windowTooLarge)
  }

  @Test("C16 so is one of the directory itself")
  func dictionaryOfDirectory() throws {
    #expect(try unpackSevenZip(try Builder().encoded(dictionary: .max)).code == .windowTooLarge)
  }

  @Test("C18 bytes that belong to no member are refused")
  func gaps() throws {
    for builder in [Builder(gap: [0]), Builder(packPosition: 1, gap: [0])] {
      #expect(try unpackSevenZip(builder.plain).code == .archiveMalformed)
      #expect(try unpackSevenZip(try builder.encoded()).code == .archiveMalformed)
    }
  }
}
