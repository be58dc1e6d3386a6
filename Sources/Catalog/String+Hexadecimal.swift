// SPDX-License-Identifier: Apache-2.0

extension String {
  /// Whether this is exactly `digits` digits of `0` to `9` and `a` to `f`: the shape of every id and digest here.
  package func isLowercaseHex(digits: Int) -> Bool {
    utf8.count == digits
      && utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}
