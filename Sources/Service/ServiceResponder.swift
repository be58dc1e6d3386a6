// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import Hummingbird
import IngestPipeline
import Logging
import NIOCore
import Telemetry
import Validation

/// Answers one request: checks who asks, finds the route, and turns every failure into its problem answer.
struct ServiceResponder: HTTPResponder {
  let hosts: HostPolicy
  let uploads: UploadEndpoint
  let tables: TableEndpoint
  let health: HealthEndpoint
  let metrics: MetricsEndpoint
  let caches: CacheEndpoint

  init(
    ingestor: Ingestor, configuration: ServiceConfiguration, watch: ServiceWatch, background: BackgroundUploads,
    answers: ReadyAnswers?
  ) {
    hosts = HostPolicy(allowing: configuration.allowedHosts)
    let registry = UploadRegistry(places: ingestor.reader.places, queue: ingestor.limits.waitingUploads)
    uploads = UploadEndpoint(ingestor: ingestor, registry: registry, background: background)
    let tables = TableEndpoint(ingestor: ingestor)
    self.tables = tables
    let running = ingestor.shared.caches + [tables.encoded.running, answers?.running].compactMap { $0 }
    caches = CacheEndpoint(running: running)
    health = HealthEndpoint(ingestor: ingestor, sandbox: watch.sandbox)
    metrics = MetricsEndpoint(registry: watch.metrics) {
      ingestor.metricReadings + tables.encoded.metricReadings + (answers?.metricReadings ?? [])
        + watch.sandbox().readings
    }
  }

  func respond(to request: Request, context: ServiceContext) async throws -> Response {
    var response: Response
    do {
      response = try await answer(request, context)
    } catch let rejection as Rejection {
      context.turnAway(rejection.code.rawValue)
      response = Response(ProblemBody(rejection, upload: nil))
    } catch {
      let problem = RequestProblem(error, context.logger)
      if problem.code.isRefusal { context.turnAway(problem.code.rawValue) }
      response = Response(problem)
    }
    return request.method == .head ? Self.withoutBody(response) : response
  }

  /// The answer to HEAD: the same fields.
  ///
  /// Hummingbird would say that a body of unknown length has none.
  private static func withoutBody(_ response: Response) -> Response {
    var head = response.createHeadResponse()
    head.headers[.contentLength] = response.headers[.contentLength]
    return head
  }

  private func answer(_ request: Request, _ context: ServiceContext) async throws -> Response {
    let head = request.head
    if let problem = hosts.problem(method: head.method, authority: head.authority, fields: head.headerFields) {
      throw problem
    }
    guard let target = RequestTarget(head.path ?? "") else {
      throw RequestProblem(.invalidRequest, "The address has a malformed escape, or its query is no UTF-8")
    }
    guard let route = Route(target.segments) else { throw RequestProblem(.notFound) }
    guard route.methods.contains(request.method) else {
      let allowed = route.methods.map(\.rawValue).joined(separator: ", ")
      throw RequestProblem(.methodNotAllowed, fields: [.allow: allowed])
    }
    return try await respond(route, request, QueryParameters(target.parameters), context)
  }

  private func respond(
    _ route: Route, _ request: Request, _ query: QueryParameters, _ context: ServiceContext
  ) async throws -> Response {
    switch route {
    case .uploads: try await uploads.post(request, query, context)
    case .upload(let name) where request.method == .put: try await uploads.put(name, request, query, context)
    case .upload(let id): try await uploads.get(id, request, query)
    case .original(let id): try await uploads.original(id, query)
    case .tables: try await tables.list(request, query)
    case .table(let reference, let representation):
      try await tables.get(reference, representation, request, query, context)
    case .batches(let reference): try await tables.batches(reference, request, query)
    case .rejects(let reference, let representation):
      try await tables.rejects(reference, representation, request, query)
    case .repairs(let reference): try await uploads.repair(reference, request, query, context)
    case .caches(let name) where request.method == .delete: try caches.clear(name, query)
    case .caches: try caches.list(query)
    case .liveness: health.liveness()
    case .readiness: try await health.readiness(query)
    case .metrics: try metrics.get(query)
    }
  }
}

extension Response {
  /// An error answer for a request.
  init(_ problem: RequestProblem) { self.init(ProblemBody(problem), problem.fields) }

  /// An error answer with its body as it is.
  init(_ problem: ProblemBody, _ extra: HTTPFields = [:]) {
    self.init(
      status: HTTPResponse.Status(code: problem.status),
      headers: AnswerFields.problem(extra, length: problem.bytes.count),
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: problem.bytes)))
  }

  /// An answer in JSON.
  init(json: [UInt8], status: HTTPResponse.Status = .ok, _ extra: HTTPFields = [:]) {
    var fields = AnswerFields.common
    fields[.contentType] = "application/json"
    for field in extra { fields[field.name] = field.value }
    self.init(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
  }
}
