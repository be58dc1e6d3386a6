// SPDX-License-Identifier: Apache-2.0

import Foundation
import Fuzzing

/// The file of the input that a target takes just now, so that it is known after a trap, which ends all tests.
///
/// `tools/test` names what lies in the folder when it is done.
struct InputAtWork {
  let path: String

  /// - Parameter folder: the one for all targets, which is made.
  init(of target: FuzzTarget, in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = "\(folder)/\(target.name)"
  }

  /// Runs the target on inputs, up to the first on which it throws.
  ///
  /// - Returns: what it threw, and the name that came with the input; the file then holds the input, else it is gone.
  func finding(
    of target: FuzzTarget, on inputs: some Sequence<(name: String, bytes: [UInt8])>
  ) throws -> (name: String, error: any Error)? {
    for (name, bytes) in inputs {
      try Data(bytes).write(to: URL(filePath: path))
      do { try target.trial(bytes) } catch { return (name, error) }
    }
    try FileManager.default.removeItem(atPath: path)
    return nil
  }
}
