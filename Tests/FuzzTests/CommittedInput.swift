// SPDX-License-Identifier: Apache-2.0

import Foundation
import Fuzzing

/// A file of `Fuzz/` that a target must take.
struct CommittedInput {
  /// Its path below `Fuzz/`.
  let name: String
  let bytes: [UInt8]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzz")
    .standardizedFileURL

  /// The target's corpus, then what was found once, by name.
  static func all(of target: FuzzTarget) throws -> [CommittedInput] {
    try ["Corpus", "Regressions"].flatMap { kind in
      try files(in: "\(kind)/\(target.name)").map { CommittedInput(name: $0, bytes: try contents(of: $0)) }
    }
  }

  /// The names of all targets that have a corpus.
  static func targetsWithCorpus() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "Corpus").path()).sorted()
  }

  /// The words that mean something to the target; none where it has no dictionary.
  static func words(for target: FuzzTarget) throws -> [[UInt8]] {
    let name = "Dictionaries/\(target.name).dict"
    guard FileManager.default.fileExists(atPath: folder.appending(path: name).path()) else { return [] }
    return try FuzzDictionary(parsing: String(decoding: contents(of: name), as: UTF8.self)).words
  }

  private static func files(in subfolder: String) throws -> [String] {
    let path = folder.appending(path: subfolder).path()
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { "\(subfolder)/\($0)" }
  }

  private static func contents(of name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }
}
