// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A store with every accepted sample, made once for all tests that only read it or publish the same again.
struct PublishedSamples: Sendable {
  let ended: Ended
  private let directory: TemporaryDirectory

  var store: URL { directory["store"] }
  /// What the batch printed.
  var lines: URL { directory["lines"] }

  static let command = ["batch", Binaries.samples.appending(path: "accept").path, "--json", "--store"]

  private static let shared = Task<PublishedSamples, any Error> {
    let directory = try TemporaryDirectory()
    let ended = try await ingest(command + [directory["store"].path], deadline: 240)
    try directory.write("lines", ended.output)
    return PublishedSamples(ended: ended, directory: directory)
  }

  static var value: PublishedSamples { get async throws { try await shared.value } }

  /// The file of a table in a store.
  static func file(_ id: String, in store: URL) -> URL {
    store.appending(path: "tables/\(id.prefix(2))/\(id).arrow")
  }
}
