// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Sandbox

@Suite("Status of a process")
struct ProcessStatusTests {
  private static let confined = "Name:\tw\nNSpid:\t9\t1\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n"

  /// Looks at threads with these statuses.
  private func isConfined(_ statuses: [String]) throws -> Bool {
    let directory = FileManager.default.temporaryDirectory.appending(path: "threads-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (number, status) in statuses.enumerated() {
      let thread = directory.appending(path: "\(100 + number)")
      try FileManager.default.createDirectory(at: thread, withIntermediateDirectories: true)
      try Data(status.utf8).write(to: thread.appending(path: "status"))
    }
    return ProcessStatus.areThreadsConfined(in: directory.path)
  }

  @Test("Threads that all have the filter are confined", arguments: [1, 2, 5])
  func all(count: Int) throws {
    #expect(try isConfined([String](repeating: Self.confined, count: count)))
  }

  @Test(
    "One thread that lacks anything is enough, whichever it is",
    arguments: [
      ("Seccomp:\t2", "Seccomp:\t0"), ("Seccomp:\t2", "Seccomp:\t1"), ("NoNewPrivs:\t1", "NoNewPrivs:\t0"),
      ("0000000000000000", "0000000000200000"), ("Seccomp:", "Other:"), ("CapEff:", "Other:"),
    ])
  func one(part: String, other: String) throws {
    let unconfined = Self.confined.replacingOccurrences(of: part, with: other)
    for place in 0..<3 {
      var statuses = [String](repeating: Self.confined, count: 3)
      statuses[place] = unconfined
      #expect(try !isConfined(statuses))
    }
  }

  @Test("No thread, or more than any worker has, is not confined")
  func counts() throws {
    #expect(try !isConfined([]))
    #expect(try !isConfined([String](repeating: Self.confined, count: 65)))
    #expect(!ProcessStatus.areThreadsConfined(in: "/nonexistent"))
  }

  @Test("The threads of this process, which nothing confines, are looked at")
  func own() {
    #expect(ProcessStatus(of: getpid()) != nil)
    #expect(!ProcessStatus.areThreadsConfined(of: getpid()))
  }
}
