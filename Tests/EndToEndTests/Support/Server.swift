// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A running `ingest serve` on a port that the system chose, which ends with its owner.
struct Server: Sendable {
  let child: Child
  let address: String

  /// Starts the service and waits until it says where it listens.
  static func start(
    store: URL, _ options: [String] = [], environment: [String: String] = [:]
  ) async throws -> Server {
    let command = ["serve", "--store", store.path, "--listen", "127.0.0.1:0"] + options
    let child = try await startIngest(command, environment: environment, deadline: 240)
    // The service speaks once; the deadline bounds the wait.
    while !child.hasEnded {
      let words = child.talkSoFar.split { $0.isWhitespace }
      if let address = words.first(where: { $0.hasPrefix("http://") }), child.talkSoFar.hasSuffix("\n") {
        return Server(child: child, address: String(address))
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw Binaries.Missing(description: "serve did not start: \(child.talkSoFar)")
  }

  /// Whether a client's connection is open, as the kernel lists it.
  func isConnected() throws -> Bool {
    let port = address.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    let digits = String(port, radix: 16, uppercase: true)
    let local = "0100007F:" + String(repeating: "0", count: 4 - digits.count) + digits
    return try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n").contains { line in
      let fields = line.split(separator: " ")
      // The fields are: number, our address, theirs, state (01 is established).
      return fields.count > 3 && fields[1] == Substring(local) && fields[3] == "01"
    }
  }

  /// The most memory that it had at any time, in bytes.
  func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(child.process)/status", encoding: .utf8)
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return try #require(peak?.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
  }

  /// An answer as curl shows it.
  struct Answer: Sendable {
    let status: Int
    let body: Data
    let type: String
    /// Bytes of the request's body that were sent.
    let uploaded: Int

    func object() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }

    func code() throws -> String? { try object()["code"] as? String }
  }

  /// Sends one request with curl.
  func curl(_ path: String, _ options: String..., input: Data = Data()) async throws -> Answer {
    try await curl(path, options, input: input)
  }

  func curl(_ path: String, _ options: [String], input: Data = Data()) async throws -> Answer {
    let format = "\n%{http_code}\n%{content_type}\n%{size_upload}"
    let command = ["curl", "-sS", "--max-time", "30", "-w", format] + options + [address + path]
    let ended = try await run(command, input: input, deadline: 120)
    var rest = ended.output
    let lines = try (0..<3).map { _ -> String in
      let start = try #require(rest.lastIndex(of: UInt8(ascii: "\n")), "curl: \(ended.talk)")
      defer { rest = rest[..<start] }
      return String(decoding: rest[(start + 1)...], as: UTF8.self)
    }
    return Answer(status: Int(lines[2]) ?? 0, body: Data(rest), type: lines[1], uploaded: Int(lines[0]) ?? 0)
  }
}
