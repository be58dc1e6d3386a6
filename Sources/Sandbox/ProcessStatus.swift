// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc

/// What the kernel says about a process in `/proc/PID/status`.
struct ProcessStatus {
  private let lines: [Substring]

  /// Reads the status; nil where the process is gone.
  init?(of process: Int32) {
    var bytes = [UInt8](repeating: 0, count: 8192)
    guard let file = try? OwnedDescriptor.open("/proc/\(process)/status", flags: O_RDONLY) else { return nil }
    var span = bytes.mutableSpan
    // Gone between the two calls is as good as gone.
    guard let count = try? file.readFully(into: &span), count > 0 else { return nil }
    lines = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
  }

  private func value(_ key: String) -> Substring? {
    guard let line = lines.first(where: { $0.hasPrefix(key + ":") }) else { return nil }
    return line.dropFirst(key.count + 1).drop { $0 == " " || $0 == "\t" }
  }

  /// Whether a filter is in force, no privilege can be gained, and no capability is left.
  var isConfined: Bool {
    value("Seccomp") == "2" && value("NoNewPrivs") == "1" && value("CapEff").map { $0.allSatisfy { $0 == "0" } } == true
  }

  /// Whether the process has a process namespace of its own below ours.
  var isInOwnNamespace: Bool { value("NSpid").map { $0.split(separator: "\t").count > 1 } == true }

  /// Resident memory without files, in bytes.
  var privateBytes: UInt64 { kibibytes("RssAnon") + kibibytes("RssShmem") }

  private func kibibytes(_ key: String) -> UInt64 {
    (value(key)?.prefix { $0.isNumber }).flatMap { UInt64($0) }.map { $0 << 10 } ?? 0
  }
}
