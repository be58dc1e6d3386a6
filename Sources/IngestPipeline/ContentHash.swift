// SPDX-License-Identifier: Apache-2.0

import Hashing
package import Validation
package import WorkerProtocol

/// SHA-256 in lower-case hexadecimal digits.
package struct ContentHash: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  init(_ digest: SHA256Digest) { description = digest.description }

  /// The hash of a text's UTF-8.
  package init(of text: String) { self.init(SHA256.hash(text.utf8)) }
}

/// What a table's identity is made of: the same bytes with the same options give the same ids on any machine.
package struct Derivation: Sendable, Hashable {
  /// 64 hexadecimal digits: SHA-256 of content hash, format, options and the recipe's version.
  package let id: String

  package init(content: ContentHash, format: Format, options: ReadOptions) {
    id =
      ContentHash(
        of: """
          ingest derivation 1
          recipe \(Recipe.version)
          content sha256:\(content)
          format \(format.rawValue)
          options \(options.canonical)

          """
      ).description
  }

  /// The identity of a table that took in what was repaired of its rejects: its own id, and the reading of the repair.
  init(of repair: Derivation, repairing tableID: String) {
    id = ContentHash(of: "ingest repair 1\ntable \(tableID)\nrepair \(repair.id)\n").description
  }

  /// The id of an output that the reading gives from the archive entry `ordinal`, or from the file itself (0).
  package func tableID(ordinal: Int, _ role: OutputRole = .firstTable) -> String {
    // A content's first table has no line of its own: most contents give no other.
    let table = role.table == 0 ? "" : "table \(role.table)\n"
    let part = role.part == .rejects ? "rejects\n" : ""
    return ContentHash(of: "ingest table 1\nderivation \(id)\noutput \(ordinal)\n\(table)\(part)").description
  }
}
