// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Validation
import WorkerProtocol

/// What is said about the files to be read.
struct ReadingOptions: ParsableArguments {
  @Option(help: "Read the file as this format: csv, gzip or zip.")
  var format: Format?

  @Option(name: .customLong("declared-type"), help: "The media type that the file is declared to have.")
  var declaredType: String?

  @Option(help: "Whether the first record names the columns: auto, always or never.")
  var header: ReadOptions.Header = .auto
}
