// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is said about one file that is ingested: its name, and how it is to be read.
///
/// Everything may be left out. What is wrong is refused with `LocalStoreError.Code.invalidRequest`.
public struct FileOptions: Sendable {
  /// The table's name: 1 to 100 letters, digits, `_` or `-`; made from the file's name where it is nil.
  public var tableName: String?
  /// What the file is called, where that is not the last part of its path; its extension says what is expected of it.
  public var fileName: String?
  /// The media type that the file is declared to have.
  public var declaredType: String?
  /// The format to read it as, by its name in the documentation: `csv`, `ndjson`.
  public var format: String?
  /// Whether the first record names the columns: `auto`, `always` or `never`.
  public var header: String?
  /// The types of columns by their names: `["price": "decimal(10,2)"]`.
  public var types: [String: String] = [:]
  /// A Table Schema, as JSON.
  public var tableSchema: [UInt8]?
  /// Whether every column is read as text.
  public var isAllText = false
  /// How dates such as 03/04/2024 are meant: `dmy` or `mdy`.
  public var dateOrder: String?
  /// Whether a comma stands before the decimals.
  public var hasDecimalComma = false
  /// Further words that stand for no value.
  public var nullWords: [String] = []
  /// Whether any record that is not well formed refuses the file.
  public var isStrict = false
  /// How many records may be set apart as rejects; one more refuses the file.
  public var maxRejects: UInt64 = 0
  /// The members of an archive to read: `*` stands for any characters, `?` for one.
  public var member: String?
  /// The dialect, by the names of the upload form: `delimiter`, `quote`, `escape`, `comment`, `skip_rows`,
  /// `header_rows`, `encoding`, `encoding_errors`, `table`, `json_pointer`, `flatten_depth`.
  public var dialect: [String: String] = [:]
  /// Whether a table that exists is an error (`nameExists`) rather than given a new version.
  public var onlyCreates = false

  /// Nothing said: the file speaks for itself.
  public init() {}

  /// The request for the file at `path`.
  ///
  /// - Throws: `LocalStoreError` with `invalidRequest`.
  func request(for path: String) throws(LocalStoreError) -> UploadRequest {
    if let unknown = dialect.keys.sorted().first(where: { !UploadRequest.dialectFields.contains($0) }) {
      throw LocalStoreError(.invalidRequest, "there is no dialect option \(unknown)")
    }
    var request = UploadRequest()
    request.fileName = Array((fileName ?? URL(fileURLWithPath: path).lastPathComponent).utf8)
    request.tableName = tableName
    request.declaredType = declaredType
    request.format = format
    request.header = header
    request.cells.types = types.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    request.cells.schema = tableSchema
    request.cells.nullWords = nullWords
    request.cells.dateOrder = dateOrder
    if isAllText { request.cells.allText = "true" }
    if hasDecimalComma { request.cells.decimalComma = "true" }
    if isStrict { request.rejects["strict"] = "true" }
    if maxRejects > 0 { request.rejects["max_rejects"] = "\(maxRejects)" }
    request.member = member
    request.dialect = dialect
    request.onlyCreate = onlyCreates
    return request
  }
}
