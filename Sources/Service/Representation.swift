// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// The forms in which a table can be had.
enum Representation: String, CaseIterable {
  /// What the table is: columns, rows, links. The only one that holds no rows.
  case description
  case json
  case ndjson
  case csv
  /// The Arrow IPC file, as it lies in the store.
  case arrow
  /// The Arrow IPC stream: the same bytes without the file's magic and footer.
  case arrows

  /// The ending of the address and of the downloaded file; none for the description.
  var suffix: String? { self == .description ? nil : ".\(rawValue)" }

  var mediaType: String {
    switch self {
    case .description, .json: "application/json"
    case .ndjson: "application/x-ndjson"
    case .csv: "text/csv; charset=utf-8; header=present"
    case .arrow: "application/vnd.apache.arrow.file"
    case .arrows: "application/vnd.apache.arrow.stream"
    }
  }

  /// The renderer's form; nil for what needs none.
  var text: TextRepresentation? {
    switch self {
    case .json: .json
    case .ndjson: .ndjson
    case .csv: .csv
    case .description, .arrow, .arrows: nil
    }
  }

  /// The forms that the field `Accept` chooses among, our preference first.
  ///
  /// Rows as JSON are had by suffix only.
  private static let negotiable: [Representation] = [.description, .csv, .ndjson, .arrow, .arrows]

  /// Chooses by the field `Accept` (RFC 9110 section 12.5.1); the description where it is absent.
  ///
  /// - Returns: the form of the highest weight, or nil where none is acceptable.
  static func negotiated(accept untrusted: String?) -> Representation? {
    guard let untrusted, untrusted.contains(where: { $0 != " " }) else { return .description }
    let ranges = untrusted.split(separator: ",").prefix(64).compactMap(AcceptRange.init)
    let weighted = negotiable.map { ($0, weight(of: $0, in: ranges)) }
    guard let best = weighted.map(\.1).max(), best > 0 else { return nil }
    return weighted.first { $0.1 == best }?.0
  }

  /// The weight by the most specific range that matches.
  private static func weight(of representation: Representation, in ranges: [AcceptRange]) -> Int {
    let essence = String(representation.mediaType.prefix { $0 != ";" })
    let matching = ranges.filter { $0.matches(essence) }
    return matching.max { $0.specificity < $1.specificity }?.weight ?? 0
  }
}

/// One element of `Accept`, such as `text/*;q=0.5`.
private struct AcceptRange {
  private let type: String
  /// In thousandths.
  let weight: Int

  init?(_ untrusted: Substring) {
    guard let field = FieldParameters(untrusted.utf8) else { return nil }
    type = field.value
    guard let quality = field.values(of: "q").first else {
      weight = 1_000
      return
    }
    guard let value = Double(String(decoding: quality, as: UTF8.self)), (0...1).contains(value) else { return nil }
    weight = Int(value * 1_000)
  }

  var specificity: Int { type == "*/*" ? 0 : type.hasSuffix("/*") ? 1 : 2 }

  func matches(_ essence: String) -> Bool {
    switch specificity {
    case 0: true
    case 1: essence.hasPrefix(type.dropLast())
    default: essence == type
    }
  }
}
