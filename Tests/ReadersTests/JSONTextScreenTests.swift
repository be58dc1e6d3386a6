// SPDX-License-Identifier: Apache-2.0

import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Columns of JSON strings")
struct JSONTextScreenTests {
  /// What a pass over many records with these strings in turn, null between them, knows of their column.
  private static func screen(_ strings: [String]) throws -> TextScreen? {
    let values = ["null"] + strings.map { "\"\($0)\"" }
    let text = (0..<3_000).map { "{\"note\":\(values[$0 % values.count])}\n" }.joined()
    let (bytes, limits, sizes) = (MappedBytes(Array(text.utf8)), ReadLimits(Limits()), PassSizes())
    var source = JSONSource(
      bytes: bytes, range: 0..<bytes.count,
      form: JSONForm(limits, hasArrays: false, hasLines: true, flatDepth: 1), mostRejects: 0)
    source.tree = JSONSurvey(source, ReadOptions(), limits: limits, sample: sizes.sample).keys
    let survey = JSONSurvey(source, ReadOptions(), limits: limits, sample: sizes.sample)
    var plan = try survey.plan(names: nil).plan
    survey.guess(&plan)
    let pass = BlockPass(source, PassPlan(converting: plan), limits: limits, output: nil, sizes: sizes)
    guard case .finished(let findings) = try pass.run(on: .alone, progress: { _, _ in }) else { return nil }
    return findings.screens[0]
  }

  @Test(
    "Enough is known of them after one look, whatever they start with",
    arguments: [
      ["text", "term", "tea"], ["none of it", "no \\\"quotes\\\"", "nearly"], ["12", "345", "6"],
      ["yes and no", "#hash"],
      ["Ann", "12", "13", "14", "15", "16"], ["true", "it is true", "if", "fine"], ["Éva", "2024"],
    ])
  func once(strings: [String]) throws {
    let screen = try #require(try Self.screen(strings))
    #expect(!screen.isThorough && !screen.isInconclusive)
  }

  @Test("Words for true and false beside few others are looked at again, since they may be a near miss")
  func words() throws {
    let few = [String](repeating: "yes", count: 30) + ["text"]
    let screen = try #require(try Self.screen(few))
    #expect(screen.isThorough || screen.isInconclusive)
  }
}
