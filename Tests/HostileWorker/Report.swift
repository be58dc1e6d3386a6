// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Lines on standard output, by write(2) alone: stdio and `print` would make calls of their own.
enum Report {
  static func line(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    // SAFETY: the buffer is valid for the call and its count is its own.
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
