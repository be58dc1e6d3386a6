// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the built programs load, as the dynamic linker would.
@Suite("Linked libraries")
struct LinkageTests {
  private func libraries(_ program: String) async throws -> [String] {
    let ended = try await run(["readelf", "-d", "-W", try Binaries.program(program)])
    try #require(ended.status == 0, "\(ended.talk)")
    return ended.lines.filter { $0.contains("(NEEDED)") }.compactMap { line in
      line.split(separator: "[").last?.split(separator: "]").first.map(String.init)
    }
  }

  @Test("ingest loads no parser: no magic, archive, expat, simdjson, system ICU or seccomp (C37)")
  func service() async throws {
    let needed = try await libraries("ingest")
    #expect(needed.contains { $0.hasPrefix("libc.so") })
    for library in [
      "libmagic", "libarchive", "libexpat", "libsimdjson", "libicu", "libseccomp", "liblzma", "libbz2", "libzstd",
      "liblz4", "libisal",
    ] {
      #expect(!needed.contains { $0.hasPrefix(library) }, "\(needed)")
    }
  }

  @Test("ingest-worker loads neither Swift's library nor Foundation, and its parsers are the system's")
  func worker() async throws {
    let needed = try await libraries("ingest-worker")
    for library in ["libswift", "libFoundation", "lib_Foundation", "libdispatch", "libBlocksRuntime", "libsqlite"] {
      #expect(!needed.contains { $0.hasPrefix(library) }, "\(needed)")
    }
    for library in [
      "libmagic", "libarchive", "libicuuc", "libseccomp", "libz", "libbz2", "liblzma", "libzstd", "liblz4", "libisal",
    ] {
      #expect(needed.contains { $0.hasPrefix(library) }, "\(needed)")
    }
  }

  @Test("ingest-worker is relocatable, binds at start and has no executable stack")
  func hardening() async throws {
    let program = try Binaries.program("ingest-worker")
    let ended = try await run(["readelf", "-h", "-d", "-l", "-W", program])
    #expect(ended.text.contains("DYN (Position-Independent Executable file)"))
    #expect(ended.text.contains("GNU_RELRO"))
    #expect(ended.lines.contains { $0.contains("FLAGS") && $0.contains("NOW") })
    let stack = try #require(ended.lines.first { $0.contains("GNU_STACK") })
    #expect(!stack.contains("RWE"))
  }
}
