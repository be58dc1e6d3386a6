// SPDX-License-Identifier: Apache-2.0

import Foundation
import Fuzzing
import ReaderFuzzTargets
import ServiceFuzzTargets
import Testing

/// The short form of `make fuzz`, without sanitizers and without what leads libFuzzer to new inputs.
///
/// One after the other: readers take their inputs from memory that is used again.
@Suite("Fuzz targets", .serialized)
struct FuzzTargetTests {
  static let targets = FuzzTarget.serviceTargets + FuzzTarget.readerTargets
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../.build/fuzz-findings").standardizedFileURL.path()

  @Test("Every corpus has its target")
  func corpora() throws {
    #expect(try CommittedInput.targetsWithCorpus() == Self.targets.map(\.name).sorted())
  }

  @Test("C48 Committed inputs and past findings pass", arguments: targets)
  func committed(target: FuzzTarget) throws {
    let inputs = try CommittedInput.all(of: target)
    #expect(inputs.count > 10)
    try Self.require(target, passes: inputs.lazy.map { ("Fuzz/\($0.name)", $0.bytes) })
  }

  @Test("C48 Changes of committed inputs pass", arguments: targets)
  func changed(target: FuzzTarget) throws {
    // Each input of these is read three times, or many times over.
    let isSlow = ["fuzz-csv-dialect", "fuzz-csv-reader"].contains(target.name)
    let inputs = ChangedInputs(
      of: try CommittedInput.all(of: target).map(\.bytes), words: try CommittedInput.words(for: target),
      count: isSlow ? 100 : 300, longest: 4_096)
    try Self.require(target, passes: inputs.enumerated().lazy.map { ("changed input \($0)", $1) })
  }

  private static func require(
    _ target: FuzzTarget, passes inputs: some Sequence<(name: String, bytes: [UInt8])>
  ) throws {
    let atWork = try InputAtWork(of: target, in: folder)
    guard let finding = try atWork.finding(of: target, on: inputs) else { return }
    Issue.record("\(finding.name), kept as \(atWork.path): \(finding.error)")
  }
}
