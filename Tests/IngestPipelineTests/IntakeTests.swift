// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Testing
import Validation
import WorkerProtocol

@testable import IngestPipeline

private func makeSpool(_ limits: Limits, budget: UInt64 = 1 << 20) -> SpoolWriter {
  SpoolWriter(limits: limits, budget: SpoolBudget(limit: ByteCount(bytes: budget))) {
    try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
  }
}

private func content(_ source: UploadSource) throws -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: Int(source.bytes))
  var span = bytes.mutableSpan
  _ = try source.descriptor.pread(into: &span, at: 0)
  return bytes
}

@Suite("Intake")
struct IntakeTests {
  @Test("The same bytes come out, in memory and on disk", arguments: [0, 1, 4095, 4096, 70_000])
  func roundTrip(_ count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var limits = Limits()
    limits.memorySpoolBytes = .kibibytes(4)
    let spool = makeSpool(limits)
    for start in stride(from: 0, to: count, by: 1000) {
      try spool.append(Array(bytes[start..<min(start + 1000, count)]).span)
    }
    let source = try spool.finish()
    #expect(source.bytes == UInt64(count))
    #expect(try content(source) == bytes)
  }

  @Test("The hash is SHA-256 of the bytes")
  func hash() async throws {
    let spool = makeSpool(Limits())
    try spool.append(Array("abc".utf8).span)
    // FIPS 180-2, appendix B.1.
    #expect(
      try spool.finish().knownHash?.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("C9 A spool takes its cap and not a byte more")
  func cap() throws {
    var limits = Limits()
    limits.uploadBytes = ByteCount(bytes: 100)
    let spool = makeSpool(limits)
    try spool.append([UInt8](repeating: 1, count: 100).span)
    let error = #expect(throws: Rejection.self) { try spool.append([1].span) }
    #expect(error?.code == .tooLarge)
    #expect(error?.limit == 100)
  }

  @Test("A spool without memory budget goes to disk, and the budget comes back")
  func budget() throws {
    let budget = SpoolBudget(limit: ByteCount(bytes: 10))
    #expect(budget.take(10))
    #expect(!budget.take(1))
    budget.giveBack(10)
    #expect(budget.take(.min))
    let spool = makeSpool(Limits(), budget: 0)
    try spool.append([1, 2, 3].span)
    #expect(try content(try spool.finish()) == [1, 2, 3])
  }

  @Test("A spooled upload cannot be written to")
  func sealed() throws {
    let spool = makeSpool(Limits())
    try spool.append([1].span)
    let source = try spool.finish()
    #expect(throws: SystemCallError.self) { try source.descriptor.pwrite([2].span, at: 0) }
  }

  @Test("A file that changes while it is read is noticed", arguments: ["a,b\n1,3\n", "a,b\n", "a,b\n1,2\n3,4\n"])
  func changed(_ after: String) throws {
    let path = NSTemporaryDirectory() + "changing-\(UInt32.random(in: .min ... .max)).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("a,b\n1,2\n".utf8).write(to: URL(fileURLWithPath: path))
    let source = try #require(try UploadSource.open(path: path, limit: .mebibytes(1)))
    #expect(source.isUnchanged)
    // A lease would make this wait for as long as the kernel allows, so the file is replaced in its inode by a
    // process that does not wait.
    #expect(source.releaseLease())
    let file = try OwnedDescriptor.open(path, flags: O_WRONLY | O_TRUNC)
    try file.write(Array(after.utf8).span)
    #expect(!source.isUnchanged)
  }

  @Test("A large file is hashed beside, and the hash is that of its bytes", arguments: [-1, 0, 1, 1_000_001])
  func large(_ more: Int) async throws {
    let path = NSTemporaryDirectory() + "large-\(UInt32.random(in: .min ... .max)).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = String(repeating: "x", count: Int(UploadSource.hashedFirst) + more)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let source = try #require(try UploadSource.open(path: path, limit: .mebibytes(8)))
    #expect(more > 0 || source.knownHash != nil)
    #expect(try await source.hash() == ContentHash(of: text))
    #expect(source.knownHash == ContentHash(of: text) && source.isUnchanged)
  }

  @Test("A file that is shorter than it was has no hash")
  func shortened() async throws {
    let file = try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    try file.truncate(to: 5_000_000)
    let hashing = try ContentHashing.start(file, count: 5_000_001)
    let error = await #expect(throws: Rejection.self) { try await hashing.value() }
    #expect(error?.code == .sourceChanged && hashing.known == nil)
  }

  @Test("Where no thread can be started, a file is hashed at once")
  func withoutThread() throws {
    // No address space has room for such a stack.
    let impossible = 1 << 60
    #expect(throws: SystemCallError.self) { try DetachedThread.start(stackBytes: impossible) {} }
    let file = try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    try file.write("abc".utf8Span.span)
    #expect(try ContentHashing.start(file, count: 3, stackBytes: impossible).known == ContentHash(of: "abc"))
  }

  @Test("What is no regular file is not opened in place")
  func device() throws {
    #expect(try UploadSource.open(path: "/dev/null", limit: .mebibytes(1)) == nil)
  }

  @Test("Identities are what they were when they were published first")
  func identities() {
    let hash = ContentHash(of: "a,b\n1,2\n")
    let derivation = Derivation(content: hash, format: .csv, options: ReadOptions())
    #expect(derivation.id == "6993c245d7f5b9d175b1a5cf5b5e9309bc0fc6c37549c95d3c82d54495c439e7")
    #expect(derivation.tableID(ordinal: 0) == "2e66861bba16a96c1a2a2b784df23719cfee94ba985abb10bb92d5d04dd90bdf")
    let others = [
      Derivation(content: hash, format: .zip, options: ReadOptions()),
      Derivation(content: ContentHash(of: ""), format: .csv, options: ReadOptions()),
      Derivation(content: hash, format: .csv, options: ReadOptions(header: .never)),
      Derivation(content: hash, format: .csv, options: ReadOptions(isVerbatim: true)),
    ]
    #expect(Set(others.map(\.id) + [derivation.id]).count == 5)
  }
}
