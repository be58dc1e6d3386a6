// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the store remembers of files that crashed their workers (control 49).
@Suite("Files that crash workers again and again")
struct KnownBadTests {
  private static let crash = "attack:crash,b\n1,2\n"

  /// Publishes files with the misbehaving worker, or with one that is not there.
  private func batch(
    _ file: URL, into store: URL, _ options: String..., worker: String? = nil
  ) async throws -> BatchAnswer {
    let worker = try worker ?? Binaries.misbehavingWorker()
    let command = ["batch", file.path, "--store", store.path, "--json", "--worker", worker]
    return try #require(try (try await ingest(command + options, deadline: 60)).batch().first)
  }

  @Test("The fourth time it is known_bad, under any name and options, and no worker is started (C49)")
  func batch() async throws {
    let directory = try TemporaryDirectory()
    let store = directory["store"]
    for name in ["a.csv", "b.csv", "c.txt"] {
      #expect(try await batch(try directory.write(name, Self.crash), into: store).code == "worker_crashed")
    }
    for options in [["--header", "auto"], ["--header", "never"], ["--format", "csv"]] {
      let file = try directory.write("d.csv", Self.crash)
      let answer = try await batch(file, into: store, options[0], options[1], worker: "/nonexistent")
      #expect(answer.status == "refused" && answer.code == "known_bad")
    }
    let other = try directory.write("e.csv", "attack:none,b\n1,2\n")
    #expect(try await batch(other, into: store).status == "published")
    #expect(try await batch(try directory.write("a.csv", Self.crash), into: directory["new"]).code == "worker_crashed")
  }

  @Test("A large file, whose hash comes while it is read, is known_bad the fourth time as well (C49)")
  func large() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", Self.crash + String(repeating: "1,2\n", count: 1_200_000))
    var codes: [String?] = []
    for _ in 0..<4 { codes.append(try await batch(file, into: directory["store"]).code) }
    #expect(codes == ["worker_crashed", "worker_crashed", "worker_crashed", "known_bad"])
  }

  @Test("Three timeouts are no crashes: time may have been short")
  func timeouts() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("a.csv", "attack:wait,b\n1,2\n")
    for _ in 0..<4 {
      let answer = try await batch(file, into: directory["store"], "--worker-seconds", "1")
      #expect(answer.code == "worker_timeout")
    }
  }

  @Test("Over HTTP the fourth upload takes no worker, and other files are read as ever (C49)")
  func serve() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"], ["--worker", try Binaries.misbehavingWorker()])
    for code in ["worker_crashed", "worker_crashed", "worker_crashed", "known_bad", "known_bad"] {
      let answer = try await server.curl("/v1/uploads/a.csv", "-T", "-", input: Data(Self.crash.utf8))
      #expect(answer.status == 422)
      #expect(try answer.code() == code)
    }
    let claimed = try await server.curl("/v1/uploads/a.exe", "-T", "-", input: Data(Self.crash.utf8))
    #expect(try claimed.code() == "extension_refused", "the name is judged as for all others")
    let other = try await server.curl("/v1/uploads/b.csv", "-T", "-", input: Data("id\n1\n".utf8))
    #expect(other.status == 201)
    let metrics = String(decoding: try await server.curl("/metrics").body, as: UTF8.self)
    #expect(metrics.contains("ingest_worker_ends_total{cause=\"worker_crashed\"} 3\n"))
    #expect(metrics.contains("ingest_worker_ends_total{cause=\"done\"} 1\n"))
    #expect(metrics.contains("ingest_upload_rejections_total{code=\"known_bad\"} 2\n"))
  }

  @Test("A sender whose files crash too many workers gets 429, also from the next service, and a batch does not (C49)")
  func budget() async throws {
    let directory = try TemporaryDirectory()
    let options = ["--worker", try Binaries.misbehavingWorker(), "--crashes-per-hour", "2"]
    let good = try directory.write("good.csv", "id\n1\n")
    for _ in 0..<2 {
      let server = try await Server.start(store: directory["store"], options)
      for attack in ["crash", "violate", "exit"] {
        _ = try await server.curl("/v1/uploads/a.csv", "-T", "-", input: Data("attack:\(attack)\n".utf8))
      }
      for preference in ["wait=1", "respond-async"] {
        let answer = try await server.curl(
          "/v1/uploads", "-F", "file=@\(good.path)", "-H", "Prefer: \(preference)", "-D", directory["fields"].path)
        #expect(answer.status == 429)
        #expect(try answer.code() == "crash_budget_exhausted")
        let fields = try String(contentsOf: directory["fields"], encoding: .utf8).lowercased()
        let words = fields.split { $0.isWhitespace }
        let seconds = try #require(words.firstIndex(of: "retry-after:").flatMap { Int(words[$0 + 1]) })
        #expect((3_500...3_601).contains(seconds))
      }
      #expect(try await server.curl("/v1/tables").status == 200, "what is published is served")
    }
    let free = try await Server.start(
      store: directory["store"], ["--worker", try Binaries.misbehavingWorker(), "--crashes-per-hour", "0"])
    #expect(try await free.curl("/v1/uploads", "-F", "file=@\(good.path)").status == 201)
    let batched = try await batch(try directory.write("other.csv", "id\n2\n"), into: directory["store"])
    #expect(batched.status == "published")
    let wrong = try await ingest("serve", "--store", directory["store"].path, "--crashes-per-hour", "-1")
    #expect(wrong.status == 2)
  }
}
