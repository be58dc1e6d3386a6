// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The addresses of the service.
enum Route: Equatable {
  /// `/v1/uploads`
  case uploads
  /// `/v1/uploads/{…}`: an upload's id to GET, a file's name to PUT.
  case upload([UInt8])
  /// `/v1/tables`
  case tables
  /// `/v1/tables/{name}`, with the suffix of a representation where there is one.
  case table(reference: String, Representation?)
  /// `/livez`
  case liveness
  /// `/readyz`
  case readiness
  /// `/metrics`
  case metrics

  /// Finds the route of a path; nil where there is none.
  init?(_ segments: [[UInt8]]) {
    let texts = segments.map { String(validating: $0, as: UTF8.self) ?? "" }
    switch (texts.first, texts.dropFirst().first, segments.count) {
    case ("livez", nil, 1): self = .liveness
    case ("readyz", nil, 1): self = .readiness
    case ("metrics", nil, 1): self = .metrics
    case ("v1", "uploads", 2): self = .uploads
    case ("v1", "uploads", 3) where !segments[2].isEmpty: self = .upload(segments[2])
    case ("v1", "tables", 2): self = .tables
    case ("v1", "tables", 3) where !texts[2].isEmpty: self = Self.table(texts[2])
    default: return nil
    }
  }

  /// A table's name has no dots, so a known suffix is always the representation's.
  private static func table(_ text: String) -> Route {
    for representation in Representation.allCases {
      guard let suffix = representation.suffix, text.hasSuffix(suffix) else { continue }
      return .table(reference: String(text.dropLast(suffix.count)), representation)
    }
    return .table(reference: text, nil)
  }

  /// The methods that the route supports, in the order of the field `Allow`.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .uploads: [.post]
    case .upload: [.get, .head, .put]
    case .tables, .table, .liveness, .readiness, .metrics: [.get, .head]
    }
  }
}
