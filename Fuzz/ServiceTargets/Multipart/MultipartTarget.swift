// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import HTTPParsing
import IngestTesting
import Validation

extension FuzzTarget {
  /// Arbitrary bodies under many boundaries: how a body is cut does not matter, what is accepted is what a naive splitter
  /// finds, and time is linear.
  package static let multipart = FuzzTarget(name: "fuzz-multipart") { bytes in
    var input = FuzzInput(bytes)
    let boundary = try boundary(choosing: &input)
    let seed = input.byte()
    let isRepeated = input.byte() == 0xFF
    let body = input.remainder()
    let whole = try Framing(of: body, boundary)
    try require(Framing(of: body, boundary, chunks: { 1 }) == whole, "byte by byte")
    var random = SeededGenerator(seed: UInt64(seed))
    try require(Framing(of: body, boundary, chunks: { Int.random(in: 1...37, using: &random) }) == whole, "in chunks")
    if whole.fault == nil {
      try require(whole.parts.map(\.content) == NaiveSplitter.contents(of: body, boundary.bytes), "contents")
    }
    // What is not linear takes minutes here, and libFuzzer's timeout seconds.
    if isRepeated, body.count >= 64 {
      let times = (1 << 18) / body.count
      _ = try Framing(of: Array(repeatElement(body, count: times).joined()), boundary)
    }
  }
}

private func boundary(choosing input: inout FuzzInput) throws -> MultipartBoundary {
  let common = ["b", "--", "-", "----WebKitFormBoundaryAbC123", "a b", String(repeating: "x", count: 70)]
  let choice = input.choice(8)
  let text = choice < common.count ? common[choice] : String(decoding: input.bytes(input.choice(72)), as: UTF8.self)
  let limits = Limits()
  if let boundary = MultipartBoundary(contentType: "multipart/form-data; boundary=\"\(text)\"", limits: limits) {
    try require((1...70).contains(boundary.bytes.count), "length of a boundary")
    return boundary
  }
  guard let boundary = MultipartBoundary(contentType: "multipart/form-data; boundary=b", limits: limits) else {
    throw FailedRequirement(what: "a good boundary is refused")
  }
  return boundary
}
