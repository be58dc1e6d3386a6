// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import Sandbox
import WorkerProtocol

/// `ingest doctor`: what this machine gives, and whether that is enough.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show how workers are confined here, and whether the store is sound.",
    discussion: """
      Real workers try the attacks of every start. Exit status: 78 if the confinement is weaker than required or does
      not hold, 70 if the store is not sound.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @Option(name: .customLong("store"), help: "A store to look at.")
  var storePath: String?

  @OptionGroup var workers: WorkerOptions

  func run() async throws {
    // Whatever the level, it is to be shown.
    let pool = workers.makeWorkers(files: 1, required: SandboxLevel.none)
    let trial = try await pool.verified()
    let store = try await storePath.asyncMap { try await StoreHealth(path: $0) }
    let diagnosis = Diagnosis(trial, required: workers.acceptedLevel, libraries: pool.libraries, store: store)
    try DataOutput.line(json ? diagnosis.json() : diagnosis.text)
    guard trial.level >= workers.acceptedLevel else {
      throw SandboxError.levelUnavailable(
        required: workers.acceptedLevel, actual: trial.level, missing: trial.missing(for: workers.acceptedLevel))
    }
    if let store, !store.isSound { throw ExitStatus.Unsound() }
  }
}

extension Optional {
  fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
    if let self { try await transform(self) } else { nil }
  }
}
