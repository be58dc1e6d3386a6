// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing

@testable import IngestPipeline

@Suite("Counts of what is read and turned away")
struct AccessCountsTests {
  private static let minute: Int64 = 1_700_000_040_000_000
  private static let next = minute + 60_000_000

  private static func read(_ subject: String, by actor: String = "ann", in minute: Int64 = minute) -> CountedAccess {
    CountedAccess(minute: minute, actor: actor, kind: .read(subject))
  }

  private static func turnedAway(_ code: String, by actor: String = "ann", in minute: Int64 = minute) -> CountedAccess {
    CountedAccess(minute: minute, actor: actor, kind: .turnedAway(code))
  }

  @Test(
    "A time belongs to the minute that it is in",
    arguments: [
      (0, 0), (59_999_999, 0), (60_000_000, 60_000_000), (minute, minute), (minute + 59_999_999, minute),
      (minute - 1, minute - 60_000_000), (-1, -60_000_000), (-60_000_000, -60_000_000), (-60_000_001, -120_000_000),
    ] as [(Int64, Int64)])
  func beginning(_ time: Int64, _ start: Int64) {
    #expect(AccessCounts.minute(of: time) == start)
  }

  /// What is noted, and what comes of it.
  private static let cases: [(name: String, noted: [(CountedAccess, UInt64)], counts: [CountedAccess: UInt64])] = [
    ("nothing", [], [:]),
    ("the same again", [(read("a@1"), 1), (read("a@1"), 1), (read("a@1"), 5)], [read("a@1"): 7]),
    ("another version", [(read("a@1"), 1), (read("a@2"), 1)], [read("a@1"): 1, read("a@2"): 1]),
    (
      "another principal", [(read("a@1"), 1), (read("a@1", by: "bob"), 1)],
      [read("a@1"): 1, read("a@1", by: "bob"): 1]
    ),
    (
      "another minute", [(read("a@1"), 1), (read("a@1", in: next), 1)], [read("a@1"): 1, read("a@1", in: next): 1]
    ),
    (
      "a code that is called like a table", [(read("busy"), 1), (turnedAway("busy"), 2)],
      [read("busy"): 1, turnedAway("busy"): 2]
    ),
    (
      "codes", [(turnedAway("busy"), 1), (turnedAway("not_found"), 1), (turnedAway("busy"), 1)],
      [turnedAway("busy"): 2, turnedAway("not_found"): 1]
    ),
  ]

  @Test("Requests are counted by who, what and in which minute", arguments: cases.indices)
  func counted(_ index: Int) {
    let (name, noted, expected) = Self.cases[index]
    var counts = AccessCounts()
    for (access, count) in noted { counts.add(count, of: access) }
    #expect(counts.take(but: nil) == expected, "\(name)")
    #expect(counts.take(but: nil) == [:], "\(name): taken once")
  }

  @Test("A minute that is not over is left for the next time, one of a clock that was set back is not")
  func openMinute() {
    var counts = AccessCounts()
    for minute in [Self.minute, Self.next, Self.next + 60_000_000] { counts.add(1, of: Self.read("a@1", in: minute)) }
    #expect(counts.take(but: Self.next).keys.map(\.minute).sorted() == [Self.minute, Self.next + 60_000_000])
    counts.add(1, of: Self.read("a@1", in: Self.next))
    #expect(counts.take(but: Self.minute) == [Self.read("a@1", in: Self.next): 2])
  }

  @Test("However much is counted there is no more than fits, and no request is lost")
  func bounded() {
    var counts = AccessCounts()
    counts.add(1, of: Self.turnedAway("busy"))
    for number in 0..<(3 * AccessCounts.most) {
      counts.add(2, of: Self.read("table-\(number)@1", by: "ann-\(number % 7)", in: Self.minute))
    }
    for number in 0..<100 { counts.add(1, of: Self.turnedAway("code-\(number)", in: Self.next)) }
    // What is counted by itself already goes on to be.
    counts.add(1, of: Self.turnedAway("busy"))
    let taken = counts.take(but: nil)
    #expect(taken.count == AccessCounts.most + 2)
    #expect(taken[Self.turnedAway("busy")] == 2)
    #expect(taken[Self.read("*", by: "*")] == UInt64(2 * (2 * AccessCounts.most + 1)))
    #expect(taken[Self.turnedAway("*", by: "*", in: Self.next)] == 100)
    #expect(taken.values.reduce(0, +) == UInt64(6 * AccessCounts.most + 102))
    // There is room again.
    counts.add(1, of: Self.read("new@1"))
    #expect(counts.take(but: nil) == [Self.read("new@1"): 1])
  }

  @Test("What had no room is left for as long as its minute is not over")
  func openRest() {
    var counts = AccessCounts()
    for number in 0..<AccessCounts.most { counts.add(1, of: Self.read("table-\(number)@1")) }
    counts.add(1, of: Self.read("more@1", in: Self.next))
    counts.add(1, of: Self.read("more@1", in: Self.next + 60_000_000))
    #expect(counts.take(but: Self.next).count == AccessCounts.most)
    #expect(counts.take(but: nil) == [Self.read("*", by: "*", in: Self.next): 2])
  }
}
