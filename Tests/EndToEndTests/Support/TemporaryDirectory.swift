// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A directory that is removed with everything in it when its owner lets go, or when the runner exits.
final class TemporaryDirectory: Sendable {
  let url: URL

  /// What is not removed yet: several tests may share a directory, whose owner never lets go.
  private static let living = Mutex<Set<URL>>([])
  private static let removesAtExit: Void = {
    atexit { TemporaryDirectory.living.withLock { $0 }.forEach { try? FileManager.default.removeItem(at: $0) } }
  }()

  init() throws {
    url = URL(filePath: NSTemporaryDirectory()).appending(path: "ingest-e2e-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    Self.removesAtExit
    _ = Self.living.withLock { $0.insert(url) }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
    _ = Self.living.withLock { $0.remove(url) }
  }

  subscript(name: String) -> URL { url.appending(path: name) }

  /// Writes a file, and the folders on its way.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> URL { try write(name, Data(text.utf8)) }

  @discardableResult
  func write(_ name: String, _ data: Data) throws -> URL {
    let file = self[name]
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file
  }

  /// The names of what lies in the directory itself, sorted.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// Every regular file under a folder, by its path in it, sorted.
func files(under folder: URL) -> [String] {
  guard let names = FileManager.default.enumerator(atPath: folder.path) else { return [] }
  var found: [String] = []
  for case let name as String in names where names.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
    found.append(name)
  }
  return found.sorted()
}
