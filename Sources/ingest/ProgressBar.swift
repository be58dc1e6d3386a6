// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Synchronization

/// Shows how far a file is: a bar on a terminal, nothing otherwise.
///
/// Standard error only.
final class ProgressBar: Sendable {
  private let label: String
  private let isTerminal: Bool
  private let hasDrawn = Mutex(false)

  init(label: String) {
    self.label = label
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  func show(_ progress: ReadProgress) {
    // Small files are done before there is anything to show.
    guard isTerminal, progress.bytes > 0, progress.totalBytes > 0 else { return }
    let share = min(1, Double(progress.bytes) / Double(progress.totalBytes))
    let filled = Int(share * 30)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    hasDrawn.withLock { $0 = true }
    FileHandle.standardError.write(Data("\r\(bar) \(Int(share * 100)) %  \(label)\u{1B}[K".utf8))
  }

  /// Removes the bar, so that what follows starts on a clean line.
  func clear() {
    guard hasDrawn.withLock({ $0 }) else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
  }
}
