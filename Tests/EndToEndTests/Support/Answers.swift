// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A line of `ingest batch --json`, as far as the tests look at it.
struct BatchAnswer: Decodable, Sendable {
  struct Answer: Decodable, Sendable {
    struct Table: Decodable, Sendable {
      let name: String
      let version: Int
      let id: String
      let member: String?
      let rows: Int
      let columns: Int
    }

    struct Verdict: Decodable, Sendable {
      let accepted: Bool
      let code: String?
    }

    let tables: [Table]
    let verdict: Verdict
  }

  let file: String
  let renamed: Bool
  let status: String
  let error: String?
  let answer: Answer?
  private let failure: String?

  /// Of a refusal, or of a failure of the storage.
  var code: String? { answer?.verdict.code ?? failure }
  var tables: [Answer.Table] { answer?.tables ?? [] }

  enum CodingKeys: String, CodingKey {
    case file, renamed, status, error, answer
    case failure = "code"
  }
}

/// `ingest table list --json`.
struct TableListing: Decodable, Sendable {
  struct Table: Decodable, Sendable {
    struct Column: Decodable, Sendable, Equatable {
      let name: String
      let type: String
    }

    let name: String
    let version: Int
    let id: String
    let rows: Int
    let columns: [Column]
  }

  let tables: [Table]
}

extension Ended {
  /// Decodes all output as one JSON text.
  func json<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: output) }

  /// Decodes each line of output.
  func batch() throws -> [BatchAnswer] {
    try lines.map { try JSONDecoder().decode(BatchAnswer.self, from: Data($0.utf8)) }
  }

  /// The output as an untyped JSON object.
  func object() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: output) as? [String: Any] ?? [:]
  }
}
