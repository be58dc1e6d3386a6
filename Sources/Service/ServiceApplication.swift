// SPDX-License-Identifier: Apache-2.0

package import Hummingbird
import HummingbirdCore
package import IngestPipeline
package import Logging
package import NIOCore

/// Composes the HTTP service.
///
/// Run it with `runService()`: at SIGTERM or SIGINT it takes no more connections, finishes the requests that have
/// begun and the uploads that were accepted, and returns.
///
/// - Parameters:
///   - watch: what operators see of the service.
///   - onServerRunning: is told the listening channel, which knows the port.
package func makeApplication(
  ingestor: Ingestor, configuration: ServiceConfiguration, watch: ServiceWatch, logger: Logger,
  onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
) -> some ApplicationProtocol {
  let background = BackgroundUploads()
  let answers = configuration.repeatsAnswers ? ReadyAnswers(ingestor) : nil
  return Application(
    responder: ServiceResponder(
      ingestor: ingestor, configuration: configuration, watch: watch, background: background, answers: answers),
    server: HTTPServerBuilder { responder in
      ServiceChannel(
        responder: responder, configuration: configuration, accesses: ingestor.accesses, answers: answers)
    },
    configuration: ApplicationConfiguration(
      address: .hostname(configuration.host, port: configuration.port),
      availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections, logger: logger)),
    // Ended in the reverse order: the server, which is the last, first.
    services: [StoreUpkeep(ingestor: ingestor, answers: answers), background], onServerRunning: onServerRunning,
    logger: logger)
}
