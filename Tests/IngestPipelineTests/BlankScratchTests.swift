// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Glibc
import Testing

@testable import IngestPipeline

@Suite("Scratch files that are used again")
struct BlankScratchTests {
  private func scratches(most: Int = 2) -> BlankScratches {
    BlankScratches(most: most) {
      try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    }
  }

  @Test("C39 A scratch that nobody wrote to is used again, from its start, and by one at a time")
  func reused() throws {
    let scratches = scratches()
    let first = try scratches.take()
    let other = try scratches.take()
    #expect(first.descriptor.rawValue != other.descriptor.rawValue)
    #expect(lseek(first.descriptor.rawValue, 77, SEEK_SET) == 77)
    scratches.giveBack(first)
    let again = try scratches.take()
    #expect(again === first)
    #expect(lseek(again.descriptor.rawValue, 0, SEEK_CUR) == 0)
  }

  @Test("C38 Where no upload is read no scratch is kept")
  func idle() throws {
    let scratches = scratches()
    let first = try scratches.take()
    let second = try scratches.take()
    let inode = try first.descriptor.status().st_ino
    scratches.giveBack(first)
    scratches.giveBack(second)
    let next = try scratches.take()
    #expect(next !== first && next !== second)
    #expect(try next.descriptor.status().st_ino != inode)
  }

  @Test("C39 What was written to is dropped, emptied or not", arguments: [true, false])
  func dropped(isEmptied: Bool) throws {
    let scratches = scratches()
    let first = try scratches.take()
    let other = try scratches.take()
    defer { scratches.giveBack(other) }
    // Longer than the clock that inodes are stamped by takes to move on.
    usleep(20_000)
    try first.descriptor.write("secret".utf8Span.span)
    if isEmptied { try first.descriptor.truncate(to: 0) }
    scratches.giveBack(first)
    let next = try scratches.take()
    #expect(next !== first)
    #expect(try next.descriptor.size() == 0)
  }

  @Test("No more are kept than there are workers")
  func bounded() throws {
    let scratches = scratches(most: 1)
    let other = try scratches.take()
    defer { scratches.giveBack(other) }
    let taken = try (0..<3).map { _ in try scratches.take() }
    for scratch in taken { scratches.giveBack(scratch) }
    let again = try (0..<3).map { _ in try scratches.take() }
    #expect(again.filter { scratch in taken.contains { $0 === scratch } }.count == 1)
  }
}
