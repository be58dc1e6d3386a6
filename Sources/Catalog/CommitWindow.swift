// SPDX-License-Identifier: Apache-2.0

/// How long a commit waits for more changes, by the pace at which they come.
///
/// Pure: told what happens and when.
struct CommitWindow {
  /// No change waits longer than this for others.
  static let longest = Duration.milliseconds(25)
  /// A commit waits for about as many changes as this; more share it where the disk is slower than they come.
  private static let arrivals = 4
  /// What one interval counts for in the mean, as a divisor.
  private static let weight = 8

  /// When the first of those came that wait for a commit; nil where none does.
  private var opened: ContinuousClock.Instant?
  private var last: ContinuousClock.Instant?
  /// The mean interval between two changes, of the last ones mostly.
  private var interval = Self.longest

  /// A change came, and waits.
  mutating func noteChange(at now: ContinuousClock.Instant) {
    // However long nothing came, one burst is enough to be noticed.
    if let last { interval += (min(now - last, Self.longest * 2) - interval) / Self.weight }
    last = now
    opened = opened ?? now
  }

  /// A commit took what waited, but for `left` of it.
  mutating func close(leaving left: Int, at now: ContinuousClock.Instant) { opened = left > 0 ? now : nil }

  /// Whether a commit is worth waiting with.
  ///
  /// One alone never waits, nor does a commit that holds as many changes as can still come: their senders have nothing to
  /// do meanwhile.
  ///
  /// - Parameters:
  ///   - held: the changes that wait.
  ///   - coming: those that were announced beside them.
  func isOpen(holding held: Int, coming: Int, at now: ContinuousClock.Instant) -> Bool {
    guard let opened, held < coming, interval < Self.longest else { return false }
    return now - opened < min(interval * Self.arrivals, Self.longest)
  }
}
