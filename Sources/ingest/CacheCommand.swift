// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NIOHTTP1
import Validation

/// `ingest cache`: the caches of a running service.
struct CacheCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Look at the caches of a running service, or clear them.",
    subcommands: [CacheStatisticsCommand.self, CacheClearCommand.self])
}

/// Which service is meant.
struct ServiceOption: ParsableArguments {
  @Option(help: "The address of the service.")
  var url = "http://127.0.0.1:8080"

  /// Sends a request, and decodes what is answered.
  ///
  /// - Returns: nil for 404.
  func send<Answer: Decodable>(_ method: HTTPMethod, _ path: String, _ type: Answer.Type) async throws -> Answer? {
    let answer = try await ServiceClient(url: url).send(method, path)
    if answer.status == 404 { return nil }
    guard answer.status == 200 else {
      throw ServiceClient.Unanswered(description: "the service answered with status \(answer.status)")
    }
    do { return try JSONDecoder().decode(type, from: Data(answer.body)) } catch {
      throw ServiceClient.Unanswered(description: "the service answered with no list of caches; is it of this version?")
    }
  }
}

/// `ingest cache stats`.
struct CacheStatisticsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Tell what the caches of a running service hold, and how often they served.",
    discussion: "Exit status 70 where no service answers.")

  @Flag(help: "Print JSON: {\"caches\": {NAME: {…}}}.")
  var json = false

  @OptionGroup var service: ServiceOption

  private struct Listing: Codable {
    let caches: [String: Cache]
  }

  private struct Cache: Codable {
    let entries: Int
    let bytes: UInt64
    let hits: UInt64
    let misses: UInt64
    let coalesced: UInt64
    let stale: UInt64
    let declined: UInt64
    let evicted: UInt64
  }

  func run() async throws {
    guard let listing = try await service.send(.GET, "/v1/caches", Listing.self) else {
      throw ServiceClient.Unanswered(description: "the service has no caches that it tells of")
    }
    if json { return try DataOutput.json(listing) }
    for (name, cache) in listing.caches.sorted(by: { $0.key < $1.key }) {
      try DataOutput.line(
        "\(name.escapedForDisplay)\t\(cache.entries) entries, \(cache.bytes) bytes, \(cache.hits) hits, "
          + "\(cache.misses) misses, \(cache.coalesced) coalesced, \(cache.stale) stale, \(cache.declined) declined, "
          + "\(cache.evicted) evicted")
    }
  }
}

/// `ingest cache clear`.
struct CacheClearCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear", abstract: "Have a running service forget what its caches keep.",
    discussion: "Nothing is lost but time. Exit status 2 where there is no such cache, 70 where no service answers.")

  @Argument(help: "The cache: tables, files, encodings or answers; all where none is given.")
  var name: String?

  @Flag(help: "Print JSON: {\"cleared\": […]}.")
  var json = false

  @OptionGroup var service: ServiceOption

  private struct Cleared: Codable {
    let cleared: [String]
  }

  func validate() throws {
    guard let name else { return }
    guard !name.isEmpty, name.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
      throw ValidationError("there is no cache of this name")
    }
  }

  func run() async throws {
    let path = "/v1/caches" + (name.map { "/\($0)" } ?? "")
    guard let answer = try await service.send(.DELETE, path, Cleared.self) else {
      throw ExitStatus.Usage(message: "there is no cache \(name ?? "")")
    }
    if json { return try DataOutput.json(answer) }
    for cache in answer.cleared { try DataOutput.line("cleared \(cache.escapedForDisplay)") }
  }
}
