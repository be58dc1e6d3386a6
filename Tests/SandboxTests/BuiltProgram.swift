// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program of the package, beside the test runner.
enum BuiltProgram {
  struct Missing: Error { let name: String }

  static func path(_ name: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    for start in [CommandLine.arguments.last { $0.hasSuffix(".xctest") }, own].compactMap({ $0 }) {
      var folder = URL(filePath: start)
      while folder.path != "/" {
        folder.deleteLastPathComponent()
        let candidate = folder.appending(path: name).path
        if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      }
    }
    throw Missing(name: name)
  }
}
