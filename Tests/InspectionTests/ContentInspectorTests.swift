// SPDX-License-Identifier: Apache-2.0

import Foundation
import Inspection
import Testing
import Validation

@Suite("Content inspection")
struct ContentInspectorTests {
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "samples")

  private static func files(_ folders: String...) -> [String] {
    folders.flatMap { folder in
      let names = try? FileManager.default.contentsOfDirectory(atPath: samples.appending(path: folder).path)
      return (names ?? []).filter { $0 != "expected.json" }.sorted().map { "\(folder)/\($0)" }
    }
  }

  private func witnesses(_ bytes: [UInt8]) throws -> ContentWitnesses {
    var inspector = try ContentInspector()
    return inspector.witnesses(count: bytes.count) { Array(bytes[$0]) }
  }

  private func verdict(_ path: String) throws -> Verdict {
    let bytes = Array(try Data(contentsOf: Self.samples.appending(path: path)))
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let claims = UploadClaims(extension: name.split(separator: ".").last.map { $0.lowercased() })
    return Policy().judge(claims, try witnesses(bytes))
  }

  @Test(
    "C3 C4 the policy refuses samples with their folder's code",
    arguments: files(
      "reject/content_refused", "reject/type_mismatch", "reject/format_unsupported"
    ).filter { !$0.hasSuffix(".tgz") })  // Of that only what it holds is no match.
  func refusedSamples(path: String) throws {
    let code = try verdict(path).code
    #expect(code.map { path.contains("/\($0.rawValue)/") } == true, "\(String(describing: code))")
  }

  /// Texts whose witness is not libmagic's.
  private static func isWide(_ path: String) -> Bool { path.contains("_without_mark") }

  @Test(
    "C3 wide characters without a mark are binary, where nothing else is known of them",
    arguments: files("accept/csv", "reject/empty").filter(isWide))
  func wideSamples(path: String) throws {
    #expect(try verdict(path).code == .contentRefused)
  }

  @Test("C2 the policy accepts samples of text", arguments: files("accept/csv", "accept/tsv").filter { !isWide($0) })
  func acceptedTexts(path: String) throws {
    #expect(try verdict(path) == .accepted(.csv))
  }

  @Test("C2 the policy accepts samples of containers", arguments: Format.allCases.filter { $0.container != nil })
  func acceptedContainers(format: Format) throws {
    let paths = Self.files("accept/\(format.rawValue)")
    #expect(!paths.isEmpty)
    for path in paths { #expect(try verdict(path) == .accepted(format), "\(path)") }
  }

  @Test(
    "Letters that other formats have too do not hide a table",
    arguments: [
      "ID;Preis\n1;2\n", "ID;Produkt;Peter\nP;1;2\nAB;1;2\n", "PAYS;PRIX\nFR;1\n", "PARTNER\tSPEC\nA\t1\n",
      "IN;SP\nx;1\n",
      "PAGE\nA\nB\n", "Article;Prix\nA;1\n", "Date: 2024-01-01\nFrom: 2023-01-01\n\nid;n\n1;2\n", "Path:;x\nid;n\n",
      "OTTO;1\nEVA;2\n", "[Header]\r\nVersion,4\r\n[Data]\r\nID,Name\r\nS1,a\r\n",
      "MOVI;x\n1;2\n", "SBI;x\n1;2\n",
      "id;text\n1;\"<a href='x'>y</a>\"\n", "id\ttext\n1\tx <title>y\n2\t<table>\n", "id|text\n\n1|<script>x\n",
    ])
  func openingWords(text: String) throws {
    #expect(try Policy().judge(UploadClaims(extension: "csv"), witnesses(Array(text.utf8))) == .accepted(.csv))
  }

  @Test(
    "C3 what has the form of those formats is refused under a table's name",
    arguments: [
      "ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;K5\nE\n", "IN;SP1;PA0,0;PD100,200;\n", "PA100,200;PD;\nPU;\n",
      "Return-Path: <a@x.example>\nDate: Mon, 1 Jan 2024\n\nHello\n",
      "Received: from x by y\r\nMessage-ID: <1@x>\r\n\r\nHello, you\r\n", "Article 12 of x.y:\n\nHello\n",
      "From: Ann <a@x.example>\nTo: Bob\nSubject: a;b\nDate: Mon, 1 Jan 2024\n\nc;d\n",
      "<a href=x>1;2</a>\n3;4\n", "Hello; you <script>x</script>\n", "a;b\n<script>x;y</script>\n",
      "Hello\nyou; <title>x\n", "[Version]\r\nSignature=x\r\n[A]\r\nb=c\r\n",
    ])
  func otherFormats(text: String) throws {
    #expect(
      try Policy().judge(UploadClaims(extension: "csv"), witnesses(Array(text.utf8))).code == .contentRefused)
  }

  @Test(
    "C3 C28 lines of ASCII with a few control characters go to the reader, which refuses them with their place",
    arguments: [
      ("a,b\n1,\u{0}\n3,4\n", true), ("a,b\r\n1,2\r\n\u{1A}", true), ("a,b\n1,2\u{7F}\n", true),
      ("a,b\u{0}1,2", false), ("a\n\u{0}\u{1}\u{2}\u{3}\n", false), ("\u{1}\u{2}\n", false),
    ])
  func strayControls(text: String, isText: Bool) throws {
    let verdict = try Policy().judge(UploadClaims(extension: "csv"), witnesses(Array(text.utf8)))
    #expect(isText ? verdict == .accepted(.csv) : verdict.code == .contentRefused)
  }

  @Test("C43 what is blank throughout is told as blank", arguments: files("reject/empty").filter { !isWide($0) })
  func blankSamples(path: String) throws {
    #expect(try path.hasSuffix(".gz") || verdict(path).code == .empty)
  }

  @Test(
    "C43 blanks hide nothing behind them", arguments: [0, 1, 511, 512, 1_020, 1_023, 1_024, 1_025, 70_000, 200_000])
  func hiddenBehindBlanks(count: Int) throws {
    let blanks = [UInt8](repeating: 0x0A, count: count)
    let table = try witnesses(blanks + Array("id,name\n1,a\n".utf8))
    #expect(!table.isBlank)
    #expect(table.signature == .none)
    #expect(table.magicType.description.hasPrefix("text/"))
    #expect(try witnesses(blanks + Array("<html><p>a,b\n".utf8)).signature == .html)
    #expect(try witnesses(blanks + Array("%PDF-1.4\n".utf8)).signature == .pdf)
    #expect(try witnesses(blanks).isBlank)
    #expect(try witnesses([0xEF, 0xBB, 0xBF] + blanks).isBlank)
    #expect(try !witnesses(blanks + [0x0C]).isBlank)
  }

  @Test("C43 a flood of newlines costs less than 10 ms of processor time")
  func newlineFlood() throws {
    var inspector = try ContentInspector()
    inspector.warm()
    let newlines = [UInt8](repeating: 0x0A, count: 64 << 10)
    for bytes in [newlines, newlines + Array("a,b\n".utf8), Array("a".utf8) + newlines] {
      var best = UInt64.max
      // Beside other tests each try costs more than the text alone does; the least of many comes close to that.
      for _ in 0..<60 {
        let start = processorTime()
        _ = inspector.witnesses(count: bytes.count) { Array(bytes[$0]) }
        best = min(best, processorTime() - start)
      }
      #expect(best < 10_000_000, "\(best) ns")
    }
  }

  /// Of this thread, in nanoseconds: other tests run beside this one.
  private func processorTime() -> UInt64 {
    var time = timespec()
    // SAFETY: the kernel fills the one structure that it is given.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  @Test("C43 only the start is asked for: 1 KiB of text, 64 KiB of zip")
  func boundedRequests() throws {
    var inspector = try ContentInspector()
    for (start, most) in [(Array("id,name\n".utf8), 1 << 10), ([0x50, 0x4B, 3, 4], 64 << 10)] {
      var furthest = 0
      _ = inspector.witnesses(count: 1 << 40) { range in
        furthest = max(furthest, range.upperBound)
        return range.map { $0 < start.count ? start[$0] : 0x61 }
      }
      #expect(furthest <= most)
    }
  }

  @Test("C43 the database is the system's, whatever $MAGIC says")
  func environment() throws {
    // SAFETY: a literal; nothing else reads this variable.
    unsafe setenv("MAGIC", "/dev/null", 1)
    #expect(try witnesses(Array("{\"id\": [1, 2]}\n".utf8)).magicType.description == "application/json")
  }

  @Test("A source that gives fewer bytes than it announced is no crash")
  func shrinkingSource() throws {
    var inspector = try ContentInspector()
    #expect(inspector.witnesses(count: 1 << 40) { _ in [] }.isBlank)
    #expect(inspector.witnesses(count: 0) { _ in [] }.isBlank)
  }
}
