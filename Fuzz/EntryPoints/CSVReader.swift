// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import ReaderFuzzTargets

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe FuzzTarget.csvReader.run(start, count)
}
