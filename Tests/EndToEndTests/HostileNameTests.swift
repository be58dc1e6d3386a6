// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Hostile file names")
struct HostileNameTests {
  static let names = [
    "new\nline.csv", "escape\u{1B}[31mred.csv", "right\u{202E}vsc.to.left.csv", "zero\u{200B}width.csv",
    "carriage\rreturn.csv", "bell\u{7}.csv", "c1\u{9B}31m.csv", "line\u{2028}separator.csv", "tab\t.csv",
    "isolate\u{2066}x\u{2069}.csv",
  ]

  /// What no line of output may hold: controls, and what hides or reorders text on a screen.
  private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || scalar == "\t"
        || ![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
  }

  @Test("A name with invisible characters is refused, and escaped wherever it is shown (C6)", arguments: names)
  func escaped(_ name: String) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(name, "id\n1\n")
    let store = directory["store"].path
    let explained = try await ingest("check", "--explain", file.path)
    let json = try await ingest("check", "--json", file.path)
    let batch = try await ingest("batch", file.path, "--store", store)
    let batchJSON = try await ingest("batch", file.path, "--store", store, "--json")
    let convert = try await ingest("convert", file.path, "--to", "csv")
    for ended in [explained, json, batch, batchJSON, convert] {
      #expect(ended.status == 1)
      #expect(isHarmless(ended.text) && isHarmless(ended.talk))
    }
    #expect(try json.object()["code"] as? String == "name_invalid")
    // The escaped name is one line of its own: nothing of it can pass for another answer.
    #expect(batch.lines.count == 2 && explained.lines[0].hasSuffix(": refused: name_invalid"))
    let shown = try #require(json.object()["file"] as? String)
    #expect(isHarmless(shown) && shown.contains("\\u{"))
  }

  @Test("A missing file and a missing folder with a hostile name are escaped too (C6)", arguments: names.prefix(2))
  func missing(_ name: String) async throws {
    let directory = try TemporaryDirectory()
    for arguments in [
      ["check", name], ["convert", name, "--to", "csv"], ["batch", name, "--store", "s"],
      ["table", "show", name, "--store", name], ["convert", "-", "--to", "csv", "-o", "no/" + name],
      ["check", "a.csv", "--format", name], ["--" + name],
    ] {
      let ended = try await ingest(arguments, input: Data("id\n1\n".utf8), in: directory.url)
      #expect(ended.status == 2)
      #expect(isHarmless(ended.text) && isHarmless(ended.talk), "\(arguments[0]): \(ended.talk.debugDescription)")
    }
  }

  @Test("Hostile column names and cells are escaped in what people read, and verbatim in data (C44)")
  func columns() async throws {
    let directory = try TemporaryDirectory()
    let name = "a\u{202E}b"
    // One cell of many is no number, so a note quotes it.
    let rows = (0..<20).map { "z,\($0)\n" }.joined()
    let file = try directory.write("a.csv", "\(name),n\nx\u{2066}y,1\n\(rows)z,\u{202E}1\n")
    let store = directory["store"].path
    let batch = try await ingest("batch", file.path, "--store", store)
    let show = try await ingest("table", "show", "a", "--store", store)
    let head = try await ingest("table", "head", "a", "--store", store, "--rows", "30")
    let check = try await ingest("check", "--explain", file.path)
    for ended in [batch, show, head, check] {
      #expect(ended.status == 0)
      #expect(isHarmless(ended.text) && isHarmless(ended.talk), "\(ended.text.debugDescription)")
    }
    let export = try await ingest("table", "export", "a", "--to", "csv", "--store", store)
    #expect(export.text.hasPrefix("\(name),n\r\nx\u{2066}y,1\r\n"))
  }

  @Test("A name that is no UTF-8 is refused and shown without its bytes (C6)")
  func notUTF8() async throws {
    let directory = try TemporaryDirectory()
    let script = #"cd "$1"; n=$(printf 'caf\351.csv'); printf 'id\n1\n' > "$n"; "$0" check --json "$n"; echo $?"#
    let ended = try await run(["/bin/sh", "-c", script, try Binaries.ingest(), directory.url.path])
    #expect(ended.output.allSatisfy { $0 < 0x80 } || isHarmless(ended.text))
    // Arguments are texts, so such a file can be named by its folder only.
    #expect(["1", "2"].contains(ended.lines.last), "\(ended.text)\(ended.talk)")
    let store = try TemporaryDirectory()
    let batch = try await ingest("batch", directory.url.path, "--store", store["store"].path, "--json")
    #expect(batch.status == 1, "neither published nor refused: \(batch.text)\(batch.talk)")
  }

  @Test("A name of more than 255 bytes, from an archive too, is refused and no crash (C6, C19)")
  func long() async throws {
    let long = String(repeating: "x", count: 300) + ".csv"
    let ended = try await ingest("check", long)
    #expect([1, 2].contains(ended.status))
  }
}
