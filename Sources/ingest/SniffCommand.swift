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

    var isRefused: Bool { if case .refused = self { true } else { false } }
  }

  func run() async throws {
    let examination = Examination(files: files, reading: reading, workers: workers)
    let shown: ((Answer) throws -> Void)? = json ? nil : { try show($0) }
    let (answers, status) = try await examination.run(
      { answer($0) }, show: shown, isRefused: { (answer: Answer) in answer.isRefused })
    if json { try DataOutput.line(try jsonText(answers)) }
    if let status { throw status }
  }

  private func answer(_ file: Examination.File) -> Answer {
    guard case .read(_, _, _, let outcome) = file.outcome, case .accepted = outcome.verdict else {
      return .refused(CheckResult(file, reading))
    }
    return .sniffed(outcome.tables.map { SniffResult(file: file.path, $0) })
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
