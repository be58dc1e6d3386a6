// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import IngestPipeline
import NIOCore
import NIOPosix

/// The bytes of an upload as they came, as a download: never shown, whatever they are (control 41).
struct OriginalDownload {
  private let original: KeptOriginal
  private let reader: OriginalReader

  /// - Throws: what keeps its file from being opened.
  init(_ original: KeptOriginal) throws {
    self.original = original
    reader = try original.open()
  }

  var answer: Response {
    Response(
      status: .ok,
      headers: AnswerFields.common.merging([
        .contentType: "application/octet-stream",
        .contentDisposition: AnswerFields.attachment(original.displayName ?? "original"),
      ]), body: body)
  }

  /// Where the file is damaged the connection ends before its last piece.
  private var body: ResponseBody {
    let start = reader
    return ResponseBody(contentLength: Int(clamping: original.bytes)) { writer in
      var reader = start
      while true {
        let (piece, rest) = try await NIOThreadPool.singleton.runIfActive { [reader] in
          var reader = reader
          return (try reader.next(), reader)
        }
        guard let piece else { break }
        reader = rest
        try await writer.write(ByteBuffer(bytes: piece))
      }
      try await writer.finish(nil)
    }
  }
}
