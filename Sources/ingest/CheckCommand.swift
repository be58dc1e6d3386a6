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
    let reader = Composition.reader(workers, files: files.count, logger: Composition.logger())
    let cells = try reading.cellWishes().options()
    var results: [CheckResult] = []
    var unreadable: ExitStatus.Usage?
    for file in files {
      do {
        let result = try await check(file, cells, reader)
        results.append(result)
        if !json { try DataOutput.line(result.text(explaining: explain)) }
      } catch let error as ExitStatus.Usage {
        // What can be read is checked all the same.
        Talk.line("ingest: \(error.message)")
        unreadable = error
      }
    }
    if json { try DataOutput.line(try CheckResult.json(results, isList: files.count > 1)) }
    if unreadable != nil { throw ExitStatus.Usage(message: "not every file could be read") }
    if results.contains(where: { $0.code != nil }) { throw ExitStatus.Refused() }
  }

  private func check(_ path: String, _ cells: CellOptions, _ reader: UploadReader) async throws -> CheckResult {
    let input = LocalInput(path: path)
    let bar = ProgressBar(label: path.escapedForDisplay)
    defer { bar.clear() }
    do {
      // A file that is not there is the caller's mistake, whatever its name.
      let source = try input.open(limits: reader.limits)
      let request = try ClaimedFile(name: input.name, reading, cells, limits: reader.limits).request.get()
      let outcome = try await reader.read(source, request) { bar.show($0) }
      return CheckResult(file: path, source, try await source.hash(), request, outcome)
    } catch let rejection as Rejection {
      return CheckResult(file: path, rejection: rejection, reading)
    }
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
    let options = asked
    request = UploadReader.Request.check(
      fileName: name.map { Array($0.utf8) }, declaredType: reading.declaredType, format: reading.format,
      options: options, limits: limits)
  }
}
