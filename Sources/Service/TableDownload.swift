// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import Hummingbird
import IngestTables
import NIOCore

/// A table's rows, or the first of them, in one representation, as a download.
struct TableDownload {
  let tableID: String
  /// The table's name, for the file that the client saves.
  let name: String
  let file: TableFile
  let form: Representation
  /// How many rows at most, of a text; nil for all.
  var firstRows: Int?

  private func tag(_ coding: ContentCoding) -> EntityTag {
    EntityTag(tableID: tableID, form, coding, firstRows: firstRows)
  }

  private func fields(_ coding: ContentCoding) -> HTTPFields {
    AnswerFields.common.merging([
      .contentType: form.mediaType, .contentDisposition: AnswerFields.attachment("\(name)\(form.suffix ?? "")"),
      .eTag: tag(coding).text, .cacheControl: AnswerFields.revalidated,
      .vary: form.text == nil ? "Accept" : "Accept, Accept-Encoding",
    ])
  }

  /// The coding that is wanted; what comes of it the length decides.
  func coding(for request: Request) -> ContentCoding {
    form.text != nil && request.codings.prefersGzip ? .gzip : .identity
  }

  /// 304 where the client has it, in a coding that could be sent now; nil where it has not.
  func notModified(_ request: Request) -> Response? {
    guard let condition = request.headers[.ifNoneMatch] else { return nil }
    let codings: [ContentCoding] = form.text != nil && request.codings.acceptsGzip ? [.identity, .gzip] : [.identity]
    return codings.first { tag($0).isNamed(in: condition) }.map {
      Response(status: .notModified, headers: fields($0))
    }
  }

  /// The whole, a range of it, or 304 where the client has it.
  ///
  /// - Parameter rendering: the whole text, where it is at hand.
  /// - Throws: `range_not_satisfiable`.
  func answer(
    to request: Request, rendering: EncodedTables.Rendering? = nil
  ) throws(RequestProblem) -> Response {
    if let answer = notModified(request) { return answer }
    guard let text = form.text else { return try stored(fields(.identity), request) }
    guard let rendering else {
      return Response(
        status: .ok, headers: fields(.identity), body: RowStream(file: file, text: text, limit: firstRows ?? .max).body)
    }
    var fields = fields(rendering.coding)
    if rendering.coding != .identity { fields[.contentEncoding] = rendering.coding.rawValue }
    return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: rendering.bytes))
  }

  /// The Arrow forms: bytes of the file, or a range of them.
  private func stored(_ common: HTTPFields, _ request: Request) throws(RequestProblem) -> Response {
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
      throw RequestProblem(.rangeNotSatisfiable, fields: [.contentRange: "bytes */\(length)"])
    }
  }

  /// The field `Range`, where it counts: for GET, and with `If-Range` only for the file whose tag that names
  /// (RFC 9110 section 13.1.5).
  private func rangeField(_ request: Request) -> String? {
    guard request.method == .get, request.headers[.ifRange].map({ $0 == tag(.identity).text }) ?? true else {
      return nil
    }
    return request.headers[.range]
  }
}
