// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WorkerProtocol

@Suite("Names of encodings")
struct TextEncodingTests {
  @Test("Every encoding is known by the name that reports give it, in any case", arguments: TextEncoding.allCases)
  func ownName(_ encoding: TextEncoding) {
    for name in [encoding.rawValue, encoding.rawValue.uppercased(), " \(encoding.rawValue)\n"] {
      #expect(TextEncoding(label: name) == encoding)
    }
  }

  static let labels: [(String, TextEncoding)] = [
    ("UTF8", .utf8), ("utf_8", .utf8), ("utf-8-sig", .utf8), ("cp65001", .utf8), ("UTF-16", .utf16), ("ucs-2", .utf16),
    ("utf16le", .utf16LittleEndian), ("UTF-16BE", .utf16BigEndian), ("unicodeFFFE", .utf16BigEndian),
    ("utf_32_le", .utf32LittleEndian), ("UCS-4", .utf32), ("cp1252", .windows1252), ("x-cp1251", .windows1251),
    ("win1250", .windows1250), ("1257", .windows1257), ("latin1", .iso8859Part1), ("ISO_8859-1:1987", .iso8859Part1),
    ("l1", .iso8859Part1), ("iso8859-15", .iso8859Part15), ("Latin-9", .iso8859Part15), ("csISOLatin2", .iso8859Part2),
    ("iso88591", .iso8859Part1), ("iso885911", .iso8859Part11), ("latin5", .iso8859Part9), ("TIS-620", .windows874),
    ("KOI8-R", .koi8R), ("koi", .koi8R), ("koi8-ru", .koi8U), ("cp437", .ibm437), ("IBM00858", .ibm858),
    ("850", .ibm850), ("csPC8CodePage437", .ibm437), ("dos-866", .ibm866), ("mac", .macRoman), ("MacRoman", .macRoman),
    ("x-mac-ukrainian", .macCyrillic), ("Shift-JIS", .shiftJIS), ("windows-31j", .shiftJIS), ("cp932", .shiftJIS),
    ("MS_Kanji", .shiftJIS), ("ujis", .eucJP), ("GB2312", .gbk), ("cp936", .gbk), ("gb_2312-80", .gbk),
    ("Big5-HKSCS", .big5HKSCS), ("cn-big5", .big5), ("ks_c_5601-1987", .eucKR), ("UHC", .eucKR),
    ("windows-949", .eucKR),
  ]

  @Test("They are known by the names of IANA, of browsers and of code pages", arguments: labels)
  func label(_ label: String, _ encoding: TextEncoding) {
    #expect(TextEncoding(label: label) == encoding)
  }

  @Test(
    "C29 UTF-7, escapes and what nobody knows are no encodings",
    arguments: [
      "utf-7", "UTF7", "csUTF7", "unicode-1-1-utf-7", "iso-2022-jp", "hz-gb-2312", "utf-ebcdic", "ibm037", "cp500", "",
      " ",
      "-", "utf-8\u{0}x", "ütf-8", "Kelvin-\u{212A}oi8-r", "iso-8859-12", "windows-1259", "99999999999999999999", "cp",
      String(repeating: "u", count: 65), "ascii-or-so",
    ])
  func unknown(_ label: String) {
    #expect(TextEncoding(label: label) == nil)
  }

  @Test("docs/encodings.md names every encoding, and every note about them")
  func documented() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/encodings.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let notes: [Note.Kind] = [.assumedEncoding, .unmarkedEncoding, .replacedBytes, .controlCharacters]
    for name in TextEncoding.allCases.map(\.rawValue) + notes.map(\.rawValue) { #expect(text.contains("`\(name)`")) }
  }
}
