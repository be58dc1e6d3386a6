// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Testing

/// What a client says over one connection, and when.
struct Dialogue: Sendable, CustomTestStringConvertible {
  enum Step: Sendable {
    case send(String)
    /// Waits until so many answers with bodies are here, from the first on.
    case awaitAnswers(Int)
    /// Gives the service the time that another connection's request takes.
    case pause
  }

  let name: String
  let steps: [Step]

  init(_ name: String, _ steps: [Step]) {
    self.name = name
    self.steps = steps
  }

  /// Sends each of these once the one before is answered.
  init(_ name: String, oneByOne requests: [String]) {
    self.init(name, requests.enumerated().flatMap { [.send($1), .awaitAnswers($0 + 1)] })
  }

  var testDescription: String { name }

  /// Speaks with the service at a port, closes its side, and reads to the end.
  ///
  /// - Returns: what was answered, with every date blanked.
  func run(_ port: Int) async throws -> [UInt8] {
    let channel = try await RawClient.channel(to: port)
    return try await channel.executeThenClose { inbound, outbound in
      var bytes: [UInt8] = []
      var parts = inbound.makeAsyncIterator()
      do {
        for step in steps {
          switch step {
          // The service may have closed already, which is part of what is compared.
          case .send(let text): try? await outbound.write(ByteBuffer(string: text))
          case .pause: _ = try await ask(port, "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
          case .awaitAnswers(let count):
            while Self.answers(in: bytes).count < count, let part = try await parts.next() {
              bytes += part.readableBytesView
            }
          }
        }
        outbound.finish()
        while let part = try await parts.next() { bytes += part.readableBytesView }
      } catch is IOError {}
      return Self.withoutDates(bytes)
    }
  }

  /// How many whole answers there are in a connection's bytes, as long as each has a length or is 304, and what is left.
  static func answers(in bytes: [UInt8]) -> (count: Int, rest: Int) {
    var count = 0
    var rest = bytes[...]
    while let head = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
      let lines = String(decoding: rest[..<head.lowerBound], as: UTF8.self).lowercased().split(separator: "\r\n")
      let length = lines.lazy.compactMap { line in
        line.hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
      }.first
      let body = lines.first?.hasPrefix("http/1.1 304") == true ? 0 : length ?? 0
      guard rest.endIndex - head.upperBound >= body else { break }
      count += 1
      rest = rest[(head.upperBound + body)...]
    }
    return (count, rest.count)
  }

  private static func withoutDates(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for field in bytes.ranges(of: Array("\r\nDate: ".utf8)) {
      let end = bytes[field.upperBound...].firstIndex(of: UInt8(ascii: "\r")) ?? bytes.endIndex
      for index in field.upperBound..<end { bytes[index] = UInt8(ascii: "-") }
    }
    return bytes
  }
}
