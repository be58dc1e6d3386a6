// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Hummingbird
import IngestPipeline
import Sandbox
import Service
import Store
import Validation
import WorkerProtocol

/// `ingest serve`: the same way over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Take uploads and serve tables over HTTP.",
    discussion: "SIGTERM finishes what was accepted. The address is said on standard error once it is open.")

  @Option(help: "The address to listen on, as HOST:PORT; port 0 lets the system choose.")
  var listen = "127.0.0.1:8080"

  @Option(
    name: .customLong("allow-host"),
    help: "A further name that the service is reached under; may be given several times.")
  var allowedHosts: [String] = []

  @Option(
    name: .customLong("crashes-per-hour"),
    help: "Uploads of one sender in an hour that may crash their workers; 0 is no limit.")
  var crashesPerHour = Limits().crashesPerHour

  @OptionGroup var store: StoreOption
  @OptionGroup var auditHead: AuditHeadOptions
  @OptionGroup var keeping: KeepingOptions
  @OptionGroup var workers: WorkerOptions

  func validate() throws {
    guard crashesPerHour >= 0 else { throw ValidationError("--crashes-per-hour takes a number from 0 on") }
  }

  func run() async throws {
    let address = try ListenAddress(listen)
    let logger = Composition.logger()
    let store = try store.open(.readWrite)
    let keeper = try await auditHead.keep(store, logger)
    let ingestor = Composition.ingestor(
      workers, store: store, keeping: keeping, crashesPerHour: crashesPerHour, logger: logger)
    // Before the first upload: a service that cannot confine its workers does not start.
    let trial = try await ingestor.verifySandbox()
    // After that, so that the file of this check counts as no upload.
    let metrics = Composition.metrics()
    var configuration = ServiceConfiguration()
    configuration.host = address.host
    configuration.port = address.port
    configuration.allowedHosts = allowedHosts
    let application = makeApplication(
      ingestor: ingestor, configuration: configuration,
      watch: Composition.watch(ingestor, trial: trial, metrics: metrics), logger: logger
    ) { channel in
      let port = channel.localAddress?.port ?? address.port
      Talk.line("ingest: sandbox level \(trial.level.rawValue), listening on http://\(address.shownHost):\(port)")
    }
    try await application.runService()
    try await keeper.log(store, at: "end")
    try await store.close()
  }
}

/// `HOST:PORT`, with brackets around an IPv6 address.
struct ListenAddress {
  let host: String
  let port: Int

  init(_ text: String) throws {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw ExitStatus.Usage(message: "--listen takes HOST:PORT, such as 127.0.0.1:8080")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    self.host = host.isEmpty ? "127.0.0.1" : host
    self.port = Int(port)
  }

  var shownHost: String { host.contains(":") ? "[\(host)]" : host }
}
