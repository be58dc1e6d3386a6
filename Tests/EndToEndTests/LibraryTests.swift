// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Runs `samples/swift-client`, which is built here without access to what is not public.
@Suite("The library, used by another program")
struct LibraryTests {
  private func client(_ file: URL) async throws -> Ended {
    try await run(
      [try Binaries.program("library-client"), file.path, try Binaries.program("ingest-worker")]
        + (ConfinementLevel.isStrong ? [] : ["basic"]))
  }

  @Test("The client ingests a file, and reads its columns where they lie")
  func tables() async throws {
    let ended = try await client(Binaries.samples.appending(path: "accept/csv/exibble.csv"))
    #expect(ended.status == 0, "\(ended.talk)")
    let lines = ended.lines
    #expect(lines.prefix(2) == ["published exibble@1", "rows 8 batches 1"])
    #expect(lines.contains("column num float64") && lines.contains("column date date"))
    // 0.1111 + 2.222 + 33.33 + 444.4 + 5550 + 777000 + 8880000, and a null that adds nothing.
    #expect(lines.contains { $0.hasPrefix("sum num 9663030.06") }, "\(lines)")
    #expect(lines.contains("text char 47 bytes"), "\(lines)")
  }

  @Test("A file that is refused is an answer with its code")
  func refusal() async throws {
    let directory = try TemporaryDirectory()
    let ended = try await client(try directory.write("run.csv", "\u{7F}ELF\u{2}\u{1}\u{1}\0\0\0\0\0\0\0\0\0"))
    #expect(ended.status == 0, "\(ended.talk)")
    #expect(ended.text.hasPrefix("refused "), "\(ended.text)")
  }
}
