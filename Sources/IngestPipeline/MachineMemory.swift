// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The memory that this process can count on.
package enum MachineMemory {
  /// The machine's, or the control group's where that has less, in bytes.
  package static var total: UInt64 {
    let machine = ProcessInfo.processInfo.physicalMemory
    let group = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap { path in
      (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { UInt64($0.filter(\.isNumber)) }
    }
    return min(machine, group.min() ?? .max)
  }
}
