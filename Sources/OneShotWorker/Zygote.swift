// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
package import Lockdown
import WorkerChannel
package import WorkerProtocol

/// The process that every worker is forked from: warm, with one thread, and without one byte of an upload.
///
/// It reads nothing that a worker wrote. Workers become its parent's children, so that the service itself sees how each
/// ended.
package enum Zygote {
  /// The one descriptor that the zygote is started with, and the one that a worker begins with.
  static let channelDescriptor: Int32 = 3

  /// Forks workers as the service asks, until it closes the channel; never returns.
  ///
  /// - Parameter worker: what each forked process becomes.
  package static func run(becoming worker: Worker) -> Never {
    do {
      run(after: try EmptyRootTrial(), libraries: LibraryVersions(magic: 0, archive: 0), becoming: worker)
    } catch {
      exit(WorkerExit.failed)
    }
  }

  /// - Parameters:
  ///   - trial: whether there can be an empty root.
  ///   - libraries: what the service is told of the C libraries that the worker reads with.
  private static func run(
    after trial: consuming EmptyRootTrial, libraries: LibraryVersions, becoming worker: Worker
  ) -> Never {
    do {
      let forker = try Forker(after: trial)
      try serve(MessageSocket(owning: OwnedDescriptor(owning: channelDescriptor)), forker, libraries, worker)
      exit(WorkerExit.done)
    } catch {
      exit(WorkerExit.failed)
    }
  }

  /// Forks the workers that ship.
  ///
  /// - Parameter misdeeds: what each does beside.
  package static func run(misdeeds: Misdeeds = Misdeeds()) -> Never {
    do {
      let trial = try EmptyRootTrial()
      let parsers = try WarmParsers()
      try WorkerSession.rehearse(with: parsers)
      run(after: trial, libraries: parsers.libraries) { birth, channel in
        WorkerSession.run(birth, channel: channel, parsers: parsers, misdeeds: misdeeds)
      }
    } catch {
      exit(WorkerExit.failed)
    }
  }

  /// A worker's whole life, from its birth; gets its channel's number, which it owns.
  package typealias Worker = (Birth, Int32) -> Never

  private static func serve(
    _ service: borrowing MessageSocket, _ forker: Forker, _ libraries: LibraryVersions, _ worker: Worker
  ) throws {
    let warm = ZygoteReply.warm(version: WorkerMessage.version, libraries, hasEmptyRoot: forker.hasEmptyRoot)
    try service.send(warm.bytes)
    while let packet = try service.receive() {
      let order = try ForkOrder(packet.bytes)
      guard packet.descriptors.count == 1 else { throw MalformedMessage() }
      let channel = OwnedDescriptor(owning: packet.descriptors[0])
      try service.send(try fork(order, forker, channel, worker).bytes)
    }
  }

  private static func fork(
    _ order: ForkOrder, _ forker: Forker, _ channel: borrowing OwnedDescriptor, _ worker: Worker
  ) throws -> ZygoteReply {
    do {
      switch try forker.fork(user: order.user, inNamespaces: order.inNamespaces, asSibling: true) {
      case .parent(of: let process): return .forked(process)
      case .child(let birth):
        // In the place of the zygote's own channel, which the worker must not have.
        guard dup2(channel.rawValue, channelDescriptor) == channelDescriptor else { exit(WorkerExit.failed) }
        worker(birth, channelDescriptor)
      }
    } catch {
      guard case ConfinementError.fork(let number) = error else { throw error }
      return .failed(errno: number)
    }
  }
}
