// SPDX-License-Identifier: Apache-2.0

import IngestPipeline

/// The fields of a form and the parameters of a query that say what an upload is and how it is to be read.
enum UploadFields {
  static let names =
    ["name", "format", "header", "member"] + UploadRequest.dialectFields + RejectWishes.fields + CellFields.names

  /// Takes over one of them.
  static func set(_ name: String, to untrusted: String, in claims: inout UploadRequest) {
    switch name {
    case "name": claims.tableName = untrusted
    case "format": claims.format = untrusted
    case "header": claims.header = untrusted
    case "member": claims.member = untrusted
    case _ where UploadRequest.dialectFields.contains(name): claims.dialect[name] = untrusted
    case _ where RejectWishes.fields.contains(name): claims.rejects[name] = untrusted
    default: CellFields.set(name, to: untrusted, in: &claims.cells)
    }
  }
}
