// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Validation

@testable import Catalog

@Suite("Marks of the catalog")
struct CatalogMarkTests {
  /// Sets the times of a database's files back, as if nothing had changed for a while.
  private func age(_ path: String, seconds: Int) throws {
    for path in [path, path + "-wal"] where FileManager.default.fileExists(atPath: path) {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -Double(seconds))], ofItemAtPath: path)
    }
  }

  @Test("After a commit of this process marks are alike until the next one, which ends before anybody is answered")
  func own() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["a"]))
      let (mark, again) = (catalog.mark, catalog.mark)
      // Where the machine took longer than files must be left alone, they are at rest.
      #expect(mark.phase == .ended && mark == again || again.phase == .atRest)
      _ = try await catalog.publish(try makeRequest(2, names: ["b"], table: 2))
      #expect(mark != catalog.mark && catalog.mark == catalog.mark)
    }
  }

  @Test("What another process may have committed makes every mark another one, until the files were at rest")
  func others() async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      let other = try TableCatalog.open(at: path, mode: .readWrite)
      _ = try await catalog.publish(try makeRequest(1, names: ["a"]))
      let mark = catalog.mark
      _ = try await other.publish(try makeRequest(2, names: ["b"], table: 2))
      #expect(catalog.mark != mark)
      #expect(catalog.mark != catalog.mark, "it may still wait for the disk")
      try age(path, seconds: CatalogMark.rest + 2)
      #expect(catalog.mark.phase == .atRest && catalog.mark == catalog.mark)
      try await other.close()
      try await catalog.close()
    }
  }

  @Test("Marks that are taken while a commit waits for the disk hold for nothing that comes later")
  func underway() async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      _ = try await catalog.publish(try makeRequest(1, names: ["a"]))
      // The log is written to before the commit ends, which another process sees in its files alone.
      let log = try #require(FileHandle(forUpdatingAtPath: path + "-wal"))
      let end = try log.seekToEnd()
      try log.write(contentsOf: Data([0]))
      #expect(catalog.mark != catalog.mark)
      try log.truncate(atOffset: end)
      try log.close()
      try await catalog.close()
    }
  }
}
