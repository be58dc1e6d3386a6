// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import Hummingbird
import IngestPipeline
import IngestTables
import NIOCore

/// `/v1/tables`: lists the tables and serves each in its representations.
struct TableEndpoint: Sendable {
  let ingestor: Ingestor
  let encoded = EncodedTables()

  private static let defaultCount = 100
  private static let maximumCount = 1_000

  /// `GET /v1/tables`: the latest versions by name, a page at a time.
  ///
  /// `next` is the `after` of the next page.
  func list(_ request: Request, _ query: QueryParameters) async throws -> Response {
    let values = try query.values("after", "limit")
    let count = try values["limit"].map(Self.count) ?? Self.defaultCount
    // One more tells whether there is a next page.
    let found = try await ingestor.tables(after: values["after"], limit: count + 1)
    var output = Array("{\"tables\":[".utf8)
    for (index, table) in found.prefix(count).enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output += try table.json()
    }
    output += Array("],\"next\":".utf8)
    if found.count > count {
      JSONText.append(found[count - 1].name.utf8, to: &output)
    } else {
      output += Array("null".utf8)
    }
    output += Array("}\n".utf8)
    return Response(revalidated: output, request)
  }

  private static func count(_ untrusted: String) throws(RequestProblem) -> Int {
    guard let count = Int(untrusted), (1...maximumCount).contains(count) else {
      throw RequestProblem(.invalidRequest, "The parameter limit takes a number from 1 to \(maximumCount)")
    }
    return count
  }

  /// `GET /v1/tables/{reference}`, in the form of the suffix, else of the field `Accept`.
  ///
  /// With `?limit=100` the first rows as text, so many at most.
  func get(
    _ reference: String, _ suffix: Representation?, _ request: Request, _ query: QueryParameters,
    _ context: ServiceContext
  ) async throws -> Response {
    let limit = try query.values("limit")["limit"]
    guard let table = try await ingestor.table(reference) else { throw RequestProblem(.notFound) }
    let form = try suffix ?? Self.negotiated(request, among: Representation.negotiable)
    guard limit == nil || form.text != nil else {
      throw RequestProblem(.invalidRequest, "The parameter limit is of .csv, .json and .ndjson")
    }
    let response: Response
    if form == .description {
      response = Response(revalidated: table.json, request, [.vary: "Accept"])
    } else {
      response = try await answer(
        TableDownload(
          tableID: table.description.id, name: table.description.name, file: table.file, form: form,
          firstRows: try limit.map(Self.count)), request)
    }
    ingestor.accesses.noteRead(table.basis, by: UploadRequest.localPrincipal, at: .nowInMicroseconds)
    // Not what is streamed: it is long, and nobody collects it on its way.
    if form == .description || form.text != nil, response.body.contentLength != nil {
      context.mayRepeatAnswer(while: table.basis)
    }
    return response
  }
}

extension TableEndpoint {
  /// `GET /v1/tables/{reference}/rejects`: the records that are in no row, in the form of the suffix, else of `Accept`.
  ///
  /// `rejects.csv?for=repair` is the records alone, to be mended and sent again. 404 where the table has none.
  func rejects(
    _ reference: String, _ suffix: Representation?, _ request: Request, _ query: QueryParameters
  ) async throws -> Response {
    let purpose = try query.values("for")["for"]
    guard purpose == nil || purpose == "repair" && suffix == .csv else {
      throw RequestProblem(.invalidRequest, "The parameter for takes repair, of rejects.csv")
    }
    guard let rejects = try await ingestor.rejects(reference) else { throw RequestProblem(.notFound) }
    let response = try await answer(rejects, forRepair: purpose != nil, reference, suffix, request)
    ingestor.accesses.noteRead(
      rejects.name, rejects.version, by: UploadRequest.localPrincipal, at: .nowInMicroseconds)
    return response
  }

  private func answer(
    _ rejects: TableRejects, forRepair: Bool, _ reference: String, _ suffix: Representation?, _ request: Request
  ) async throws -> Response {
    if forRepair, let sheet = try await ingestor.repairSheet(reference) { return RepairDownload(sheet).answer }
    let form = try suffix ?? Self.negotiated(request, among: Representation.negotiableRows)
    return try await answer(
      TableDownload(tableID: rejects.id, name: "\(rejects.name)-rejects", file: rejects.file, form: form), request)
  }

  /// `GET /v1/tables/{reference}/batches`: what each record batch holds.
  func batches(_ reference: String, _ request: Request, _ query: QueryParameters) async throws -> Response {
    _ = try query.values()
    guard let batches = try await ingestor.batches(reference) else { throw RequestProblem(.notFound) }
    ingestor.accesses.noteRead(
      batches.name, batches.version, by: UploadRequest.localPrincipal, at: .nowInMicroseconds)
    return Response(revalidated: batches.json, request)
  }

  /// A download, its text from the cache where that holds it.
  private func answer(_ download: TableDownload, _ request: Request) async throws -> Response {
    if let answer = download.notModified(request) { return answer }
    let rendering = try await encoded.rendering(of: download, download.coding(for: request))
    return try download.answer(to: request, rendering: rendering)
  }

  private static func negotiated(
    _ request: Request, among forms: [Representation]
  ) throws(RequestProblem) -> Representation {
    let accept = request.headers[values: .accept].joined(separator: ",")
    guard let form = Representation.negotiated(accept: accept.isEmpty ? nil : accept, among: forms) else {
      throw RequestProblem(.notAcceptable)
    }
    return form
  }
}

extension Response {
  /// A JSON answer with a tag, or 304 where the client has it.
  init(revalidated json: [UInt8], _ request: Request, _ extra: HTTPFields = [:]) {
    let tag = EntityTag(content: json)
    let fields = extra.merging([.eTag: tag.text, .cacheControl: AnswerFields.revalidated])
    if let condition = request.headers[.ifNoneMatch], tag.isNamed(in: condition) {
      self.init(status: .notModified, headers: AnswerFields.common.merging(fields))
    } else {
      self.init(json: json, fields)
    }
  }
}

extension HTTPFields {
  /// These fields with `others` in place of those of the same name.
  func merging(_ others: HTTPFields) -> HTTPFields {
    var fields = self
    for field in others { fields[field.name] = field.value }
    return fields
  }
}
