// SPDX-License-Identifier: Apache-2.0

import Foundation

// Writes the committed corpora: `tools/fuzz-seeds` runs it.
let folder = URL(filePath: CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "Fuzz/Corpus")
let corpora: [(target: String, seeds: [Seed])] = [
  ("fuzz-csv-dialect", csvDialectSeeds), ("fuzz-csv-reader", csvReaderSeeds),
  ("fuzz-json-reader", jsonReaderSeeds), ("fuzz-headers", headerSeeds), ("fuzz-multipart", multipartSeeds),
  ("fuzz-stored-table", try storedTableSeeds()),
  ("fuzz-worker-conversation", conversationSeeds), ("fuzz-worker-messages", messageSeeds),
  ("fuzz-worker-output", outputSeeds),
]
for (target, seeds) in corpora {
  let corpus = folder.appending(path: target)
  try FileManager.default.createDirectory(at: corpus, withIntermediateDirectories: true)
  for seed in seeds { try Data(seed.bytes).write(to: corpus.appending(path: seed.name)) }
  print("\(target): \(seeds.count)")
}
