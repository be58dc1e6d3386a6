// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Glibc
import Testing

@Suite("Owned descriptors")
struct OwnedDescriptorTests {
  private func makeFile(_ text: String = "") throws -> OwnedDescriptor {
    let file = try OwnedDescriptor.open(FileManager.default.temporaryDirectory.path, flags: O_RDONLY | O_DIRECTORY)
      .makeUnnamedFile()
    try file.write(text.utf8Span.span)
    return file
  }

  private func isOpen(_ number: Int32) -> Bool { fcntl(number, F_GETFD) != -1 }

  @Test("The owner closes the descriptor, unless it gives it up")
  func closing() throws {
    let number: Int32
    do {
      let file = try makeFile()
      number = try file.duplicate().release()
      #expect(number != file.rawValue)
    }
    #expect(isOpen(number))
    let status = try OwnedDescriptor(owning: number).status()
    #expect(status.st_size == 0)
  }

  @Test("Every descriptor is closed on exec")
  func closedOnExec() throws {
    let file = try makeFile()
    let copy = try file.duplicate()
    #expect(fcntl(file.rawValue, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(copy.rawValue, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test("Bytes are read back from where they were written, up to the end")
  func positions() throws {
    let file = try makeFile("0123456789")
    try file.pwrite("AB".utf8Span.span, at: 12)
    #expect(try file.size() == 14)
    for (offset, expected) in [(0, "01234567"), (8, "89\0\0AB"), (13, "B"), (14, ""), (1_000, "")] {
      var bytes = [UInt8](repeating: 0, count: 8)
      var span = bytes.mutableSpan
      let count = try file.pread(into: &span, at: UInt64(offset))
      #expect(String(decoding: bytes.prefix(count), as: UTF8.self) == expected)
    }
    try file.truncate(to: 3)
    #expect(try file.size() == 3)
    try file.synchronize()
  }

  @Test(
    "Offsets and lengths that the kernel cannot take are errors, not traps",
    arguments: [
      UInt64.max, 1 << 63, UInt64(Int64.max),
    ])
  func hugeOffsets(offset: UInt64) throws {
    let file = try makeFile()
    var bytes: [UInt8] = [0, 1]
    #expect(throws: SystemCallError(call: "pwrite", errno: EINVAL)) { try file.pwrite(bytes.span, at: offset) }
    #expect(throws: SystemCallError(call: "pread", errno: EINVAL)) {
      var span = bytes.mutableSpan
      _ = try file.pread(into: &span, at: offset)
    }
    #expect(throws: SystemCallError.self) { try file.truncate(to: offset) }
  }

  @Test("A pipe is read in pieces, or fully, to its end")
  func pipes() throws {
    var numbers: [Int32] = [0, 0]
    // SAFETY: the kernel fills the two numbers.
    #expect(unsafe pipe(&numbers) == 0)
    let (reader, writer) = (numbers[0], numbers[1])
    let input = OwnedDescriptor(owning: reader)
    do {
      let output = OwnedDescriptor(owning: writer)
      try output.write("abc".utf8Span.span)
      var bytes = [UInt8](repeating: 0, count: 2)
      var span = bytes.mutableSpan
      #expect(try input.read(into: &span) == 2)
      try output.write("def".utf8Span.span)
    }
    var rest = [UInt8](repeating: 0, count: 16)
    var span = rest.mutableSpan
    #expect(try input.readFully(into: &span) == 4)
    #expect(String(decoding: rest.prefix(4), as: UTF8.self) == "cdef")
    span = rest.mutableSpan
    #expect(try input.read(into: &span) == 0)
  }

  @Test("Nothing is read into, or written from, no bytes")
  func empty() throws {
    let file = try makeFile("x")
    var none: [UInt8] = []
    var span = none.mutableSpan
    #expect(try file.readFully(into: &span) == 0)
    try file.write([UInt8]().span)
    #expect(try file.size() == 1)
  }

  @Test("A lock is exclusive between descriptions, and ends with its last descriptor")
  func locks() throws {
    let file = try makeFile()
    let other = try OwnedDescriptor.open("/proc/self/fd/\(file.rawValue)", flags: O_RDONLY)
    do {
      let copy = try file.duplicate()
      #expect(try copy.tryLock())
      #expect(try !other.tryLock())
      copy.unlock()
    }
    #expect(try other.tryLock())
    #expect(try !file.tryLock())
  }

  @Test(
    "Failures say the call and the error's name",
    arguments: [
      (ENOSPC, "openat: ENOSPC"), (EAGAIN, "openat: EAGAIN"), (EOPNOTSUPP, "openat: EOPNOTSUPP"), (999, "openat: E999"),
    ])
  func names(errno: Int32, expected: String) {
    #expect(SystemCallError(call: "openat", errno: errno).description == expected)
  }

  @Test("Directories are made, listed and removed by name")
  func directories() throws {
    let parent = try OwnedDescriptor.open(FileManager.default.temporaryDirectory.path, flags: O_RDONLY | O_DIRECTORY)
    let name = "descriptors-\(UUID().uuidString)"
    #expect(try parent.makeDirectory(name, mode: 0o700))
    #expect(try !parent.makeDirectory(name, mode: 0o700))
    let directory = try parent.openDirectory(name)
    try directory.makeUnnamedFile().link(as: "file", in: directory)
    #expect(throws: SystemCallError(call: "linkat", errno: EEXIST)) {
      try directory.makeUnnamedFile().link(as: "file", in: directory)
    }
    #expect(try directory.entries() == ["file"])
    #expect(throws: SystemCallError(call: "unlinkat", errno: ENOTEMPTY)) { try parent.removeDirectory(name) }
    try directory.removeFile("file")
    try parent.removeDirectory(name)
    #expect(throws: SystemCallError(call: "openat", errno: ENOENT)) { _ = try parent.openDirectory(name) }
  }
}
