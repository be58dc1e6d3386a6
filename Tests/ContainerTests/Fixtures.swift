// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of `samples/`, and the output of `samples/generate.py`.
enum Fixtures {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let samples = root.appending(path: "samples")

  /// The generated containers by their path, made once and not left lying about.
  private static let generated: [String: [UInt8]] = {
    let directory = FileManager.default.temporaryDirectory.appending(path: "ingest-containers-\(UUID())")
    defer { try? FileManager.default.removeItem(at: directory) }
    _ = try? python([samples.appending(path: "generate.py").path, directory.path])
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: directory.path)) ?? []
    return paths.filter { !$0.hasSuffix(".csv") }.reduce(into: [:]) { files, path in
      files[path] = (try? Data(contentsOf: directory.appending(path: path))).map(Array.init)
    }
  }()

  /// The names of a folder's files, such as `reject/trailing_data`.
  static func names(_ folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: samples.appending(path: folder).path)
    return (names ?? []).filter { !$0.hasPrefix("expected") }.map { "\(folder)/\($0)" }.sorted()
  }

  /// The bytes of a sample.
  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: samples.appending(path: path)))
  }

  /// The bytes of a generated sample.
  static func generatedBytes(_ path: String) throws -> [UInt8] {
    guard let bytes = generated[path] else { throw CocoaError(.fileNoSuchFile) }
    return bytes
  }

  /// What the tests' Python prints when given these arguments and this input.
  @discardableResult
  static func python(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    try run([root.appending(path: ".venv/bin/python").path] + arguments, input: input)
  }

  /// What a command prints when given this input.
  @discardableResult
  static func run(_ command: [String], input: [UInt8] = []) throws -> [UInt8] {
    let process = Process()
    let (inPipe, outPipe) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = inPipe
    process.standardOutput = outPipe
    try process.run()
    let writer = Thread {
      try? inPipe.fileHandleForWriting.write(contentsOf: Data(input))
      try? inPipe.fileHandleForWriting.close()
    }
    writer.start()
    let output = try outPipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return Array(output)
  }
}
