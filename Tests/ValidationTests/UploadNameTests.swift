// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import Validation

@Suite("Upload names")
struct UploadNameTests {
  private func check(_ name: String) -> Result<UploadName, Rejection> {
    UploadName.check(name.utf8, limits: Limits())
  }

  private func code(_ result: Result<UploadName, Rejection>) -> Rejection.Code? {
    switch result {
    case .success: nil
    case .failure(let rejection): rejection.code
    }
  }

  @Test(
    "An ordinary name is shown as it is, and its extension is folded",
    arguments: [
      ("sales.csv", "sales.csv", "csv"), ("A.CSV", "A.CSV", "csv"), ("Umsätze 2024.Csv", "Umsätze 2024.Csv", "csv"),
      ("日本.tsv", "日本.tsv", "tsv"), ("a.b.c.txt", "a.b.c.txt", "txt"), ("/tmp/upload/a.csv", "a.csv", "csv"),
      ("C:\\fakepath\\a.csv", "a.csv", "csv"), ("a%20b.csv", "a%20b.csv", "csv"), ("100%.csv", "100%.csv", "csv"),
      ("a%.csv", "a%.csv", "csv"), ("a.c%73v", "a.c%73v", "csv"), ("dir/../a.csv", "a.csv", "csv"),
      ("a.csv.gz", "a.csv.gz", "gz"), ("🌡.csv", "🌡.csv", "csv"), ("%2e%2e%2fa.csv", "%2e%2e%2fa.csv", "csv"),
    ])
  func ordinary(name: String, display: String, expected: String) throws {
    let checked = try check(name).get()
    #expect(checked.display == display)
    #expect(checked.extension == expected)
  }

  @Test("A name without a dot claims no extension", arguments: ["README", "data", "日本", "a%2Fb", "dir.d/file"])
  func noExtension(name: String) throws {
    #expect(try check(name).get().extension == nil)
  }

  /// Names that no upload may have.
  static let invalid: [String] = [
    "", ".", "..", "/", "a/", "a/..", "\\", "a\\.", "a.csv/", "../..", "a\0.csv", "\0", "a.csv\r\nX: y", "a\n.csv",
    "\u{1B}[31mred.csv", "a\u{7F}.csv", "a\u{85}.csv", "a\u{9B}31m.csv", "invoice\u{202E}vsc.exe",
    "a\u{2066}b\u{2069}.csv",
    "a\u{200B}.csv", "a\u{200D}.csv", "\u{FEFF}a.csv", "a\u{AD}.csv", "a\u{2028}.csv", "a\u{2029}.csv", "a\u{61C}.csv",
    "a\u{E0041}.csv", "a\u{FFFE}.csv", "a\u{378}.csv", "a.php%00.csv", "a%0d%0a.csv", "a%1B.csv", "a%7F.csv",
    "a%E2%80%AE.csv", "a%FF.csv", "a%C0%AF.csv", "a.php%2F", "a.php%2f.", "a.php%5C", "%2e", "%2E%2E", "a%2F..",
    "a.csv%2F", "x\t.csv", "\u{1}", "a\u{180E}.csv", "a\u{2060}.csv",
  ]

  @Test("C6 Controls, invisible characters and empty names are refused", arguments: invalid)
  func hostile(name: String) {
    #expect(code(check(name)) == .nameInvalid)
  }

