// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import Hummingbird
import IngestPipeline
import NIOCore
import Validation

/// `/v1/uploads`: takes files in, and tells what became of them.
struct UploadEndpoint: Sendable {
  let ingestor: Ingestor

  /// `POST /v1/uploads` with a form.
  func post(_ request: Request, _ query: QueryParameters, _ context: ServiceContext) async throws -> Response {
    let limits = ingestor.limits
    let type = request.headers[.contentType] ?? ""
    guard MediaType(type)?.description == "multipart/form-data" else { throw RequestProblem(.mediaTypeRefused) }
    guard let boundary = MultipartBoundary(contentType: type, limits: limits) else {
      throw MultipartFault.boundaryInvalid.problem
    }
    var form = FormIntake(
      boundary: boundary, claims: try claims(request, query), limits: limits, judge: ingestor.judgeClaims,
      makeSpool: ingestor.makeSpool)
    let source: UploadSource
    do {
      try checkLength(request, cap: limits.formBytes)
      try await context.readBody(request.body) { try form.take($0) }
      source = try form.finish()
    } catch let rejection as Rejection {
      return try await refuse(rejection, form.claims, received: form.fileBytes)
    }
    return try await publish(source, form.claims)
  }

  /// `PUT /v1/uploads/{file name}` with the file as the body.
  func put(
    _ untrustedName: [UInt8], _ request: Request, _ query: QueryParameters, _ context: ServiceContext
  ) async throws -> Response {
    guard request.headers[.contentRange] == nil else {
      throw RequestProblem(.invalidRequest, "A part of a file cannot be PUT")
    }
    var claims = try claims(request, query)
    claims.fileName = untrustedName
    claims.declaredType = request.headers[.contentType]
    var received: UInt64 = 0
    let source: UploadSource
    do {
      try checkLength(request, cap: ingestor.limits.uploadBytes)
      if let rejection = ingestor.judgeClaims(claims) { throw rejection }
      let writer = try ingestor.makeSpool()
      try await context.readBody(request.body) { chunk in
        try writer.append(chunk.readableBytesSpan)
        received += UInt64(chunk.readableBytes)
      }
      source = try writer.finish()
    } catch let rejection as Rejection {
      return try await refuse(rejection, claims, received: received)
    }
    return try await publish(source, claims)
  }

  /// `GET /v1/uploads/{id}`.
  func get(_ untrustedID: [UInt8], _ request: Request, _ query: QueryParameters) async throws -> Response {
    _ = try query.values()
    guard let id = String(validating: untrustedID, as: UTF8.self), let json = try await ingestor.upload(id) else {
      throw RequestProblem(.notFound)
    }
    return Response(revalidated: json, request)
  }

  private func publish(_ source: UploadSource, _ claims: UploadRequest) async throws -> Response {
    let answer = try await ingestor.publish(source, claims)
    if let rejection = answer.rejection { return Response(ProblemBody(rejection, upload: answer.uploadID)) }
    let location = "/v1/uploads/\(AnswerFields.percentEncoded(answer.uploadID))"
    return Response(json: try answer.json(), status: answer.isNew ? .created : .ok, [.location: location])
  }

  /// Records a refusal that was made before the end of the body, then answers it.
  private func refuse(_ rejection: Rejection, _ claims: UploadRequest, received: UInt64) async throws -> Response {
    let answer = try await ingestor.refuseUnread(claims, rejection, bytes: received)
    return Response(ProblemBody(rejection, upload: answer.uploadID))
  }

  /// What the header says about the upload.
  private func claims(_ request: Request, _ query: QueryParameters) throws(RequestProblem) -> UploadRequest {
    var claims = UploadRequest()
    let values = try query.values("name", "format", "header")
    claims.tableName = values["name"]
    claims.format = values["format"]
    claims.header = values["header"]
    claims.principal = "local"
    if let condition = request.headers[.ifNoneMatch] {
      guard condition == "*" else { throw RequestProblem(.invalidRequest, "If-None-Match of an upload takes only *") }
      claims.onlyCreate = true
    }
    return claims
  }

  /// Refuses a body that is announced as too large, before any of it is read.
  private func checkLength(_ request: Request, cap: ByteCount) throws {
    // The gate has refused what is no number.
    guard let length = request.headers[.contentLength].flatMap({ UInt64($0) }), length > cap.bytes else { return }
    throw Rejection(.tooLarge, limit: ingestor.limits.uploadBytes.bytes, actual: length)
  }
}

extension Limits {
  /// A form with a file of the largest size, and everything else as large as it may be.
  fileprivate var formBytes: ByteCount {
    let part = multipartHeaderBytes.scaled(by: 1, plus: formFieldBytes)
    let margins = multipartMarginBytes.scaled(by: 4, plus: part)
    let framing = part.scaled(by: UInt64(clamping: multipartParts), plus: margins)
    return uploadBytes.scaled(by: 1, plus: framing)
  }
}
