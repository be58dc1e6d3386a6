// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestPipeline
import Logging
import Sandbox
import Store
import Validation
import WorkerProtocol

// `ingest batch`, but for one thing: it kills its service, zygote or workers as soon as a step of publishing was passed
// for the N-th time. The program that ships has no way to be told so.
//
//   faulty-ingest STORE LEVEL VICTIM STEP N QUOTA FILE…
//
// QUOTA is the limit store-bytes.
// Prints the answer to each upload, which is then acknowledged, as a line of JSON. Exits 3 where the step was not passed
// so often; without arguments it lists the steps.
let words = Array(CommandLine.arguments.dropFirst())
guard !words.isEmpty else {
  PublishingStep.allCases.forEach { print($0.rawValue) }
  exit(0)
}
guard words.count > 6, let level = SandboxLevel(rawValue: words[1]), let victim = Killing.Victim(rawValue: words[2]),
  let step = PublishingStep(rawValue: words[3]), let turn = Int(words[4]), let quota = UInt64(words[5])
else { exit(2) }

let killing = Killing(victim, at: step, turn: turn)
let worker = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "ingest-worker").path
let pool = WorkerPool(
  WorkerPool.Settings(
    executable: worker, required: level, concurrent: 4, waiting: 64, ready: 4,
    memory: ProcessInfo.processInfo.physicalMemory / 2))
let store = try TableStore.open(at: words[0], mode: .readWrite) { killing.observe($0) }
var limits = Limits()
limits.storeBytes = ByteCount(bytes: quota)
let ingestor = Ingestor(limits: limits, store: store, workers: pool, logger: Logger(label: "faulty-ingest"))
let output = OwnedDescriptor(owning: dup(STDOUT_FILENO))
var failures = 0
await withTaskGroup(of: Result<[UInt8], any Error>.self) { group in
  for path in words.dropFirst(6) {
    group.addTask {
      do {
        guard let source = try UploadSource.open(path: path, limit: ingestor.limits.uploadBytes) else {
          return .success([])
        }
        var request = UploadRequest()
        request.fileName = Array(URL(filePath: path).lastPathComponent.utf8)
        request.rejects["max_rejects"] = "9"
        request.cells.types = ["id=int64"]
        return .success(try await ingestor.publish(source, request).json())
      } catch { return .failure(error) }
    }
  }
  for await result in group {
    switch result {
    case .success(let answer): try? output.write((answer + Array("\n".utf8)).span)
    case .failure(let error):
      failures += 1
      FileHandle.standardError.write(Data("faulty-ingest: \(error)\n".utf8))
    }
  }
}
try await store.close()
exit(failures > 0 ? 70 : killing.happened ? 0 : 3)
