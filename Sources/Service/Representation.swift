// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
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
  static let negotiable: [Representation] = [.description, .csv, .ndjson, .arrow, .arrows]

  /// The same where there is nothing but rows.
  static let negotiableRows: [Representation] = [.json, .csv, .ndjson, .arrow, .arrows]

  /// Chooses by the field `Accept` (RFC 9110 section 12.5.1); the first form where it is absent.
  ///
  /// - Returns: the form of the highest weight, or nil where none is acceptable.
  static func negotiated(accept untrusted: String?, among negotiable: [Representation] = negotiable) -> Representation?
  {
    guard let untrusted, untrusted.contains(where: { $0 != " " }) else { return negotiable.first }
    let accept = AcceptField(untrusted)
    let weighted = negotiable.map { ($0, accept.weight(of: $0.essence)) }
    guard let best = weighted.map(\.1).max(), best > 0 else { return nil }
    return weighted.first { $0.1 == best }?.0
  }

  /// The media type without its parameters.
  private var essence: String { String(mediaType.prefix { $0 != ";" }) }
}
