// SPDX-License-Identifier: Apache-2.0

extension String {
  /// Whether this is exactly `digits` digits of `0` to `9` and `a` to `f`: the shape of every id and digest here.
  package func isLowercaseHex(digits: Int) -> Bool {
    utf8.count == digits
      && utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  /// Bytes as lower-case hexadecimal digits, two for each.
  init(hexadecimal bytes: some Sequence<UInt8>) {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    self.init(decoding: text, as: UTF8.self)
  }
}
