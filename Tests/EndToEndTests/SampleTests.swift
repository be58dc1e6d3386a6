// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A file below a tree of samples, and the verdict that its folder stands for.
struct Sample: Sendable, CustomTestStringConvertible {
  let url: URL
  let path: String

  var isAccepted: Bool { path.hasPrefix("accept/") }
  /// The kind or the code.
  var folder: String { String(path.split(separator: "/")[1]) }
  var name: String { url.lastPathComponent }
  var testDescription: String { path }

  /// All samples of a tree of `accept/` and `reject/`.
  static func all(in tree: URL) -> [Sample] {
    ["accept", "reject"].flatMap { side in
      files(under: tree.appending(path: side)).map {
        Sample(url: tree.appending(path: "\(side)/\($0)"), path: "\(side)/\($0)")
      }
    }
  }
}

@Suite("Samples")
struct SampleTests {
  static let samples = Sample.all(in: Binaries.samples)

  /// The keys of the fixed answer (issue 2, item 13), without those of a position.
  static let keys: Set = [
    "file", "accepted", "code", "detail", "extension", "declared_type", "detected_type", "format", "bytes", "sha256",
    "sandbox", "witnesses",
  ]

  @Test("The trees hold at least 12 accepted and 20 refused samples")
  func thereAreSamples() {
    #expect(Self.samples.count(where: \.isAccepted) >= 12)
    #expect(Self.samples.count(where: { !$0.isAccepted }) >= 20)
  }

  @Test("A sample's folder is its verdict (C1, C3, C4, C6, C17 to C21, C25, C28, C29)", arguments: samples)
  func verdict(_ sample: Sample) async throws {
    let (ended, answers) = try await Self.answers.value
    #expect(ended.talk == "", "nothing is to be said beside the data")
    #expect(ended.status == 1, "one refused file is enough")
    let index = try #require(Self.samples.firstIndex { $0.path == sample.path })
    try #require(answers.count == Self.samples.count)
    let answer = try JSONSerialization.jsonObject(with: answers[index]) as? [String: Any]
    try await Self.expectVerdict(try #require(answer), sample)
  }

  /// What is said of all samples, in their order, each as JSON: to start the program for each of them takes ten times as
  /// long as to judge it.
  private static let answers = Task { () async throws -> (Ended, [Data]) in
    let ended = try await ingest(["check", "--json"] + samples.map(\.url.path))
    let answers = try #require(try JSONSerialization.jsonObject(with: ended.output) as? [[String: Any]])
    return (ended, try answers.map { try JSONSerialization.data(withJSONObject: $0) })
  }

  @Test("One file is answered with an object, and status 0 or 1", arguments: ["tsv", "empty"])
  func alone(folder: String) async throws {
    let sample = try #require(Self.samples.first { $0.folder == folder })
    let ended = try await ingest("check", sample.url.path, "--json")
    #expect(ended.talk == "" && ended.status == (sample.isAccepted ? 0 : 1))
    try await Self.expectVerdict(try ended.object(), sample)
  }

  static func expectVerdict(_ answer: [String: Any], _ sample: Sample) async throws {
    #expect(answer["accepted"] as? Bool == sample.isAccepted)
    #expect(answer["code"] as? String == (sample.isAccepted ? nil : sample.folder), "\(answer["detail"] ?? "")")
    try expectShape(answer, of: sample.url, isAccepted: sample.isAccepted, level: try await ConfinementLevel.best)
  }

  /// Pins the outward shape that scripts depend on.
  static func expectShape(_ answer: [String: Any], of file: URL, isAccepted: Bool, level: String) throws {
    let optional: Set = ["line", "column", "byte_offset"]
    #expect(Set(answer.keys).subtracting(optional) == keys)
    for key in optional where answer[key] != nil { #expect(answer[key] is Int, "\(key)") }
    #expect(answer["file"] is String)
    for key in ["code", "detail", "extension", "declared_type", "detected_type", "format", "sha256"] {
      #expect(answer[key] is String || answer[key] is NSNull, "\(key)")
    }
    #expect(answer["witnesses"] is [String: Any])
    let sandbox = try #require(answer["sandbox"] as? [String: Any], "sandbox is an object whatever the verdict")
    #expect(sandbox.keys.contains("level"))
    if isAccepted {
      #expect(sandbox["level"] as? String == level)
      #expect(answer["code"] is NSNull && answer["detail"] is NSNull)
      #expect(answer["format"] is String)
    } else {
      #expect(answer["detail"] is String)
    }
    if let bytes = answer["bytes"] as? Int {
      #expect(bytes == (try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int))
      let hash = try #require(answer["sha256"] as? String)
      #expect(hash.count == 64 && hash.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    } else {
      #expect(!isAccepted)
    }
  }

  @Test(
    "A file is read at level strong at least",
    .enabled("the kernel has no Landlock") {
      try await ConfinementLevel.isStrong
    })
  func strong() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/bom.csv").path
    let answer = try (try await ingest("check", "--json", file)).object()
    let level = (answer["sandbox"] as? [String: Any])?["level"] as? String
    #expect(try await level == ConfinementLevel.best)
  }

  @Test("Several files answer with an array, in order, and one refusal makes the status 1")
  func several() async throws {
    let names = ["accept/csv/bom.csv", "reject/empty/zero_bytes.csv", "accept/gzip/tabs.tsv.gz"]
    let ended = try await ingest(["check", "--json"] + names.map { Binaries.samples.appending(path: $0).path })
    #expect(ended.status == 1)
    let answers = try #require(try JSONSerialization.jsonObject(with: ended.output) as? [[String: Any]])
    #expect(answers.map { $0["accepted"] as? Bool } == [true, false, true])
    #expect(answers.map { $0["code"] as? String } == [nil, "empty", nil])
    #expect(answers.map { $0["extension"] as? String } == ["csv", "csv", "gz"])
  }

  @Test("The digest is that of the bytes, as another program computes it")
  func digest() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/airports.csv").path
    let other = try await run(["sha256sum", file])
    let answer = try (try await ingest("check", "--json", file)).object()
    #expect(answer["sha256"] as? String == other.text.split(separator: " ").first.map(String.init))
  }

  @Test(
    "Declared types are judged by family (C2)",
    arguments: [
      ("text/csv", nil), ("application/vnd.ms-excel", nil), ("application/octet-stream", nil), ("text/plain", nil),
      ("text/csv; charset=utf-8", nil), ("image/png", "declared_type_refused"), ("application/zip", "type_mismatch"),
      ("", "declared_type_refused"), ("text/csv\r\nX: y", "declared_type_refused"),
    ] as [(String, String?)])
  func declaredType(_ type: String, _ code: String?) async throws {
    let file = Binaries.samples.appending(path: "accept/csv/bom.csv").path
    let ended = try await ingest("check", "--json", "--declared-type", type, file)
    #expect(try ended.object()["code"] as? String == code)
    #expect(ended.status == (code == nil ? 0 : 1))
  }

  @Test("Every witness is shown where an explanation is asked for")
  func explanation() async throws {
    let file = Binaries.samples.appending(path: "accept/csv/bom.csv").path
    let ended = try await ingest("check", "--explain", file)
    for witness in ["extension: csv", "declared type: none", "signature: ", "libmagic: text/csv", "sandbox: "] {
      #expect(ended.text.contains(witness))
    }
  }
}
