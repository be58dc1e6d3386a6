// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Sandbox
import Validation
import WorkerProtocol

/// What `ingest doctor` found.
struct Diagnosis: Encodable {
  struct Sandboxing: Encodable {
    let level: String
    let required: String
    let layers: [String]
    /// What the level *full* would need beside.
    let missing: [String]
    let attacksStopped: Int

    enum CodingKeys: String, CodingKey {
      case level, required, layers, missing
      case attacksStopped = "attacks_stopped"
    }
  }

  struct Kernel: Encodable {
    let release: String
    /// How many user namespaces one user may have; 0 forbids them.
    let maxUserNamespaces: UInt64?
    let cores: Int
    let memoryBytes: UInt64

    enum CodingKeys: String, CodingKey {
      case release, cores
      case maxUserNamespaces = "max_user_namespaces"
      case memoryBytes = "memory_bytes"
    }
  }

  /// A C library that reads uploads, and what it is known not to notice.
  struct Library: Encodable {
    let version: String
    let knownGaps: [String]

    enum CodingKeys: String, CodingKey {
      case version
      case knownGaps = "known_gaps"
    }
  }

  let version = BuildVersion.text
  let sandbox: Sandboxing
  let kernel: Kernel
  let libraries: [String: Library]
  let store: StoreHealth?

  init(_ trial: SandboxTrial, required: SandboxLevel, libraries: LibraryVersions, store: StoreHealth?) {
    sandbox = Sandboxing(
      level: trial.level.rawValue, required: required.rawValue, layers: trial.layers.names,
      missing: trial.missing(for: .full), attacksStopped: trial.attacks)
    kernel = .here
    self.libraries = ["libmagic": .magic(libraries.magic), "libarchive": .archive(libraries.archive)]
    self.store = store
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  var text: String {
    var lines = [
      "ingest      \(version)",
      "sandbox     level \(sandbox.level) (required: \(sandbox.required)), \(sandbox.attacksStopped) attacks stopped",
      "  layers    \(sandbox.layers.joined(separator: ", "))",
    ]
    if !sandbox.missing.isEmpty { lines.append("  missing   \(sandbox.missing.joined(separator: ", "))") }
    lines.append("kernel      Linux \(kernel.release), \(kernel.cores) cores, \(kernel.memoryBytes >> 20) MiB")
    for (name, library) in libraries.sorted(by: { $0.key < $1.key }) {
      lines.append(name.padding(toLength: 12, withPad: " ", startingAt: 0) + library.version)
      lines += library.knownGaps.map { "  gap       \($0)" }
    }
    if let store { lines.append(store.text) }
    return lines.joined(separator: "\n")
  }
}

extension Diagnosis.Kernel {
  fileprivate static var here: Self {
    let limit = try? String(contentsOfFile: "/proc/sys/user/max_user_namespaces", encoding: .utf8)
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return Self(
      release: release?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown",
      maxUserNamespaces: limit.flatMap { UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines)) },
      cores: ProcessInfo.processInfo.activeProcessorCount, memoryBytes: MachineMemory.total)
  }
}

extension Diagnosis.Library {
  /// libmagic, of which 544 is 5.44.
  ///
  /// Gaps as measured on 98 crafted files with 5.44.
  fileprivate static func magic(_ version: UInt32) -> Self {
    Self(
      version: "\(version / 100).\(version % 100)",
      knownGaps: [
        "calls prose, HTML and scripts with regular commas text/csv: our signatures come first",
        "stops looking for binary bytes at 64 KiB: the readers check every byte",
        "takes 0.3 s for 64 KiB of newlines: it is given at most 1 KiB of text",
      ])
  }

  /// libarchive, of which 3_006_002 is 3.6.2.
  ///
  /// Gaps as measured with 3.6.2.
  fileprivate static func archive(_ version: UInt32) -> Self {
    Self(
      version: "\(version / 1_000_000).\(version / 1_000 % 1_000).\(version % 1_000)",
      knownGaps: [
        "accepts overlapping, duplicate and mismatched ZIP members: our own directory check comes first",
        "accepts wrong gzip checksums and lengths: zlib reads gzip here",
      ])
  }
}

extension StoreHealth {
  fileprivate var text: String {
    let state = problem ?? (damaged.isEmpty ? "sound" : "damaged: \(damaged.joined(separator: ", "))")
    let free = freeBytes.map { ", \($0 >> 20) MiB free" } ?? ""
    return "store       \(path.escapedForDisplay): \(state), \(tables) tables\(free)"
  }
}
