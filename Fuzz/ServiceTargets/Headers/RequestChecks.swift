// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import HTTPParsing

/// What a request says of itself as a whole.
enum RequestChecks {
  private static let policy = HostPolicy(allowing: ["tables.example.org", "other.example.org:8443"])
  private static let hosts: Set = ["localhost", "127.0.0.1", "[::1]", "tables.example.org", "other.example.org"]

  /// Only the listed hosts pass; a foreign page passes nothing that changes anything.
  static func hostPolicy(_ input: inout FuzzInput) throws {
    let isSafe = input.flag()
    let fields = input.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let origin = HostPolicy.Origin(
      authority: fields.first, origins: Array(fields.dropFirst().prefix(2)), fetchSites: Array(fields.dropFirst(3)))
    guard policy.refusal(of: origin, isSafe: isSafe) == nil else { return }
    guard let host = fields.first.flatMap(Authority.init) else {
      return try require(false, "a host that is none passes")
    }
    try require(hosts.contains(host.host), "a foreign host passes: \(host)")
    try require(Authority(host.host)?.host == host.host, "a host that changes when it is read again")
    // What other letters become in lower case is another name.
    try require(fields[0].asciiLowercased.utf8.starts(with: host.host.utf8), "a host out of other letters")
    guard !isSafe else { return }
    try require(!origin.fetchSites.contains("cross-site"), "a foreign page passes")
    try require(origin.origins.allSatisfy { $0.asciiLowercased.contains(host.host) }, "a foreign origin passes")
  }

  /// A target that is read and written with every byte escaped means the same.
  static func target(_ input: inout FuzzInput) throws {
    let text = input.text()
    guard let target = RequestTarget(text) else { return }
    try require(text.utf8.first == UInt8(ascii: "/"), "a target that is no path")
    let path = target.segments.map { "/" + escaped($0) }.joined()
    let query = target.parameters.map { escaped($0.name.utf8) + "=" + escaped($0.value.utf8) }.joined(separator: "&")
    guard let again = RequestTarget(query.isEmpty ? path : "\(path)?\(query)") else {
      return try require(false, "what was written is not read")
    }
    try require(again.segments == target.segments, "segments")
    try require(again.parameters.map { Array($0.name.utf8) } == target.parameters.map { Array($0.name.utf8) }, "names")
    try require(
      again.parameters.map { Array($0.value.utf8) } == target.parameters.map { Array($0.value.utf8) }, "values")
  }

  private static func escaped(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "%0" : "%") + String($0, radix: 16) }.joined()
  }

  /// What passes has one length, one host and a path.
  static func framing(_ input: inout FuzzInput) throws {
    let version = input.element(of: [nil, .http1_0, .http1_1] as [RequestFraming.Version?])
    var fields: [String: [String]] = [:]
    let lines = input.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      fields[parts[0].lowercased(), default: []].append(parts.count == 2 ? parts[1] : "")
    }
    let values = { (name: String) in fields[name] ?? [] }
    guard RequestFraming(version: version, target: lines[0], values: values).fault == nil else { return }
    let (lengths, codings) = (values("content-length"), values("transfer-encoding"))
    try require(lengths.count + codings.count <= 1, "two lengths")
    try require(lengths.allSatisfy { UInt64($0) != nil && !$0.hasPrefix("+") }, "a length that is no number")
    try require(codings.allSatisfy { $0.asciiLowercased == "chunked" } && version != nil, "another coding")
    try require(values("host").count <= 1 && lines[0].utf8.first == UInt8(ascii: "/"), "a target with two meanings")
  }
}
