// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import UploadVerification
import Validation
import WorkerProtocol

/// `ingest sniff`: how a file's cells are told apart, and what of the file is the table.
struct SniffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sniff", abstract: "Tell the dialect, header, columns and structure of files; nothing is published.")

  @Argument(help: ArgumentHelp("Files to look at; - is standard input.", valueName: "file"))
  var files: [String]

  @Flag(help: "Print JSON: an object for one table, an array for several files or the tables of an archive.")
  var json = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var workers: WorkerOptions

  /// What came of one file.
  private enum Answer {
    case sniffed([SniffResult])
    case refused(CheckResult)
  }

  func run() async throws {
    let reader = Composition.reader(workers, files: files.count, logger: Composition.logger())
    let cells = try reading.cellWishes().options()
    var answers: [Answer] = []
    var isUnreadable = false
    for file in files {
      do {
        answers.append(try await sniff(file, cells, reader))
        if !json, let answer = answers.last { try show(answer) }
      } catch let error as ExitStatus.Usage {
        // What can be read is looked at all the same.
        Talk.line("ingest: \(error.message)")
        isUnreadable = true
      }
    }
    if json { try DataOutput.line(try jsonText(answers)) }
    if isUnreadable { throw ExitStatus.Usage(message: "not every file could be read") }
    if answers.contains(where: { if case .refused = $0 { true } else { false } }) { throw ExitStatus.Refused() }
  }

  private func sniff(_ path: String, _ cells: CellOptions, _ reader: UploadReader) async throws -> Answer {
    let input = LocalInput(path: path)
    let bar = ProgressBar(label: path.escapedForDisplay)
    defer { bar.clear() }
    do {
      let source = try input.open(limits: reader.limits)
      let request = try ClaimedFile(name: input.name, reading, cells, limits: reader.limits).request.get()
      let outcome = try await reader.read(source, request) { bar.show($0) }
      if case .rejected = outcome.verdict {
        return .refused(CheckResult(file: path, source, try await source.hash(), request, outcome))
      }
      return .sniffed(outcome.tables.map { SniffResult(file: path, $0) })
    } catch let rejection as Rejection {
      return .refused(CheckResult(file: path, rejection: rejection, reading))
    }
  }

  private func show(_ answer: Answer) throws {
    switch answer {
    case .sniffed(let tables): for table in tables { try DataOutput.line(table.text) }
    case .refused(let result): try DataOutput.line(result.text(explaining: false))
    }
  }

  private func jsonText(_ answers: [Answer]) throws -> String {
    let objects = answers.flatMap { answer -> [any Encodable] in
      switch answer {
      case .sniffed(let tables): tables
      case .refused(let result): [result]
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let texts = try objects.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    return texts.count == 1 && files.count == 1 ? texts[0] : "[\(texts.joined(separator: ",\n"))]"
  }
}
