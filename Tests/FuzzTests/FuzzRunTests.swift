// SPDX-License-Identifier: Apache-2.0

import Foundation
import Fuzzing
import Testing

@Suite("How fuzz targets are run by tests")
struct FuzzRunTests {
  private static let inputs: [[UInt8]] = [Array("one,two\n".utf8), Array("1,2\n3,4\n".utf8), []]

  @Test("The first input that a target does not take is named and kept")
  func findings() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let target = FuzzTarget(name: "fuzz-none") { try require(!$0.contains(7), "a seven") }
    let atWork = try InputAtWork(of: target, in: folder)
    let inputs: [(name: String, bytes: [UInt8])] = [("a", [1]), ("b", [2, 7]), ("c", [7])]
    let finding = try atWork.finding(of: target, on: inputs)
    #expect(finding?.name == "b")
    #expect((finding?.error as? FailedRequirement)?.what == "a seven")
    #expect(try Data(contentsOf: URL(filePath: atWork.path)) == Data([2, 7]))
    #expect(try atWork.finding(of: target, on: inputs.prefix(1)) == nil)
    #expect(!FileManager.default.fileExists(atPath: atWork.path))
  }

  @Test("Changed inputs are as many as asked for, within their length, of many kinds, and the same in every run")
  func changes() {
    func draw() -> [[UInt8]] {
      Array(ChangedInputs(of: Self.inputs, words: [[0xEF, 0xBB, 0xBF]], count: 500, longest: 20))
    }
    let (changed, again) = (draw(), draw())
    #expect(changed.count == 500)
    #expect(changed.allSatisfy { $0.count <= 20 })
    #expect(Set(changed).count > 300)
    #expect(changed.contains { $0.firstRange(of: [0xEF, 0xBB, 0xBF]) != nil })
    #expect(changed.contains { $0.starts(with: Array("one,".utf8)) && $0.suffix(4) == Array("3,4\n".utf8)[...] })
    #expect(changed == again)
  }

  @Test("Dictionaries are read as libFuzzer reads them")
  func dictionaries() throws {
    let text = "# a comment\n\n\"plain\"\n\"\\x0d\\x0A\"\n\"\\\"q\\\\\"\n"
    #expect(try FuzzDictionary(parsing: text).words == [Array("plain".utf8), [0x0D, 0x0A], Array("\"q\\".utf8)])
  }

  @Test("A dictionary's bad line is named", arguments: ["plain", "\"", "\"\\x1\"", "\"\\n\"", "\"a"])
  func badDictionaries(line: String) {
    #expect(throws: FuzzDictionary.BadLine(line: line)) { try FuzzDictionary(parsing: "\"a\"\n\(line)\n") }
  }
}
