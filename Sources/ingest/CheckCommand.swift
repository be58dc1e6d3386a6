// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import Validation
import WorkerProtocol

/// `ingest check`: the whole way but publishing.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Judge and read files without publishing anything.")

  @Argument(help: ArgumentHelp("Files to check; - is standard input.", valueName: "file"))
  var files: [String]

  @Flag(help: "Print JSON: an object for one file, an array for several.")
  var json = false

  @Flag(help: "Show every witness.")
  var explain = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var workers: WorkerOptions

  func run() async throws {
    let examination = Examination(files: files, reading: reading, workers: workers)
    let (results, status) = try await examination.run(
      { CheckResult($0, reading) },
      show: json ? nil : { try DataOutput.line($0.text(explaining: explain)) }, isRefused: { !$0.accepted })
    if json { try DataOutput.line(try CheckResult.json(results, isList: files.count > 1)) }
    if let status { throw status }
  }
}

/// A file's name and claims, as the command line states them.
struct ClaimedFile {
  let request: Result<UploadReader.Request, Rejection>

  /// - Throws: where a stated dialect is none, which `ReadingOptions.validate` has refused before, or
  ///   `PipelineFailure.invalidRequest`.
  init(
    name: String?, _ reading: ReadingOptions, _ cells: CellOptions, limits: Limits, isVerbatim: Bool = false
  ) throws {
    let dialect = try reading.dialect
    var asked = ReadOptions(header: reading.header, isVerbatim: isVerbatim)
    asked.cells = cells
    asked.dialect = dialect
    try reading.rejects.apply(to: &asked)
    asked.member = reading.member.flatMap(MemberPattern.init)
    let options = asked
    request = UploadReader.Request.check(
      fileName: name.map { Array($0.utf8) }, declaredType: reading.declaredType, format: reading.format,
      options: options, limits: limits)
  }
}
