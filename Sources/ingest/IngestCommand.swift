// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import Sandbox

/// `ingest`: the safe front door for tabular files.
@main
struct IngestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "The safe front door for tabular files: an upload goes in, a typed table comes out, or a reason why not.",
    discussion: """
      Exit status: 0 done or accepted, 1 at least one file refused, 2 wrong usage, 70 a failure of our own, or a store
      that is not sound, 78 the required sandbox level cannot be had. 70 wins over 1.
      Standard output is data, standard error is talk.
      """,
    version: BuildVersion.text,
    subcommands: [
      CheckCommand.self, SniffCommand.self, ConvertCommand.self, BatchCommand.self, TableCommand.self,
      StoreCommand.self, AuditCommand.self, ServeCommand.self, CacheCommand.self, DoctorCommand.self,
      LimitsCommand.self,
    ])

  /// Whether the command line is likely one that workers are needed for: they take longer to get ready than it takes to
  /// be understood.
  private static var startsWorkers: Bool {
    let words = CommandLine.arguments.dropFirst()
    guard ["batch", "check", "convert", "serve", "sniff"].contains(words.first) else { return false }
    return !words.contains { ["-h", "--help", "--worker"].contains($0) || $0.hasPrefix("--worker=") }
  }

  /// Each output of an archive is an open file, and the usual soft limit is 1,024.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    // SAFETY: both calls use the one structure that they are given. A limit that cannot be raised stays.
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  static func main() async {
    // A reader that goes away (`| head`) is an ordinary end of output, seen as EPIPE.
    signal(SIGPIPE, SIG_IGN)
    raiseDescriptorLimit()
    do {
      try ServiceProcess.prepare()
      if startsWorkers { WorkerPool.startAhead(executable: WorkerPool.Settings.installedExecutable) }
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Foundation.exit(ExitStatus.end(with: error))
    }
  }
}
