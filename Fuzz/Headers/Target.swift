// SPDX-License-Identifier: Apache-2.0

import Fuzzing

/// One parser of header fields or names, chosen by the first byte, on arbitrary text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = unsafe FuzzInput([UInt8](fuzzing: start, count))
  let subject = input.element(of: Subject.allCases)
  switch subject {
  case .fieldParameters: FieldChecks.parameters(&input)
  case .disposition: FieldChecks.disposition(&input)
  case .boundary: FieldChecks.boundary(&input)
  case .entityTag: FieldChecks.entityTag(&input)
  case .byteRange: FieldChecks.byteRange(&input)
  case .accept: FieldChecks.accept(&input)
  case .hostPolicy: RequestChecks.hostPolicy(&input)
  case .target: RequestChecks.target(&input)
  case .framing: RequestChecks.framing(&input)
  case .mediaType: NameChecks.mediaType(&input)
  case .uploadName: NameChecks.uploadName(&input)
  case .tableName: NameChecks.tableName(&input)
  case .prefer: FieldChecks.prefer(&input)
  }
  return 0
}

/// What is fuzzed; the corpus relies on the order.
private enum Subject: CaseIterable {
  case fieldParameters, disposition, boundary, entityTag, byteRange, accept
  case hostPolicy, target, framing
  case mediaType, uploadName, tableName
  case prefer
}

extension FuzzInput {
  /// All that is left, as the network stack makes text of it.
  mutating func text() -> String { String(decoding: remainder(), as: UTF8.self) }
}

extension String {
  /// With A to Z in lower case, and nothing else changed.
  var asciiLowercased: String {
    String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
