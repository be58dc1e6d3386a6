// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc

extension ProcessStatus {
  /// An honest worker has far fewer threads.
  private static let mostThreads = 64

  /// Whether each thread of a process is confined: filters and privileges are a thread's own.
  ///
  /// A thread that begins later has what its creator has.
  static func areThreadsConfined(of process: Int32) -> Bool { areThreadsConfined(in: "/proc/\(process)/task") }

  /// - Parameter directory: holds one directory for each thread.
  static func areThreadsConfined(in directory: String) -> Bool {
    guard let threads = try? OwnedDescriptor.open(directory, flags: O_RDONLY | O_DIRECTORY).entries(),
      !threads.isEmpty, threads.count <= mostThreads
    else { return false }
    // One that ended meanwhile counts as unconfined: before it has an upload, no worker ends any.
    return threads.allSatisfy { ProcessStatus(path: "\(directory)/\($0)/status")?.isConfined == true }
  }
}
