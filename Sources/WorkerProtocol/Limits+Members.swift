// SPDX-License-Identifier: Apache-2.0

package import Validation

extension Limits {
  /// The limits for names of archives' members: none is judged that a message would have to cut.
  package var ofMembers: Limits {
    var limits = self
    limits.fileNameBytes = min(fileNameBytes, MessageReader.longestMemberName)
    return limits
  }

  /// The tables that one upload may give: as many as an archive may have entries, or a sheet of text tables.
  package var mostTables: Int { max(archiveEntries, Dialect.mostTables) }
}
