// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestPipeline
import IngestTables
import Inspection
import Logging
import Readers
import Sandbox
import UploadVerification
import Validation
import WorkerProtocol

// What isolation adds to one small upload: the same inspection, reading and verification of 4 KiB, in this process and
// in a ready worker, in turns. Arguments: the path of ingest-worker, the number of turns. Prints JSON.

/// One file of about 4 KiB, in memory, as an upload is spooled.
struct SmallUpload {
  let bytes: [UInt8]

  init(_ number: Int) {
    var text = "id,name,amount,day\n"
    var row = 0
    while text.utf8.count < 4060 {
      row += 1
      text += "\(number * 1000 + row),item \(row % 7),\(row * 37 % 1000).\(row % 10),2024-01-\(10 + row % 20)\n"
    }
    bytes = Array(text.utf8)
  }

  func spool() throws -> UploadSource {
    let limits = Limits()
    let spool = SpoolWriter(limits: limits, budget: SpoolBudget(limit: limits.memorySpoolBudget)) {
      try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    }
    try spool.append(bytes.span)
    return try spool.finish()
  }
}

/// The worker's and the verifier's code, without a worker.
final class InProcess {
  private var inspector: ContentInspector
  private let workspace = Workspace(temporaryDirectory: NSTemporaryDirectory())
  private var written: Int32 = -1
  private var said = UntrustedOutput()

  init() throws {
    inspector = try ContentInspector()
    inspector.warm()
  }

  func read(_ source: UploadSource) throws -> UInt64 {
    let bytes = try MappedBytes(source.descriptor, range: 0..<Int(source.bytes))
    let content = inspector.witnesses(count: bytes.count) { range in
      var piece: [UInt8] = []
      bytes.append(range, to: &piece)
      return piece
    }
    guard case .accepted = Policy().judge(UploadClaims(extension: "csv"), content) else { throw Refused() }
    said = UntrustedOutput()
    let output = ReaderOutput(
      open: { [self] in
        let file = try workspace.makeOutput()
        written = try file.duplicate().release()
        return file
      },
      finish: { [self] schema, shapes, findings in
        said.fields = schema.fields
        said.rows = shapes.map(\.rows)
        said.sizes = shapes.flatMap(\.sizes)
        said.findings = findings
      }, progress: { _, _ in })
    try CSVReader(bytes, options: ReadOptions(), limits: ReadLimits(Limits())).read(to: output)
    return try OutputVerifier(nameBytes: 1056).verify(said, writtenTo: OwnedDescriptor(owning: written)).rows
  }

  struct Refused: Error {}
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let turns = Int(arguments[2]) else { fatalError("usage: isolation-bench WORKER TURNS") }
let pool = WorkerPool(
  WorkerPool.Settings(
    executable: arguments[1], required: .strong, concurrent: 2, waiting: 64, ready: 4, memory: 16 << 30))
let reader = UploadReader(
  limits: Limits(), workers: pool, workspace: Workspace(temporaryDirectory: NSTemporaryDirectory()),
  logger: Logger(label: "bench"))
let request = try UploadReader.Request.check(
  fileName: Array("small.csv".utf8), declaredType: nil, format: nil, limits: Limits()
).get()
let trial = try await pool.verified()
let here = try InProcess()
var isolated: [Double] = []
var bare: [Double] = []

func milliseconds(_ work: () async throws -> Void) async rethrows -> Double {
  let start = ContinuousClock.now
  try await work()
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
}

for turn in 0..<turns + 20 {
  let upload = SmallUpload(turn)
  let inside = try await milliseconds {
    let outcome = try await reader.read(try upload.spool(), request)
    guard case .accepted = outcome.verdict, outcome.level == trial.level else { fatalError("\(outcome.verdict)") }
  }
  let outside = try await milliseconds { _ = try here.read(try upload.spool()) }
  // The first turns warm caches; a pause lets the next worker get ready, as between two uploads.
  if turn >= 20 {
    isolated.append(inside)
    bare.append(outside)
  }
  try await Task.sleep(for: .milliseconds(5))
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
let result: [String: Any] = [
  "level": trial.level.rawValue, "turns": turns, "isolated_ms": median(isolated), "in_process_ms": median(bare),
  "added_ms": median(isolated) - median(bare), "isolated_p99_ms": isolated.sorted()[isolated.count * 99 / 100],
]
let json = try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys, .prettyPrinted])
print(String(decoding: json, as: UTF8.self))
