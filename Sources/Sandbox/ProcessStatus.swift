// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc

/// What the kernel says about a process in `/proc/PID/status`, or about a thread in `/proc/PID/task/TID/status`.
struct ProcessStatus {
  private let text: [UInt8]

  /// Reads the status; nil where the process is gone.
  init?(of process: Int32) { self.init(path: "/proc/\(process)/status") }

  /// Reads the status at a path of `/proc`; nil where its process or thread is gone.
  init?(path: String) {
    guard let file = try? OwnedDescriptor.open(path, flags: O_RDONLY) else { return nil }
    // The list of groups has up to 65,536 numbers, and stands before what is looked for.
    for room in [4096, 1 << 20] {
      var bytes = [UInt8](repeating: 0, count: room)
      var span = bytes.mutableSpan
      // Gone between the two calls is as good as gone.
      guard let count = try? file.readFully(into: &span), count > 0 else { return nil }
      guard count == room else {
        text = Array(bytes.prefix(count))
        return
      }
      guard lseek(file.rawValue, 0, SEEK_SET) == 0 else { return nil }
    }
    return nil
  }

  /// What follows the key on its line, without the blanks around it.
  ///
  /// Compared as bytes: this is on every upload's path.
  private func value(_ key: StaticString) -> [UInt8]? {
    let key = Array("\(key):".utf8)
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      if text[start..<end].starts(with: key) {
        return Array(text[(start + key.count)..<end].drop { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") })
      }
      start = end + 1
    }
    return nil
  }

  /// Whether a filter is in force, no privilege can be gained, and no capability is left.
  var isConfined: Bool {
    let zero = UInt8(ascii: "0")
    return value("Seccomp") == [UInt8(ascii: "2")] && value("NoNewPrivs") == [UInt8(ascii: "1")]
      && value("CapEff").map { !$0.isEmpty && $0.allSatisfy { $0 == zero } } == true
  }

  /// Whether the process has a process namespace of its own below ours.
  var isInOwnNamespace: Bool { value("NSpid").map { $0.contains(UInt8(ascii: "\t")) } == true }

  /// Resident memory without files, in bytes.
  var privateBytes: UInt64 { kibibytes("RssAnon") + kibibytes("RssShmem") }

  private func kibibytes(_ key: StaticString) -> UInt64 {
    let digits = value(key)?.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? []
    return UInt64(String(decoding: digits, as: UTF8.self)).map { $0 << 10 } ?? 0
  }
}
