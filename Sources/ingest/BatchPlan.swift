// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Validation

/// The files of a batch, in a fixed order, and the names that their tables get.
struct BatchPlan {
  struct File: Sendable {
    let path: String
    /// The path relative to its argument, which names the table.
    let relative: String
    var tableName: String
    /// Whether the name is no UTF-8, so that the file cannot even be opened by it here.
    var isMisnamed = false
    /// Whether another file wanted the same name, so that this one carries a hash.
    var isRenamed = false
  }

  private(set) var files: [File] = []
  /// Links, devices and other entries that are no plain files.
  private(set) var skipped: [String] = []

  init(paths: [String]) throws {
    for path in paths { try add(path) }
    resolveCollisions()
  }

  private mutating func add(_ path: String) throws {
    var isDirectory: ObjCBool = false
    // SAFETY: the call fills the one flag that it is given.
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ExitStatus.Usage(message: "there is no \(path.escapedForDisplay)")
    }
    guard isDirectory.boolValue else {
      guard try UploadSource.isRegularFile(path: path) else {
        skipped.append(path)
        return
      }
      append(path, relative: URL(fileURLWithPath: path).lastPathComponent)
      return
    }
    guard let names = FileManager.default.enumerator(atPath: path) else {
      throw ExitStatus.Usage(message: "cannot read \(path.escapedForDisplay)")
    }
    var found: [String] = []
    for case let name as String in names {
      switch names.fileAttributes?[.type] as? FileAttributeType {
      case .typeDirectory?: continue
      case .typeRegular?: found.append(name)
      case nil:
        append("\(path)/\(name)", relative: name)
        files[files.count - 1].isMisnamed = true
      default: skipped.append("\(path)/\(name)")
      }
    }
    for name in found.sorted() { append("\(path)/\(name)", relative: name) }
  }

  private mutating func append(_ path: String, relative: String) {
    let hash = ContentHash(of: relative).description
    files.append(File(path: path, relative: relative, tableName: TableName(forFile: relative, tableID: hash).text))
  }

  /// Names that collide, ignoring case, get six digits of their path's hash.
  private mutating func resolveCollisions() {
    let groups = Dictionary(grouping: files.indices) { files[$0].tableName.lowercased() }
    for group in groups.values where group.count > 1 {
      // The relative path, so that a folder gets the same names from wherever it is read; of two folders that hold the
      // same relative path the whole path has to tell.
      let isOfOneFolder = Set(group.map { files[$0].relative }).count == group.count
      for index in group {
        guard let name = TableName(exactly: files[index].tableName) else { continue }
        let hash = ContentHash(of: isOfOneFolder ? files[index].relative : files[index].path)
        files[index].tableName = name.appending(String(hash.description.prefix(6))).text
        files[index].isRenamed = true
      }
    }
  }
}
