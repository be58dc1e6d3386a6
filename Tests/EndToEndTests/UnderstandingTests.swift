// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What texts are understood as, judged by scripts that know what was meant; `make soak` runs them for longer.
@Suite("Understanding of texts", .serialized)
struct UnderstandingTests {
  private func judge(_ script: String, _ arguments: String...) async throws -> Ended {
    let command = [try Binaries.python(), "-B", Binaries.script(script), "--ingest", try Binaries.ingest()]
    return try await run(command + arguments, deadline: 240)
  }

  @Test("Generated well-formed tables hold the cells that Python's csv module and DuckDB read")
  func differential() async throws {
    let ended = try await judge("differential_tables.py", "80", "11")
    #expect(ended.status == 0, "\(String(decoding: ended.output, as: UTF8.self))\(ended.talk)")
    #expect(String(decoding: ended.output, as: UTF8.self).contains("80 tables, 0 failures"))
  }

  @Test("Generated JSON texts hold the values that Python's json module reads")
  func json() async throws {
    let ended = try await judge("json_documents.py", "200", "11")
    #expect(ended.status == 0, "\(String(decoding: ended.output, as: UTF8.self))\(ended.talk)")
    #expect(String(decoding: ended.output, as: UTF8.self).contains("200 documents, 0 failures"))
  }

  @Test("A damaged JSON text is refused where Python's json module refuses it, and only there")
  func damagedJSON() async throws {
    let ended = try await judge("json_mutations.py", "150", "11")
    #expect(ended.status == 0, "\(String(decoding: ended.output, as: UTF8.self))\(ended.talk)")
    #expect(String(decoding: ended.output, as: UTF8.self).contains(", 0 failures"))
  }

  @Test("No typed cell of a sample or of a generated column says something else than it did")
  func silentChanges() async throws {
    let ended = try await judge("silent_changes.py", "--rounds", "1")
    #expect(ended.status == 0, "\(String(decoding: ended.output, as: UTF8.self))\(ended.talk)")
    #expect(String(decoding: ended.output, as: UTF8.self).contains("0 undocumented changes"))
  }
}
