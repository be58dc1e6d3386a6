// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Glibc
import Store
import Testing

@Suite("Scratch directories")
struct ScratchTests {
  @Test("A store at work has one random directory of its own, and none once closed")
  func ownDirectory() async throws {
    try await withTemporaryDirectory { path in
      let store = try TableStore.open(at: path, mode: .readWrite)
      let own = try tree(path + "/scratch")
      #expect(own.count == 1)
      #expect(own.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
      #expect(try own.allSatisfy { try permissions("\(path)/scratch/\($0)") == 0o700 })
      try Data("left over".utf8).write(to: URL(fileURLWithPath: "\(path)/scratch/\(own[0])/file"))
      try await store.close()
      #expect(try tree(path + "/scratch").isEmpty)
    }
  }

  @Test("A store that is dropped without being closed takes its directory along")
  func dropped() async throws {
    try await withTemporaryDirectory { path in
      do { _ = try TableStore.open(at: path, mode: .readWrite) }
      #expect(try tree(path + "/scratch").isEmpty)
    }
  }

  @Test("A scratch file has no name and is read and written by its user only")
  func scratchFile() async throws {
    try await withStore { store, path in
      let before = try tree(path)
      let file = try store.makeScratchFile()
      try file.pwrite("passing".utf8Span.span, at: 0)
      #expect(try text(of: file) == "passing")
      #expect(try file.status().st_mode & 0o777 == 0o600)
      #expect(try tree(path) == before)
    }
  }

  @Test("What a killed process left is swept at the next start; what lives, or is not ours, is kept")
  func sweep() async throws {
    try await withTemporaryDirectory { path in
      let living = try TableStore.open(at: path, mode: .readWrite)
      let scratch = path + "/scratch"
      let kept = try tree(scratch) + ["README", "not-ours", "not-ours/file"]
      try Data().write(to: URL(fileURLWithPath: scratch + "/README"))
      for folder in ["/not-ours", "/" + hex(1, digits: 32), "/" + hex(2, digits: 32) + "/deeper/still"] {
        try FileManager.default.createDirectory(atPath: scratch + folder, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: scratch + folder + "/file"))
      }
      try FileManager.default.createDirectory(atPath: path + "/tables/00", withIntermediateDirectories: false)
      let outside = path + "/ingest-store"
      try FileManager.default.createSymbolicLink(
        atPath: scratch + "/" + hex(1, digits: 32) + "/link", withDestinationPath: outside)
      try FileManager.default.createSymbolicLink(
        atPath: scratch + "/" + hex(3, digits: 32), withDestinationPath: path + "/tables")
      let next = try TableStore.open(at: path, mode: .readWrite)
      let ours = Set(try tree(scratch)).subtracting(kept)
      #expect(Set(kept).isSubset(of: try tree(scratch)))
      #expect(ours.subtracting([hex(3, digits: 32)]).count == 1, "only the directory of the new store has come")
      #expect(FileManager.default.fileExists(atPath: outside))
      #expect(FileManager.default.fileExists(atPath: path + "/tables/00"))
      _ = try living.makeScratchFile()
      try await next.close()
      try await living.close()
    }
  }

  @Test(
    "The directory of another process is kept while it runs and swept once it is killed",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/flock")))
  func killedProcess() async throws {
    try await withTemporaryDirectory { path in
      try await TableStore.open(at: path, mode: .readWrite).close()
      let folder = path + "/scratch/" + hex(7, digits: 32)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      let owner = Process()
      owner.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
      owner.arguments = ["--no-fork", folder, "sh", "-c", "echo locked; exec sleep 60"]
      let pipe = Pipe()
      owner.standardOutput = pipe
      try owner.run()
      _ = pipe.fileHandleForReading.readData(ofLength: 7)
      try await TableStore.open(at: path, mode: .readWrite).close()
      #expect(FileManager.default.fileExists(atPath: folder))
      kill(owner.processIdentifier, SIGKILL)
      owner.waitUntilExit()
      try await TableStore.open(at: path, mode: .readWrite).close()
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
  }
}
