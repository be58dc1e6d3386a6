// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import Hummingbird
import IngestTables
import NIOCore

/// A table's rows in one representation, as a download.
struct TableDownload {
  let tableID: String
  /// The table's name, for the file that the client saves.
  let name: String
  let file: TableFile
  let form: Representation

  private var tag: EntityTag { EntityTag(tableID: tableID, form) }

  private var fields: HTTPFields {
    AnswerFields.common.merging([
      .contentType: form.mediaType, .contentDisposition: AnswerFields.attachment("\(name)\(form.suffix ?? "")"),
      .eTag: tag.text, .cacheControl: AnswerFields.revalidated, .vary: "Accept",
    ])
  }

  /// Whether the client has it.
  func isKnown(to request: Request) -> Bool {
    request.headers[.ifNoneMatch].map { tag.isNamed(in: $0) } ?? false
  }

  var notModified: Response { Response(status: .notModified, headers: fields) }

  /// The whole, a range of it, or 304 where the client has it.
  ///
  /// - Parameter rendering: the whole text, where it is at hand.
  func answer(to request: Request, rendering: ByteBuffer? = nil) -> Response {
    guard !isKnown(to: request) else { return notModified }
    guard let text = form.text else { return stored(fields, request) }
    let body = rendering.map { ResponseBody(byteBuffer: $0) } ?? RowStream(file: file, text: text).body
    return Response(status: .ok, headers: fields, body: body)
  }

  /// The Arrow forms: bytes of the file, or a range of them.
  private func stored(_ common: HTTPFields, _ request: Request) -> Response {
    let bytes = form == .arrows ? file.streamRange : 0..<file.size
    let length = UInt64(bytes.count)
    var fields = common.merging([.acceptRanges: "bytes"])
    switch ByteRange(field: rangeField(request), length: length) {
    case .whole: return Response(status: .ok, headers: fields, body: FileStream(file: file, range: bytes).body)
    case .part(let part):
      fields[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(length)"
      let range = bytes.lowerBound + part.lowerBound..<bytes.lowerBound + part.upperBound
      return Response(status: .partialContent, headers: fields, body: FileStream(file: file, range: range).body)
    case .unsatisfiable:
      return Response(RequestProblem(.rangeNotSatisfiable, fields: [.contentRange: "bytes */\(length)"]))
    }
  }

  /// The field `Range`, where it counts: for GET, and with `If-Range` only for the file whose tag that names
  /// (RFC 9110 section 13.1.5).
  private func rangeField(_ request: Request) -> String? {
    guard request.method == .get, request.headers[.ifRange].map({ $0 == tag.text }) ?? true else { return nil }
    return request.headers[.range]
  }
}
