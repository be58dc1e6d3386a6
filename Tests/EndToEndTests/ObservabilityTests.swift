// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A scrape of `/metrics`, by line.
struct Scrape {
  /// The type of each family.
  private(set) var types: [String: String] = [:]
  /// The value of each series, with its labels as they stand.
  private(set) var values: [String: String] = [:]

  init(_ server: Server) async throws {
    let answer = try await server.curl("/metrics")
    #expect(answer.status == 200)
    #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
    for line in String(decoding: answer.body, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# TYPE ") { types[String(words[2])] = String(words[3]) }
      if !line.hasPrefix("#"), words.count == 2 { values[String(words[0])] = String(words[1]) }
    }
  }

  func count(_ name: String, _ label: String, _ value: String) -> Int? {
    values["\(name){\(label)=\"\(value)\"}"].flatMap { Int($0) }
  }
}

@Suite("What operators see")
struct ObservabilityTests {
  @Test("docs/metrics.md lists exactly the metrics that are served, with their types")
  func documentation() async throws {
    let directory = try TemporaryDirectory()
    let scrape = try await Scrape(try await Server.start(store: directory["store"]))
    let page = try String(contentsOf: Binaries.root.appending(path: "docs/metrics.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: [" ", "`"]) }
    }
    #expect(rows.count > 8)
    #expect(rows.map { $0[1] } == scrape.types.keys.sorted())
    for row in rows {
      #expect(row[2] == scrape.types[row[1]], "\(row[1])")
      #expect(row[1].hasPrefix("ingest_") && row[1].hasSuffix("_total") == (row[2] == "counter"))
      let label = row[3].split(separator: "`").first.map(String.init)
      let series = scrape.values.keys.filter { $0.hasPrefix(row[1] + "{") || $0 == row[1] }
      if row[2] != "histogram" { #expect(series.allSatisfy { $0.contains("{") == (label != nil) }, "\(row[1])") }
      if let label { #expect(series.allSatisfy { $0.hasPrefix("\(row[1]){\(label)=") }, "\(row[1])") }
    }
  }

  @Test("Uploads, bytes, worker ends and answers are counted by what became of them, and by our own words only")
  func counts() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"], ["--worker", try Binaries.misbehavingWorker()])
    let before = try await Scrape(server)
    let uploads: [(String, String, Int)] = [
      ("a.csv", "id\n1\n", 201), ("a.csv", "id\n1\n", 200), ("secret.exe", "id\n2\n", 415),
      ("c.csv", "attack:crash\n", 422), ("d.csv", "attack:exit\n", 422), ("e.csv", "", 422),
    ]
    for (name, text, status) in uploads {
      let answer = try await server.curl("/v1/uploads/\(name)", "-T", "-", input: Data(text.utf8))
      #expect(answer.status == status, "\(name)")
    }
    #expect(try await server.curl("/v1/uploads/f.csv?name=no/name", "-T", "-", input: Data("id\n".utf8)).status == 400)
    let after = try await Scrape(server)
    let expected: [(String, String, String, Int)] = [
      ("ingest_uploads_total", "outcome", "published", 1), ("ingest_uploads_total", "outcome", "known", 1),
      ("ingest_uploads_total", "outcome", "refused", 4), ("ingest_uploads_total", "outcome", "declined", 1),
      ("ingest_uploads_total", "outcome", "failed", 0), ("ingest_worker_ends_total", "cause", "done", 2),
      ("ingest_worker_ends_total", "cause", "worker_crashed", 1),
      ("ingest_worker_ends_total", "cause", "worker_lied", 1),
      ("ingest_upload_rejections_total", "code", "extension_refused", 1),
      ("ingest_upload_rejections_total", "code", "worker_crashed", 1),
      ("ingest_upload_rejections_total", "code", "empty", 1),
      ("ingest_http_responses_total", "class", "4xx", 5), ("ingest_http_responses_total", "class", "2xx", 3),
      ("ingest_http_responses_total", "class", "5xx", 0), ("ingest_readings", "state", "running", 0),
      ("ingest_workers", "state", "running", 0),
      ("ingest_sandbox_level", "level", try await ConfinementLevel.best, 1),
    ]
    for (name, label, value, count) in expected {
      #expect(after.count(name, label, value) == count, "\(name) \(value)")
    }
    // All but what came under the refused name.
    let received = uploads.filter { $0.2 != 415 }.reduce(3) { $0 + $1.1.utf8.count }
    #expect(after.values["ingest_received_bytes_total"] == String(received))
    #expect(after.values["ingest_reading_duration_seconds_count"] == "4")
    #expect(after.values["ingest_spool_memory_bytes"] == "0")
    #expect(Set(before.values.keys) == Set(after.values.keys), "the number of series is fixed")
  }

  @Test("/metrics and /readyz have the common fields, a HEAD, and the check of the host (C41, C47)")
  func fields() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    for path in ["/metrics", "/readyz?verbose"] {
      let head = String(decoding: try await server.curl(path, "-I").body, as: UTF8.self).lowercased()
      for field in ["x-content-type-options: nosniff", "content-security-policy: default-src 'none'", "no-store"] {
        #expect(head.contains(field), "\(path)")
      }
      #expect(try await server.curl(path, "-H", "Host: evil.example").status == 421)
      #expect(try await server.curl(path, "-X", "DELETE").status == 405)
      #expect(try await server.curl(path + (path.contains("?") ? "&" : "?") + "bogus").status == 400)
    }
  }

  @Test("/readyz?verbose tells the checks and the sandbox, and plain /readyz is as short as ever")
  func readiness() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let plain = try await server.curl("/readyz")
    #expect(String(decoding: plain.body, as: UTF8.self) == #"{"ready":true,"detail":{"catalog":"ok"}}"# + "\n")
    let verbose = try await server.curl("/readyz?verbose")
    #expect(verbose.status == 200 && verbose.type == "application/json")
    let body = try verbose.object()
    #expect(body["ready"] as? Bool == true)
    #expect(body["checks"] as? [String: String] == ["catalog": "ok"])
    let sandbox = try #require(body["sandbox"] as? [String: Any])
    #expect(sandbox["level"] as? String == (try await ConfinementLevel.best))
    let layers = try #require(sandbox["layers"] as? [String])
    #expect(layers.contains("seccomp filter") && layers.contains("resource limits"))
    let workers = try #require(sandbox["workers"] as? [String: Int])
    #expect(Set(workers.keys) == ["ready", "running", "waiting"] && workers["running"] == 0 && workers["waiting"] == 0)
    #expect((workers["ready"] ?? 0) > 0, "workers wait for a job before there is one")
    #expect(try await server.curl("/readyz?verbose=no").status == 400)
  }
}
