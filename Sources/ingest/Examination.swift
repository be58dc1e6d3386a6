// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import Validation
import WorkerProtocol

/// Files that are read one by one without publishing anything: what `check` and `sniff` do.
struct Examination {
  /// What came of one file.
  struct File {
    let path: String
    let outcome: Outcome
  }

  enum Outcome {
    case read(UploadSource, ContentHash, UploadReader.Request, ReadOutcome)
    /// Refused before its content was looked at.
    case refused(Rejection)
  }

  let files: [String]
  let reading: ReadingOptions
  let workers: WorkerOptions

  /// Reads each file and shows what `answer` makes of it, as soon as it is there.
  ///
  /// - Parameters:
  ///   - show: nil where all answers are printed together.
  ///   - isRefused: whether an answer makes the command end with status 1.
  /// - Returns: the answers, and the status to throw once they are printed.
  func run<Answer>(
    _ answer: (File) throws -> Answer, show: ((Answer) throws -> Void)?, isRefused: (Answer) -> Bool
  ) async throws -> (answers: [Answer], status: (any Error)?) {
    let reader = Composition.reader(workers, files: files.count, logger: Composition.logger())
    let cells = try reading.cellWishes().options()
    var answers: [Answer] = []
    var isUnreadable = false
    for path in files {
      do {
        let next = try answer(File(path: path, outcome: try await read(path, cells, reader)))
        answers.append(next)
        try show?(next)
      } catch let error as ExitStatus.Usage {
        // What can be read is looked at all the same.
        Talk.line("ingest: \(error.message)")
        isUnreadable = true
      }
    }
    if isUnreadable { return (answers, ExitStatus.Usage(message: "not every file could be read")) }
    return (answers, answers.contains(where: isRefused) ? ExitStatus.Refused() : nil)
  }

  private func read(_ path: String, _ cells: CellOptions, _ reader: UploadReader) async throws -> Outcome {
    let input = LocalInput(path: path)
    let bar = ProgressBar(label: path.escapedForDisplay)
    defer { bar.clear() }
    do {
      // A file that is not there is the caller's mistake, whatever its name.
      let source = try input.open(limits: reader.limits)
      let request = try ClaimedFile(name: input.name, reading, cells, limits: reader.limits).request.get()
      let outcome = try await reader.read(source, request) { bar.show($0) }
      return .read(source, try await source.hash(), request, outcome)
    } catch let rejection as Rejection {
      return .refused(rejection)
    }
  }
}
