// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Documentation")
struct DocumentationTests {
  private func text(_ path: String) throws -> String {
    let file = Binaries.root.appending(path: path)
    try #require(FileManager.default.fileExists(atPath: file.path), "\(path) is missing")
    return try String(contentsOf: file, encoding: .utf8)
  }

  /// The raw values of an enumeration, from its source: what stands between quotes, or the case's own name.
  private func codes(of source: String, after start: String) throws -> Set<String> {
    let source = try text(source)
    let body = try #require(source.range(of: start)).upperBound
    return Set(
      source[body...].prefix { $0 != "}" }.split(separator: "\n").compactMap { line -> String? in
        let words = line.split { $0 == " " || $0 == "\"" }
        return words.first == "case" ? words.last.map(String.init) : nil
      })
  }

  private func rejectionCodes() throws -> Set<String> {
    try codes(of: "Sources/Validation/Rejection.swift", after: "enum Code")
  }

  /// The rows of the table under a heading, as their cells.
  private func rows(of page: String, under heading: String) throws -> [[String]] {
    let page = try text(page)
    let start = try #require(page.range(of: "\n## \(heading)\n"), "no section \(heading)").upperBound
    let section = page[start...].split(separator: "\n").prefix { !$0.hasPrefix("## ") }
    return section.filter { $0.hasPrefix("| `") }.map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
    }
  }

  @Test("docs/error-codes.md lists exactly the codes of refused files")
  func errorCodes() throws {
    let codes = try rejectionCodes()
    #expect(codes.count > 30 && codes.isSuperset(of: ["worker_lied", "empty", "name_invalid"]))
    let documented = try rows(of: "docs/error-codes.md", under: "Refused files").map { $0[0] }
    #expect(Set(documented).subtracting(codes) == [], "documented, but no such code")
    #expect(codes.subtracting(documented) == [], "not documented")
    #expect(documented.count == codes.count, "documented twice")
  }

  @Test("docs/error-codes.md lists exactly the codes of refused requests")
  func requestCodes() throws {
    let codes = try codes(of: "Sources/Service/RequestProblem.swift", after: "enum Code")
    #expect(codes.count > 15)
    let documented = try rows(of: "docs/error-codes.md", under: "Refused requests").map { $0[0] }
    #expect(Set(documented) == codes && documented.count == codes.count)
  }

  @Test("docs/error-codes.md lists exactly the codes of rejected records, docs/rejects.md exactly their columns")
  func rejectCodes() throws {
    let codes = try codes(of: "Sources/Validation/RejectCode.swift", after: "enum RejectCode")
    #expect(codes.count == 12)
    let documented = try rows(of: "docs/error-codes.md", under: "Rejected records").map { $0[0] }
    #expect(Set(documented) == codes && documented.count == codes.count)
    let columns = try rows(of: "docs/rejects.md", under: "The table of rejects").map { $0[0] }
    #expect(
      columns == ["line", "byte_offset", "column", "column_name", "code", "text", "violations", "record"])
  }

  @Test("docs/store.md lists exactly what a check of a store finds")
  func findings() throws {
    let codes = try codes(of: "Sources/IngestPipeline/StoreCheckReport.swift", after: "enum Code")
    #expect(codes.count == 7)
    let documented = try rows(of: "docs/store.md", under: "`ingest store check`").map { $0[0] }
    #expect(Set(documented) == codes && documented.count == codes.count)
  }

  @Test("Every code has a sample: in the tree, generated, or made by a test")
  func samples() throws {
    for row in try rows(of: "docs/error-codes.md", under: "Refused files") {
      let (code, place) = (row[0], row.last ?? "")
      let isCommitted = FileManager.default.fileExists(atPath: Binaries.samples.appending(path: "reject/\(code)").path)
      let isGenerated = GeneratedSampleTests.names.contains { $0.hasPrefix("reject/\(code)/") }
      #expect(isCommitted == place.contains("samples/reject/\(code)/"), "\(code)")
      #expect(isGenerated || place != "generated", "\(code)")
    }
  }

  @Test("docs/limits.md lists every limit with its default (C45)")
  func limits() async throws {
    let page = try text("docs/limits.md")
    let documented = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.split(separator: "|").prefix(2).map { $0.trimmingCharacters(in: [" ", "`"]) }
    }
    let shown = try await ingest("limits").lines.map { line in
      let name = line.prefix { $0 != " " }
      return [String(name), line.dropFirst(name.count).trimmingCharacters(in: .whitespaces)]
    }
    #expect(documented == shown)
  }

  @Test("Every folder of refused samples is named by a code that exists")
  func folders() throws {
    let codes = try rejectionCodes()
    let folder = Binaries.samples.appending(path: "reject").path
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) { #expect(codes.contains(name)) }
  }

  @Test("The real samples have an origin and a licence in samples/README.md")
  func origins() throws {
    let readme = try text("samples/README.md")
    let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains("/") }
    #expect(rows.count >= 12)
    for row in rows {
      let path = String(row.split(separator: "`")[1])
      guard ["csv/", "tsv/", "gzip/", "zip/"].contains(where: path.hasPrefix) else { continue }
      let file = Binaries.samples.appending(path: "accept/\(path)").path
      #expect(FileManager.default.fileExists(atPath: file), "\(path)")
    }
  }
}
