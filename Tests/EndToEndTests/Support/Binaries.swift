// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the built programs, the repository and the interpreter for interoperability are.
enum Binaries {
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// The directory of the built programs: that of the test runner, or `$INGEST_BINARIES`.
  static let directory: URL = {
    if let given = ProcessInfo.processInfo.environment["INGEST_BINARIES"] { return URL(filePath: given) }
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
  }()

  /// The repository's root: three folders above this file, which may be seen through a link.
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static var samples: URL { root.appending(path: "samples") }

  /// `ingest`, as a user calls it.
  static func ingest() throws -> String { try program("ingest") }

  /// The worker that misbehaves where its input asks for it; `$INGEST_MISBEHAVING_WORKER` or beside the others.
  static func misbehavingWorker() throws -> String {
    if let given = ProcessInfo.processInfo.environment["INGEST_MISBEHAVING_WORKER"] { return given }
    return try program("misbehaving-worker")
  }

  static func program(_ name: String) throws -> String {
    let path = directory.appending(path: name).path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Missing(description: "no \(name) in \(directory.path): build all products, or set INGEST_BINARIES")
    }
    return path
  }

  /// The library that makes calls on files fail, built once.
  static var faultShim: String { get async throws { try await builtFaultShim.value } }

  private static let builtFaultShim = Task<String, any Error> {
    let ended = try await run([root.appending(path: "tools/fault-shim").path])
    guard ended.status == 0, let path = ended.lines.last else { throw Missing(description: "no shim: \(ended.talk)") }
    return path
  }

  /// A Python with pyarrow, polars and duckdb: `$INGEST_PYTHON`, or the environment that `make test` makes.
  static func python() throws -> String {
    let path =
      ProcessInfo.processInfo.environment["INGEST_PYTHON"] ?? root.appending(path: ".venv/bin/python").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Missing(description: "no Python with pyarrow, polars and duckdb at \(path): `make test` makes it")
    }
    return path
  }

  /// Python's standard library alone.
  static let plainPython = "/usr/bin/python3"

  static func script(_ name: String) -> String { root.appending(path: "Tests/python/\(name)").path }
}
