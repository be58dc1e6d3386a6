// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The addresses of the service.
enum Route: Equatable {
  /// `/v1/uploads`
  case uploads
  /// `/v1/uploads/{…}`: an upload's id to GET, a file's name to PUT.
  case upload([UInt8])
  /// `/v1/uploads/{id}/original`
  case original(upload: String)
  /// `/v1/tables`
  case tables
  /// `/v1/tables/{name}`, with the suffix of a representation where there is one.
  case table(reference: String, Representation?)
  /// `/v1/tables/{name}/rejects`, with the suffix of a representation where there is one.
  case rejects(reference: String, Representation?)
  /// `/v1/tables/{name}/batches`
  case batches(reference: String)
  /// `/v1/tables/{name}/repairs`
  case repairs(reference: String)
  /// `/v1/caches`, and `/v1/caches/{name}`
  case caches(name: String?)
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
    case ("v1", "uploads", 4) where !texts[2].isEmpty && texts[3] == "original": self = .original(upload: texts[2])
    case ("v1", "caches", 2): self = .caches(name: nil)
    case ("v1", "caches", 3) where !texts[2].isEmpty: self = .caches(name: texts[2])
    case ("v1", "tables", 2): self = .tables
    case ("v1", "tables", 3) where !texts[2].isEmpty:
      let (reference, representation) = Self.split(texts[2])
      self = .table(reference: reference, representation)
    case ("v1", "tables", 4) where !texts[2].isEmpty:
      if texts[3] == "repairs" {
        self = .repairs(reference: texts[2])
        return
      }
      if texts[3] == "batches" {
        self = .batches(reference: texts[2])
        return
      }
      let (part, representation) = Self.split(texts[3])
      guard part == "rejects" else { return nil }
      self = .rejects(reference: texts[2], representation)
    default: return nil
    }
  }

  /// A table's name has no dots, so a known suffix is always the representation's.
  private static func split(_ text: String) -> (name: String, Representation?) {
    for representation in Representation.allCases {
      guard let suffix = representation.suffix, text.hasSuffix(suffix) else { continue }
      return (String(text.dropLast(suffix.count)), representation)
    }
    return (text, nil)
  }

  /// The methods that the route supports, in the order of the field `Allow`.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .uploads, .repairs: [.post]
    case .caches(nil): [.get, .head, .delete]
    case .caches: [.delete]
    case .upload: [.get, .head, .put]
    case .tables, .table, .batches, .rejects, .original, .liveness, .readiness, .metrics: [.get, .head]
    }
  }
}
