// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import IngestPipeline
import IngestTables
import IngestTesting
import Logging
import NIOCore
import Sandbox
import ServiceLifecycle
import Store
import Telemetry
import Testing
import Validation
import WorkerProtocol

@testable import Service

/// A store with tables that services of this process serve, without any worker.
struct ServedStore: Sendable {
  let store: TableStore

  init(at path: String) throws { store = try TableStore.open(at: path, mode: .readWrite) }

  /// Publishes a table with one column `n`, which counts from `first`, in two batches.
  ///
  /// - Parameter number: of the upload, each one once; what it holds is named by it.
  func publish(_ name: String, number: Int, first: Int64 = 0, rows: Int64) async throws {
    let cells = (first..<first + rows).map { Value.int64($0) }
    let half = cells.count / 2
    let table = SampleTable(
      schema: Schema(fields: [Field(name: "n", type: .int64)]),
      batches: [[Array(cells[..<half])], [Array(cells[half...])]])
    let bytes = try table.file()
    let output = try store.makeOutput()
    try output.pwrite(bytes.span, at: 0)
    let upload = UploadRecord(
      id: Self.hex(number, 32), receivedAt: 1, principal: "local", scope: "local", contentHash: Self.hex(number, 64),
      bytes: 10, format: "csv", derivation: Self.hex(number, 64), sandboxLevel: "full", options: "{}", report: "{}")
    let reading = ReadingOutput(
      ordinal: 0, tableID: Self.hex(number, 64), rows: UInt64(rows), columns: 1, rejected: 0,
      fileBytes: UInt64(bytes.count), warnings: "[]")
    _ = try await store.publish(
      [FinishedOutput(output, tableID: reading.tableID)],
      PublicationRequest(
        upload: upload, outputs: [reading], names: [try #require(TableName(exactly: name))],
        publishedAt: Int64(number)))
  }

  /// Runs a service on the store, and `body` with its port.
  func serve(
    _ configure: (inout ServiceConfiguration) -> Void = { _ in }, _ body: @escaping @Sendable (Int) async throws -> Void
  ) async throws {
    var configuration = ServiceConfiguration()
    configuration.port = 0
    configure(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let workers = WorkerPool(
      WorkerPool.Settings(executable: "/bin/false", required: .none, concurrent: 1, waiting: 1, ready: 0, memory: 0))
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let application = makeApplication(
      ingestor: Ingestor(limits: Limits(), store: store, workers: workers, logger: logger),
      configuration: configuration,
      watch: ServiceWatch(metrics: MetricRegistry([])) {
        SandboxHealth(level: .none, layers: [], ready: 0, running: 0, waiting: 0, restarts: 0)
      }, logger: logger
    ) { continuation.yield($0.localAddress?.port ?? 0) }
    let group = ServiceGroup(services: [application], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      for await port in ports {
        try await body(port)
        break
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  private static func hex(_ number: Int, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}

/// Runs `body` with an empty store, which is removed afterwards.
func withServedStore(_ body: (ServedStore) async throws -> Void) async throws {
  let directory = FileManager.default.temporaryDirectory.appending(path: "served-\(UUID().uuidString)").path
  defer { try? FileManager.default.removeItem(atPath: directory) }
  let served = try ServedStore(at: directory)
  try await body(served)
  try await served.store.close()
}
