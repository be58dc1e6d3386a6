// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Generated samples")
struct GeneratedSampleTests {
  /// A debug build reads many times slower than what ships; the bound of two seconds is for the latter.
  #if DEBUG
    private static let bombSeconds = 20.0
  #else
    private static let bombSeconds = 2.0
  #endif

  /// Written once, for all cases.
  private static let tree = Task<TemporaryDirectory, any Error> {
    let directory = try TemporaryDirectory()
    let script = Binaries.samples.appending(path: "generate.py").path
    let ended = try await run([Binaries.plainPython, script, directory.url.path])
    guard ended.status == 0 else { throw Binaries.Missing(description: "generate.py failed: \(ended.talk)") }
    return directory
  }

  static let names = [
    "reject/compression_ratio/gzip_bomb.csv.gz", "reject/compression_ratio/zip_bomb.zip",
    "reject/expanded_too_large/three_mebibytes.csv.gz", "reject/too_many_columns/header_of_20000.csv",
    "reject/too_many_columns/a_million_commas.csv", "reject/record_too_large/seventeen_mebibytes.csv",
    "reject/cell_too_large/nine_mebibytes.csv", "reject/header_name_too_long/name_of_1100_bytes.csv",
    "reject/archive_too_many_entries/1001_members.zip", "accept/csv/unbalanced_quote_of_1_mebibyte.csv",
    "accept/csv/newlines_then_data.csv", "accept/zip/1000_members.zip", "accept/gzip/ratio_below_the_floor.csv.gz",
  ]

  @Test("The generator writes the files that are tested, and no other")
  func isComplete() async throws {
    let written = Sample.all(in: try await Self.tree.value.url).map(\.path)
    #expect(Set(written) == Set(Self.names))
  }

  @Test("A giant or a bomb ends at its cap, and an honest giant passes (C16, C25, C26, C27)", arguments: names)
  func verdict(_ name: String) async throws {
    let sample = Sample(url: try await Self.tree.value[name], path: name)
    let options = sample.folder == "expanded_too_large" ? ["--max-expanded", "1MiB"] : []
    let ended = try await ingest(["check", "--json", sample.url.path] + options)
    #expect(ended.talk == "" && ended.status == (sample.isAccepted ? 0 : 1))
    try await SampleTests.expectVerdict(try ended.object(), sample)
    if !sample.isAccepted { #expect(ended.seconds < Self.bombSeconds) }
  }

  @Test("A bomb is refused under the same code when it comes through a pipe and when it is published (C9, C16)")
  func everyPath() async throws {
    let tree = try await Self.tree.value
    let bomb = tree["reject/compression_ratio/gzip_bomb.csv.gz"]
    let piped = try await ingest("check", "-", "--json", input: try Data(contentsOf: bomb))
    #expect(try piped.object()["code"] as? String == "compression_ratio")
    let batch = try await ingest("batch", bomb.path, "--store", tree["store"].path, "--json")
    #expect(try batch.batch().map(\.code) == ["compression_ratio"])
    #expect(batch.status == 1)
    #expect(files(under: tree["store"]).allSatisfy { !$0.hasSuffix(".arrow") && !$0.hasPrefix("scratch/") })
  }

  @Test(
    "A file of exactly the largest size passes, and one byte more is refused on every path (C9)",
    arguments: ["path", "pipe"])
  func largest(_ way: String) async throws {
    let directory = try TemporaryDirectory()
    let table = "a,b\n" + String(repeating: "1,2\n", count: 249)
    for (text, code) in [(table, nil), (table + "\n", "too_large")] as [(String, String?)] {
      let file = try directory.write("a.csv", text)
      let ended = try await ingest(
        "check", "--json", "--max-upload", "1KB", way == "path" ? file.path : "-",
        input: way == "path" ? Data() : Data(text.utf8))
      #expect(try ended.object()["code"] as? String == code)
    }
  }
}
