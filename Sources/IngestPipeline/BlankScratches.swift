// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import Synchronization

/// Scratch files that were handed out and never written to, kept for the next uploads.
///
/// Few uploads need their scratch, and to make and drop a file for each costs more than to read a small table: file
/// systems look for an inode that was not in use lately. Nothing goes from one worker to another by this: what had any
/// byte written to it, or its length changed, is dropped, and its place in the file, which is all else that a worker can
/// change, is set back. It must have ended before.
final class BlankScratches: Sendable {
  /// A scratch, and how the kernel saw it when it was made.
  final class Scratch: Sendable {
    let descriptor: OwnedDescriptor
    fileprivate let blank: FileIdentity

    fileprivate init(_ descriptor: consuming OwnedDescriptor) throws(SystemCallError) {
      blank = try FileIdentity(of: descriptor)
      self.descriptor = descriptor
    }

    /// The times tell of writes that were taken back.
    fileprivate var isBlank: Bool {
      (try? FileIdentity(of: descriptor)) == blank && lseek(descriptor.rawValue, 0, SEEK_SET) == 0
    }
  }

  private let most: Int
  private let kept = Mutex<[Scratch]>([])
  private let make: @Sendable () throws -> OwnedDescriptor

  /// - Parameters:
  ///   - most: how many are kept.
  ///   - make: makes a fresh file without a name.
  init(most: Int, make: @escaping @Sendable () throws -> OwnedDescriptor) {
    (self.most, self.make) = (most, make)
  }

  /// An empty scratch that nobody else has.
  func take() throws -> Scratch { try kept.withLock { $0.popLast() } ?? Scratch(make()) }

  /// Takes a scratch back whose worker has ended.
  func giveBack(_ scratch: Scratch) {
    guard scratch.isBlank else { return }
    kept.withLock { if $0.count < most { $0.append(scratch) } }
  }
}
