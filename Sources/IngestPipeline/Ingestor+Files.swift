// SPDX-License-Identifier: Apache-2.0

import Validation

extension Ingestor {
  /// Judges, reads, verifies and publishes a file where it lies.
  ///
  /// What is found out while it is opened, that it is too large or no regular file any more, is a recorded refusal too.
  ///
  /// - Parameter opening: the file's opening, where that was begun before.
  /// - Throws: as `publish(_:_:progress:)`, or `SystemCallError` where the file cannot be opened.
  package func publish(
    fileAt path: String, opening: Task<UploadSource?, any Error>? = nil, _ request: UploadRequest,
    progress: @escaping @Sendable (ReadProgress) -> Void = { _ in }
  ) async throws -> UploadAnswer {
    do {
      let opened = try await opening?.value ?? UploadSource.open(path: path, limit: limits.uploadBytes)
      guard let source = opened else {
        throw Rejection(.sourceChanged)
      }
      return try await publish(source, request, progress: progress)
    } catch let rejection as Rejection {
      return try await refuseUnread(request, rejection, bytes: rejection.actual ?? 0)
    }
  }
}
