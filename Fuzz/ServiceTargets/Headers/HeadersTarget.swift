// SPDX-License-Identifier: Apache-2.0

package import Fuzzing

extension FuzzTarget {
  /// One parser of header fields or names, chosen by the first byte, on arbitrary text.
  package static let headers = FuzzTarget(name: "fuzz-headers") { bytes in
    var input = FuzzInput(bytes)
    let subject = input.element(of: Subject.allCases)
    switch subject {
    case .fieldParameters: try FieldChecks.parameters(&input)
    case .disposition: try FieldChecks.disposition(&input)
    case .boundary: try FieldChecks.boundary(&input)
    case .entityTag: try FieldChecks.entityTag(&input)
    case .byteRange: try FieldChecks.byteRange(&input)
    case .accept: try FieldChecks.accept(&input)
    case .hostPolicy: try RequestChecks.hostPolicy(&input)
    case .target: try RequestChecks.target(&input)
    case .framing: try RequestChecks.framing(&input)
    case .mediaType: try NameChecks.mediaType(&input)
    case .uploadName: try NameChecks.uploadName(&input)
    case .tableName: try NameChecks.tableName(&input)
    case .prefer: try FieldChecks.prefer(&input)
    }
  }
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
