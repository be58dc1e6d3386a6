// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Catalog

@Suite("The window of a commit")
struct CommitWindowTests {
  private let start = ContinuousClock.now

  /// A window in which changes came at this pace, the last one at `start`.
  private func window(every interval: Duration) -> CommitWindow {
    var window = CommitWindow()
    for number in (0..<100).reversed() {
      window.close(leaving: 0, at: start - interval * number)
      window.noteChange(at: start - interval * number)
    }
    return window
  }

  @Test(
    "A commit waits while more come than it holds, for four intervals and never longer than 25 ms",
    arguments: [
      // interval and age in milliseconds, held, coming, whether it waits
      (5, 0, 1, 15, true), (5, 19, 4, 12, true), (5, 21, 4, 12, false), (5, 0, 8, 8, false), (5, 0, 9, 7, false),
      (10, 24, 2, 14, true), (10, 26, 2, 14, false), (5, 0, 1, 1, false), (5, 0, 1, 0, false), (5, 0, 1, -1, false),
      (30, 0, 1, 15, false), (1, 3, 1, 15, true), (1, 5, 1, 15, false),
    ])
  func waits(interval: Int, age: Int, held: Int, coming: Int, expected: Bool) {
    let window = window(every: .milliseconds(interval))
    #expect(window.isOpen(holding: held, coming: coming, at: start + .milliseconds(age)) == expected)
  }

  @Test("What a full commit left has waited since that commit, and nothing waits where it left nothing")
  func left() {
    var window = window(every: .milliseconds(5))
    window.close(leaving: 2, at: start + .milliseconds(30))
    #expect(window.isOpen(holding: 2, coming: 9, at: start + .milliseconds(40)))
    #expect(!window.isOpen(holding: 2, coming: 9, at: start + .milliseconds(60)))
    window.close(leaving: 0, at: start + .milliseconds(60))
    #expect(!window.isOpen(holding: 0, coming: 9, at: start + .milliseconds(60)))
  }

  @Test("However long nothing came, a burst is waited for soon")
  func burst() {
    var window = CommitWindow()
    window.noteChange(at: start - .seconds(3_600))
    window.close(leaving: 0, at: start)
    for number in 0..<20 { window.noteChange(at: start + .milliseconds(number)) }
    #expect(window.isOpen(holding: 5, coming: 10, at: start + .milliseconds(20)) == false)
    window.close(leaving: 0, at: start + .milliseconds(20))
    window.noteChange(at: start + .milliseconds(21))
    #expect(window.isOpen(holding: 1, coming: 10, at: start + .milliseconds(22)))
  }
}
