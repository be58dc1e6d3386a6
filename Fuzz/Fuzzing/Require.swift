// SPDX-License-Identifier: Apache-2.0

/// Ends the process where something is not as it must be: libFuzzer keeps the input.
package func require(
  _ condition: Bool, _ what: @autoclosure () -> String, line: UInt = #line
) {
  guard condition else { fatalError("line \(line): \(what())") }
}
