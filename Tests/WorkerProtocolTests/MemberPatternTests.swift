// SPDX-License-Identifier: Apache-2.0

import Testing
import WorkerProtocol

@Suite("Patterns of members")
struct MemberPatternTests {
  @Test(
    "A pattern is held against the last part of a name, or the whole where it has a slash",
    arguments: [
      ("a.csv", "a.csv", true), ("a.csv", "x/a.csv", true), ("a.csv", "b.csv", false), ("*.csv", "x/y/b.csv", true),
      ("*.csv", "b.tsv", false), ("x/*.csv", "x/b.csv", true), ("x/*.csv", "y/b.csv", false),
      ("x/*", "x/y/b.csv", true),
      ("./x/a.csv", "x/a.csv", false), ("x/a.csv", "./x/a.csv", true), ("?.csv", "ä.csv", true),
      ("?.csv", "ab.csv", false),
      ("*", "a", true), ("**", "a", true), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXcYb", false),
      ("A.csv", "a.csv", false),
      ("*a", "", false), ("a", "x/", false), ("größe.csv", "gro\u{308}ße.csv", true), ("[ab].csv", "a.csv", false),
      ("[ab].csv", "[ab].csv", true), ("\u{301}a.csv", "x/\u{301}a.csv", true), ("y/*.csv", "x/\u{301}a.csv", false),
      ("?.csv", "a\u{308}.csv", true), ("x/b.csv", "x//b.csv", true),
    ])
  func matches(pattern: String, name: String, expected: Bool) throws {
    #expect(try #require(MemberPattern(pattern)).matches(name) == expected)
  }

  @Test("What can be no pattern is none", arguments: ["", "a\n", "\u{0}", String(repeating: "x", count: 1_025)])
  func none(text: String) {
    #expect(MemberPattern(text) == nil)
  }

  @Test("C36 Stars upon stars take no endless time")
  func stars() throws {
    let pattern = try #require(MemberPattern(String(repeating: "*a", count: 500) + "b"))
    let start = ContinuousClock.now
    #expect(!pattern.matches(String(repeating: "a", count: 4_000)))
    #expect(ContinuousClock.now - start < .seconds(5))
  }
}
