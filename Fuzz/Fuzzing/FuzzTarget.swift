// SPDX-License-Identifier: Apache-2.0

/// One thing that is fuzzed, and all that must hold for it whatever the input is.
///
/// `tools/fuzz` runs it below libFuzzer (`Fuzz/EntryPoints`), `FuzzTests` with the committed inputs and changes of them.
package struct FuzzTarget: Sendable, CustomStringConvertible {
  /// The name of its program and, in `Fuzz/`, of its corpus, its regressions and its dictionary.
  package let name: String
  /// Takes an input.
  ///
  /// - Throws: where something is not as it must be: `FailedRequirement`, or an error that should not come up.
  package let trial: @Sendable ([UInt8]) throws -> Void

  package init(name: String, trial: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.trial = trial
  }

  package var description: String { name }

  /// Takes an input of libFuzzer's, and ends the process where the trial throws: libFuzzer keeps the input.
  ///
  /// - Returns: 0, for libFuzzer.
  package func run(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do { try trial(unsafe [UInt8](fuzzing: start, count)) } catch { fatalError("\(error)") }
    return 0
  }
}
