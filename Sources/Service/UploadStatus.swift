// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import IngestPipeline
import IngestTables

extension Response {
  /// What is said about an upload that is not decided: where it is, or why it never will be.
  ///
  /// A failure of ours is told in a member of its own, since `status` has another meaning in a problem (RFC 9457).
  init(_ state: UploadRegistry.State, upload id: String, status: HTTPResponse.Status = .ok, _ extra: HTTPFields = [:]) {
    var body = JSONObject()
    body.add("upload", id)
    body.add("status", state.name)
    switch state {
    case .queued(let progress), .reading(let progress):
      body.add("progress", JSONObject(progress))
      self.init(json: body.line, status: status, extra.merging([.retryAfter: "1"]))
    case .failed(let problem):
      body.add("problem", ProblemBody.object(problem))
      self.init(json: body.line, status: status, extra)
    }
  }
}

extension UploadRegistry.State {
  fileprivate var name: String {
    switch self {
    case .queued: "queued"
    case .reading: "reading"
    case .failed: "failed"
    }
  }
}

extension JSONObject {
  fileprivate init(_ progress: ReadProgress) {
    self.init()
    // The worker's own words: no more is read than there is.
    add("bytes", min(progress.bytes, progress.totalBytes))
    add("total_bytes", progress.totalBytes)
    add("records", progress.records)
  }
}
