// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import IngestPipeline
import IngestTables
import NIOCore
import NIOPosix

/// A table's rejected records as they stood in their file, under its header, as a download.
struct RepairDownload {
  private let sheet: RepairSheet

  init(_ sheet: RepairSheet) { self.sheet = sheet }

  var answer: Response {
    Response(
      status: .ok,
      headers: AnswerFields.common.merging([
        .contentType: "text/csv; charset=utf-8; header=present",
        .contentDisposition: AnswerFields.attachment("\(sheet.rejects.name)-repair.csv"),
      ]), body: body)
  }

  private var body: ResponseBody {
    let sheet = sheet
    return ResponseBody { writer in
      try await writer.write(ByteBuffer(bytes: sheet.header))
      let file = sheet.rejects.file
      for index in 0..<file.batchCount {
        let batch = try await NIOThreadPool.singleton.runIfActive { try file.batch(index) }
        var chunk: [UInt8] = []
        _ = sheet.append(batch, to: &chunk)
        try await writer.write(ByteBuffer(bytes: chunk))
      }
      try await writer.finish(nil)
    }
  }
}
