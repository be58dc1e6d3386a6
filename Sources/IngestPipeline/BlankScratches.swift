// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import Synchronization

/// Scratch files that were handed out and never written to, for the next uploads, as long as others are being read.
///
/// Few uploads need their scratch, and to make and drop a file for each costs more than to read a small table: file
/// systems look for an inode that was not in use lately. Nothing goes from one worker to another by this: what had any
/// byte written to it, or its length changed, is dropped, and its place in the file, which is all else that a worker can
/// change, is set back. It must have ended before. Where no upload is read none is kept.
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

  private struct State {
    var kept: [Scratch] = []
    /// Those that uploads have.
    var taken = 0
  }

  private let most: Int
  private let state = Mutex(State())
  private let make: @Sendable () throws -> OwnedDescriptor

  /// - Parameters:
  ///   - most: how many are kept.
  ///   - make: makes a fresh file without a name.
  init(most: Int, make: @escaping @Sendable () throws -> OwnedDescriptor) {
    (self.most, self.make) = (most, make)
  }

  /// An empty scratch that nobody else has.
  ///
  /// - Throws: why none can be made.
  func take() throws -> Scratch {
    let kept = state.withLock { state in
      state.taken += 1
      return state.kept.popLast()
    }
    do { return try kept ?? Scratch(make()) } catch {
      state.withLock { $0.taken -= 1 }
      throw error
    }
  }

  /// Takes back every scratch that was taken, once its worker has ended.
  func giveBack(_ scratch: Scratch) {
    let isBlank = scratch.isBlank
    state.withLock { state in
      state.taken -= 1
      if isBlank, state.kept.count < most { state.kept.append(scratch) }
      if state.taken == 0 { state.kept = [] }
    }
  }
}
