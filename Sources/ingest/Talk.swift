// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation

/// What is said to people, on standard error.
///
/// Names and texts of files are escaped by who passes them.
enum Talk {
  static func line(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

/// Data on standard output, or in a file that appears complete or not at all.
enum DataOutput {
  /// A descriptor of our own, which lives as long as the process.
  private static let standardOutput = OwnedDescriptor(owning: dup(STDOUT_FILENO))

  /// Writes to standard output.
  ///
  /// - Throws: the failure of `write`, such as `EPIPE`.
  static func write(_ bytes: [UInt8]) throws(SystemCallError) { try standardOutput.write(bytes.span) }

  static func line(_ text: String) throws(SystemCallError) { try write(Array((text + "\n").utf8)) }
}
