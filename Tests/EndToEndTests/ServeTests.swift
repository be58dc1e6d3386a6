// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The built service, as curl sees it; its parts are tested in `ServiceTests`.
@Suite("ingest serve")
struct ServeTests {
  private static func tables(_ answer: Server.Answer) throws -> [[String: Any]] {
    try answer.object()["tables"] as? [[String: Any]] ?? []
  }

  @Test("A form and a raw body give the tables that a batch gives, and each form of a table is what export writes")
  func publish() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let sample = Binaries.samples.appending(path: "accept/csv/exibble.csv").path
    let form = try await server.curl("/v1/uploads", "-F", "file=@\(sample)")
    #expect(form.status == 201)
    let table = try #require(try Self.tables(form).first)
    #expect(table["id"] as? String == (try GoldenIDTests.golden().tables["accept/csv/exibble.csv"]?.id))
    let again = try await server.curl("/v1/uploads/exibble.csv", "-T", sample)
    #expect(again.status == 200, "known already")
    let reports = try [form, again].map {
      try #require(try $0.object()["report"] as? NSDictionary)["tables"] as? NSArray
    }
    #expect(reports[0]?.count == 1 && reports[0] == reports[1], "it says the same of how it was read")
    let renamed = try await server.curl("/v1/uploads/other.csv", "-T", sample)
    #expect(renamed.status == 201)
    #expect(try Self.tables(renamed).first?["id"] as? String == table["id"] as? String)
    #expect(
      try Self.tables(try await server.curl("/v1/tables")).compactMap { $0["name"] as? String } == ["exibble", "other"])
    for suffix in ["csv", "json", "ndjson", "arrow", "arrows"] {
      let served = try await server.curl("/v1/tables/exibble.\(suffix)")
      let exported = try await ingest(
        "table", "export", "exibble", "--to", suffix, "--store", directory["store"].path)
      #expect(served.status == 200)
      #expect(served.body == exported.output, "\(suffix)")
    }
  }

  @Test(
    "A refused sample is answered with its code as a problem, and leaves no table",
    arguments: [
      ("content_refused/elf_program.csv", 415), ("empty/zero_bytes.csv", 422),
      ("trailing_data/junk_after_gzip.csv.gz", 422),
      ("archive_malformed/overlapping_members.zip", 422), ("extension_refused/data.csv.php", 415),
      ("invalid_encoding/overlong_slash.csv", 422),
    ])
  func refused(_ path: String, _ status: Int) async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let sample = Binaries.samples.appending(path: "reject/\(path)").path
    let answer = try await server.curl("/v1/uploads", "-F", "file=@\(sample)")
    #expect(answer.status == status)
    #expect(answer.type.hasPrefix("application/problem+json"))
    #expect(try answer.code() == path.split(separator: "/").first.map(String.init))
    #expect(try Self.tables(try await server.curl("/v1/tables")).isEmpty)
    #expect(files(under: directory["store/scratch"]).isEmpty)
  }

  @Test("A worker that misbehaves is answered with its code, and the next upload works (C37)")
  func misbehaviour() async throws {
    let directory = try TemporaryDirectory()
    let options = ["--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "4"]
    let server = try await Server.start(store: directory["store"], options)
    for (attack, code) in MisbehaviourTests.attacks {
      let body = Data("attack:\(attack),b\n1,2\n".utf8)
      let answer = try await server.curl("/v1/uploads/\(attack).csv", "-T", "-", input: body)
      #expect(answer.status == 422)
      #expect(try answer.code() == code)
    }
    let next = try await server.curl("/v1/uploads/next.csv", "-T", "-", input: Data("id\n1\n".utf8))
    #expect(next.status == 201)
    #expect(try await server.curl("/readyz").status == 200)
  }

  @Test(
    "A body over the cap is refused before it is read where its length is known, and at the cap where not (C9)",
    arguments: ["length", "expect", "chunked", "form"])
  func tooLarge(_ way: String) async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("big.csv", Data(repeating: UInt8(ascii: "1"), count: 64 << 20))
    let server = try await Server.start(store: directory["store"], ["--max-upload", "1MiB"])
    let path = "/v1/uploads/big.csv"
    let answer =
      switch way {
      case "length": try await server.curl(path, "-T", file.path, "-H", "Expect:")
      case "expect":
        try await server.curl(path, "-T", file.path, "-H", "Expect: 100-continue", "--expect100-timeout", "20")
      case "chunked":
        try await server.curl(path, "-T", file.path, "-H", "Expect:", "-H", "Transfer-Encoding: chunked")
      default: try await server.curl("/v1/uploads", "-F", "file=@\(file.path)", "-H", "Expect:")
      }
    #expect(answer.status == 413)
    #expect(try answer.code() == "too_large")
    if way == "expect" { #expect(answer.uploaded == 0) }
    #expect(answer.uploaded < 16 << 20, "\(answer.uploaded) bytes were taken")
    #expect(files(under: directory["store/scratch"]).isEmpty)
    #expect(try await server.curl("/v1/uploads/next.csv", "-T", "-", input: Data("id\n1\n".utf8)).status == 201)
  }

  @Test("Another host's name and another site's request are refused on loopback too (C47)")
  func foreign() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"], ["--allow-host", "data.example"])
    #expect(try await server.curl("/v1/tables", "-H", "Host: evil.example").status == 421)
    #expect(try await server.curl("/v1/tables", "-H", "Host: data.example").status == 200)
    for field in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Origin: null"] {
      let answer = try await server.curl(
        "/v1/uploads/a.csv", "-T", "-", "-H", field, input: Data("id\n1\n".utf8))
      #expect(answer.status == 403, "\(field)")
    }
  }

  @Test("SIGTERM finishes what was accepted, and ends with status 0")
  func termination() async throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("slow.csv", "id\n" + String(repeating: "12345\n", count: 50_000))
    let server = try await Server.start(store: directory["store"])
    // Not in turn: it must be under way while the service is told to end.
    let client = try Child(
      ["curl", "-sS", "-w", "%{http_code}", "-o", "/dev/null", "-T", file.path, "--limit-rate", "300k"]
        + [server.address + "/v1/uploads/slow.csv"], deadline: 120)
    // A spool has no name, so the connection tells that the upload has begun.
    while try !server.isConnected(), !client.hasEnded { try await Task.sleep(for: .milliseconds(20)) }
    try await Task.sleep(for: .milliseconds(200))
    server.child.signal(SIGTERM)
    let answer = try await client.end()
    #expect(answer.text == "201", "\(answer.talk)")
    let ended = try await server.child.end()
    #expect(ended.status == 0, "\(ended.talk)")
    let listing = try await ingest("table", "list", "--json", "--store", directory["store"].path)
    #expect(try listing.json(TableListing.self).tables.map(\.rows) == [50_000])
  }

  @Test(
    "An address that cannot be had is wrong usage or our failure, and no service starts",
    arguments: [("localhost", 2), ("127.0.0.1:99999", 2), ("127.0.0.1:x", 2), ("203.0.113.1:80", 70)]
      as [(String, Int32)])
  func badAddress(_ address: String, _ status: Int32) async throws {
    let directory = try TemporaryDirectory()
    let ended = try await ingest(
      "serve", "--store", directory["store"].path, "--listen", address, deadline: 60)
    #expect(ended.status == status, "\(ended.talk)")
  }
}
