// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Encodings, from outside")
struct EncodingTests {
  private struct Comparison: Decodable {
    let encodings: Int
    let failures: [String]
  }

  @Test("Every encoding is read in the sandbox as pyarrow and Python read it, and what stands for nothing is refused")
  func everyEncoding() async throws {
    let options = try await ConfinementLevel.options(for: "convert")
    let ended = try await run(
      [try Binaries.python(), "-B", Binaries.script("compare_encodings.py"), try Binaries.ingest()] + options,
      deadline: 240)
    let comparison = try #require(try? ended.json(Comparison.self), "\(ended.talk)")
    for failure in comparison.failures { Issue.record("\(failure)") }
    #expect(comparison.encodings >= 50 && ended.status == 0)
  }

  private static let windows1251: [UInt8] =
    Array("id,".utf8) + [0xE3, 0xEE, 0xF0, 0xEE, 0xE4] + Array("\n1,".utf8) + [0xCC, 0xEE, 0xF1, 0xEA, 0xE2, 0xE0]
    + Array("\n".utf8)

  @Test("An encoding that is stated is that of the report, part of the identity, and wrong usage where nobody knows it")
  func stated() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("cities.csv", Data(Self.windows1251)).path
    let sniffed = try (try await ingest("sniff", file, "--json", "--encoding", "CP1251")).object()
    #expect(sniffed["encoding"] as? String == "windows-1251")
    let converted = try await ingest("convert", file, "--to", "csv", "--encoding", "windows-1251")
    #expect(converted.text == "id,город\r\n1,Москва\r\n")
    var ids: Set<String> = []
    let ways = [[], ["--encoding", "cp1251"], ["--encoding", "Windows-1251"], ["--encoding", "koi8-r"]]
    for options in ways + [["--encoding-errors", "refuse"], ["--encoding-errors", "replace"]] {
      let ended = try await ingest(["batch", file, "--json", "--store", directory["store"].path] + options)
      ids.formUnion(try ended.batch().flatMap { $0.tables.map(\.id) })
    }
    #expect(ids.count == 4, "the default, two encodings, and replacing")
    for wrong in [["--encoding", "utf-7"], ["--encoding", "x"], ["--encoding-errors", "ignore"]] {
      #expect(try await ingest(["check", file] + wrong).status == 2, "\(wrong)")
    }
  }

  @Test("A form and a query state it too")
  func http() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let file = try directory.write("cities.csv", Data(Self.windows1251)).path
    let form = try await server.curl("/v1/uploads", "-F", "encoding=cp1251", "-F", "file=@\(file)")
    #expect(form.status == 201, "\(String(decoding: form.body, as: UTF8.self))")
    let table = try await server.curl("/v1/tables/cities.csv")
    #expect(String(decoding: table.body, as: UTF8.self) == "id,город\r\n1,Москва\r\n")
    let query = try await server.curl("/v1/uploads/x.csv?encoding=utf-8", "-T", file)
    #expect(query.status == 422)
    #expect(try query.code() == "invalid_encoding" && query.object()["byte_offset"] as? Int == 4)
    let replaced = try await server.curl("/v1/uploads/x.csv?encoding=utf-8&encoding_errors=replace", "-T", file)
    #expect(replaced.status == 201)
    #expect(String(decoding: replaced.body, as: UTF8.self).contains("replaced_bytes"))
    let wrong = try await server.curl("/v1/uploads/x.csv?encoding=utf-7", "-T", file)
    #expect(try wrong.code() == "invalid_request")
  }

  @Test("A mark that contradicts what is stated refuses the file, and says which is which")
  func mismatch() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/utf16be_with_mark.csv").path
    let answer = try (try await ingest("check", "--json", file, "--encoding", "utf-16le")).object()
    #expect(answer["code"] as? String == "encoding_mismatch")
    #expect((answer["detail"] as? String)?.contains("`utf-16be` is no utf-16le") == true)
    #expect(try await ingest("check", file, "--encoding", "utf-16").status == 0)
  }

  @Test("Wide characters without a mark are a witness of their own, and told in the report")
  func unmarked() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/utf16be_without_mark.csv").path
    let answer = try (try await ingest("check", "--json", file)).object()
    let witnesses = try #require(answer["witnesses"] as? [String: Any])
    #expect(witnesses["unmarked_encoding"] as? String == "utf-16be")
    #expect(witnesses["magic_type"] as? String == "application/octet-stream")
    let table = try #require((witnesses["tables"] as? [[String: Any]])?.first)
    #expect((table["dialect"] as? [String: Any])?["encoding"] as? String == "utf-16be")
    let notes = try #require(table["notes"] as? [[String: Any]])
    #expect(notes.contains { $0["kind"] as? String == "unmarked_encoding" })
    let text = try await ingest("check", "--explain", file).text
    #expect(text.contains("witness unmarked encoding: utf-16be"))
  }

  @Test("Wide characters within containers are found as well")
  func containers() async throws {
    let directory = try TemporaryDirectory()
    let plain = try Data(contentsOf: Binaries.samples.appending(path: "accept/csv/utf16le_without_mark.csv"))
    let file = try directory.write("wide.csv", plain)
    _ = try await run(["gzip", file.path])
    let converted = try await ingest("convert", file.path + ".gz", "--to", "csv")
    #expect(converted.text == "id,city,note\r\n1,Köln,\"a; b\"\r\n2,Zürich,x\r\n3,Łódź,“y”\r\n", "\(converted.talk)")
  }

  @Test("Words that were read as null are told with their counts")
  func nullWords() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("nulls.csv", "n,t\n1,a\nNA,b\n-,c\nNA,d\n").path
    let answer = try (try await ingest("check", "--json", file)).object()
    let table = try #require(((answer["witnesses"] as? [String: Any])?["tables"] as? [[String: Any]])?.first)
    let note = try #require((table["notes"] as? [[String: Any]])?.first { $0["kind"] as? String == "null_words" })
    let words = try #require(note["words"] as? [[String: Any]])
    #expect(words.map { $0["word"] as? String } == ["NA", "-"] && words.map { $0["count"] as? Int } == [2, 1])
    #expect(
      (note["message"] as? String)?.hasPrefix("3 words in `n` were read as null: `NA` 2, `-` 1; the first") == true)
  }
}