  @Test(
    "C6 Bytes that are no UTF-8 are refused",
    arguments: [
      [0xFF], [0x61, 0xC3], [0xC0, 0xAE, 0xC0, 0xAE], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80, 0x2E],
    ] as [[UInt8]])
  func invalidBytes(bytes: [UInt8]) {
    #expect(code(UploadName.check(bytes, limits: Limits())) == .nameInvalid)
  }

  /// Names whose last extension, after one percent-decode, no table has.
  static let foreign: [String] = [
    "a.csv.php", ".htaccess", "a.csv%2ephp", "a.csv%2Fb.php", "a.csv%5Cb.exe", "a.csv.", "a.csv ", "a.csv%20", "a.php5",
    "a.csv::$DATA", "a.csv;.jsp", "a.c\u{F6}v", "a.csv.\u{301}php", "a.\u{301}csv", "a.ＣＳＶ", "..csv%2E",
    "a.cs%76%2E%70hp",
    "con.csv.lnk", "a.csv%2e", "a.xlsx.exe", "a.csv#.html", "a.csv?x=.svg", "a.%63%73%76%33", "a.csv%2500.jpg",
  ]

  @Test("C1 An extension that is on no list is refused after one percent-decode", arguments: foreign)
  func foreignExtension(name: String) throws {
    let checked = try check(name).get()
    let claims = UploadClaims(extension: checked.extension)
    #expect(checked.extension != nil)
    #expect(Policy().judge(claims)?.code == .extensionRefused)
  }

  @Test("C1 Every documented extension is taken in any case", arguments: Family.allCases)
  func knownExtensions(family: Family) throws {
    for name in family.extensions {
      for spelling in [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()] {
        let found = try check("data." + spelling).get().extension
        #expect(found == name)
        #expect(found.flatMap(Family.init(extension:)) == family)
      }
    }
  }

  @Test("A separator stays one whatever follows it", arguments: ["../\u{301}etc", "a\\\u{20E3}b.csv", "/\u{308}"])
  func combiningMarks(name: String) throws {
    let display = try check(name).get().display
    #expect(!display.unicodeScalars.contains { $0 == "/" || $0 == "\\" })
  }

  @Test(
    "C6 A name has at most 255 bytes",
    arguments: [
      ("a", 251, true), ("a", 252, false), ("é", 125, true),
      ("é", 126, false),
    ])
  func longest(letter: String, count: Int, passes: Bool) {
    let result = check(String(repeating: letter, count: count) + ".csv")
    #expect(code(result) == (passes ? nil : .nameTooLong))
    if case .failure(let rejection) = result {
      #expect(rejection.limit == 255)
      #expect(rejection.actual == UInt64(letter.utf8.count * count + 4))
    }
  }

  @Test(
    "A compressed file's content is called by the rest of the name",
    arguments: [
      ("sales.csv.gz", "sales.csv", "csv"), ("sales.CSV.GZ", "sales.CSV", "csv"), ("sales.gz", "sales", nil),
      ("a.php.gz", "a.php", "php"), (".gz", ".gz", nil),
    ] as [(String, String, String?)])
  func inner(name: String, display: String, expected: String?) throws {
    let inner = try check(name).get().inner
    #expect(inner.display == display)
    #expect(inner.extension == expected)
  }

  @Test(
    "C6 A name is shown without what hides or reorders it",
    arguments: [
      ("plain é 日本", "plain é 日本"), ("a\u{202E}b", "a\\u{202e}b"), ("a\r\nb", "a\\u{d}\\u{a}b"),
      ("\u{1B}[2J", "\\u{1b}[2J"), ("", ""), ("\0", "\\u{0}"),
    ])
  func escaped(text: String, shown: String) {
    #expect(text.escapedForDisplay == shown)
  }

  @Test("C48 No bytes of a name trap")
  func fuzzed() {
    var generator = SeededGenerator(seed: 6)
    let alphabet = Array("%2eE0fF/\\.cCsSvV\0\u{301}é".utf8) + [0xFF, 0x80, 0xC3]
    for _ in 0..<5_000 {
      let bytes =
        (0..<Int.random(
          in: 0...12,
          using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
      guard case .success(let name) = UploadName.check(bytes, limits: Limits()) else { continue }
      #expect(!name.display.utf8.contains { $0 == 0x2F || $0 == 0x5C || $0 == 0 })
      #expect(!name.inner.display.isEmpty)
    }
  }
}
