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
  let registry: UploadRegistry
  let background: BackgroundUploads

  /// `POST /v1/uploads` with a form.
  func post(_ request: Request, _ query: QueryParameters, _ context: ServiceContext) async throws -> Response {
    switch try await takeForm(request, query, context) {
    case .refused(let response): response
    case .taken(let source, let claims): try await answer(source, claims, request, context)
    }
  }

  /// `POST /v1/tables/{reference}/repairs` with a form: records that were rejected, repaired.
  ///
  /// 404 where the table has no rejects.
  func repair(
    _ reference: String, _ request: Request, _ query: QueryParameters, _ context: ServiceContext
  ) async throws -> Response {
    guard let table = try await ingestor.repairable(reference) else { throw RequestProblem(.notFound) }
    switch try await takeForm(request, query, context) {
    case .refused(let response): return response
    case .taken(let source, let claims):
      guard registry.begin(claims.id, totalBytes: source.bytes) != nil else {
        PipelineMetrics.uploadWasBusy()
        throw RequestProblem.busy
      }
      defer { registry.end(claims.id) }
      return try Self.response(
        to: try await ingestor.repair(table, source, claims) { registry.note(claims.id, $0) }, claims)
    }
  }

  /// What became of a form's body.
  private enum Form {
    case taken(UploadSource, UploadRequest)
    case refused(Response)
  }

  private func takeForm(
    _ request: Request, _ query: QueryParameters, _ context: ServiceContext
  ) async throws -> Form {
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
      return .refused(try await refuse(rejection, form.claims, received: form.fileBytes))
    }
    return .taken(source, form.claims)
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
    return try await answer(source, claims, request, context)
  }

  /// `GET /v1/uploads/{id}`: how far it is, or what became of it.
  func get(_ untrustedID: [UInt8], _ request: Request, _ query: QueryParameters) async throws -> Response {
    _ = try query.values()
    guard let id = String(validating: untrustedID, as: UTF8.self) else { throw RequestProblem(.notFound) }
    // It is in the catalog before it leaves the registry.
    if let state = registry.state(of: id) { return Response(state, upload: id) }
    guard let json = try await ingestor.upload(id) else { throw RequestProblem(.notFound) }
    return Response(revalidated: json, request)
  }

  /// `GET /v1/uploads/{id}/original`: the bytes as they came, as long as they are kept.
  func original(_ untrustedID: String, _ query: QueryParameters) async throws -> Response {
    _ = try query.values()
    // What is longer may begin like an id, and would be counted as a subject of its own.
    guard untrustedID.utf8.count == UploadRequest.idDigits,
      let original = try await ingestor.original(ofUpload: untrustedID)
    else { throw RequestProblem(.notFound) }
    let answer = try OriginalDownload(original).answer
    // It names an upload, or it would not have been found.
    ingestor.accesses.noteRead(original: untrustedID, by: UploadRequest.localPrincipal, at: .nowInMicroseconds)
    return answer
  }

  /// Answers an upload whose body is complete, at once where the client would rather come back.
  private func answer(
    _ source: UploadSource, _ claims: UploadRequest, _ request: Request, _ context: ServiceContext
  ) async throws -> Response {
    guard let state = registry.begin(claims.id, totalBytes: source.bytes) else {
      PipelineMetrics.uploadWasBusy()
      throw RequestProblem.busy
    }
    guard AsyncPreference.isStated(in: request.headers) else {
      defer { registry.end(claims.id) }
      return try await publish(source, claims)
    }
    return try await accept(source, claims, state, context)
  }

  private func publish(_ source: UploadSource, _ claims: UploadRequest) async throws -> Response {
    try Self.response(to: try await ingestor.publish(source, claims) { registry.note(claims.id, $0) }, claims)
  }

  private static func response(to answer: UploadAnswer, _ claims: UploadRequest) throws -> Response {
    if let rejection = answer.rejection { return Response(ProblemBody(rejection, upload: answer.uploadID)) }
    let status: HTTPResponse.Status = answer.isNew ? .created : .ok
    return Response(json: try answer.json(), status: status, [.location: location(of: claims)])
  }

  /// Leaves the upload to the background, and tells where to ask for it.
  private func accept(
    _ source: UploadSource, _ claims: UploadRequest, _ state: UploadRegistry.State, _ context: ServiceContext
  ) async throws -> Response {
    do {
      try await ingestor.checkRequest(claims, for: source)
      let isTaken = background.begin { [ingestor, registry] in
        do {
          _ = try await ingestor.publish(source, claims) { registry.note(claims.id, $0) }
          registry.end(claims.id)
        } catch {
          let problem = RequestProblem(error, context.logger)
          if problem.code.isRefusal {
            ingestor.accesses.noteTurnedAway(problem.code.rawValue, by: claims.principal, at: .nowInMicroseconds)
          }
          registry.fail(claims.id, problem)
        }
      }
      guard isTaken else { throw RequestProblem.busy }
    } catch {
      registry.end(claims.id)
      throw error
    }
    var fields: HTTPFields = [.location: Self.location(of: claims)]
    if let name = AsyncPreference.appliedName { fields[name] = AsyncPreference.text }
    return Response(state, upload: claims.id, status: .accepted, fields)
  }

  private static func location(of claims: UploadRequest) -> String {
    "/v1/uploads/\(AnswerFields.percentEncoded(claims.id))"
  }

  /// Records a refusal that was made before the end of the body, then answers it.
  private func refuse(_ rejection: Rejection, _ claims: UploadRequest, received: UInt64) async throws -> Response {
    let answer = try await ingestor.refuseUnread(claims, rejection, bytes: received)
    return Response(ProblemBody(rejection, upload: answer.uploadID))
  }

  /// What the header says about the upload.
  private func claims(_ request: Request, _ query: QueryParameters) throws(RequestProblem) -> UploadRequest {
    var claims = UploadRequest()
    let values = try query.values(of: UploadFields.names)
    for (name, value) in values { UploadFields.set(name, to: value, in: &claims) }
    claims.principal = UploadRequest.localPrincipal
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
