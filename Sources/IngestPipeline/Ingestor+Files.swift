// SPDX-License-Identifier: Apache-2.0

import Validation

extension Ingestor {
  /// Judges, reads, verifies and publishes a file where it lies.
  ///
  /// What is found out while it is opened, that it is too large or no regular file any more, is a recorded refusal too.
  ///
  /// - Throws: as `publish(_:_:progress:)`, or `SystemCallError` where the file cannot be opened.
  package func publish(
    fileAt path: String, _ request: UploadRequest, progress: @escaping @Sendable (ReadProgress) -> Void = { _ in }
  ) async throws -> UploadAnswer {
    do {
      guard let source = try UploadSource.open(path: path, limit: limits.uploadBytes) else {
        throw Rejection(.sourceChanged)
      }
      return try await publish(source, request, progress: progress)
    } catch let rejection as Rejection {
      return try await refuseUnread(request, rejection, bytes: rejection.actual ?? 0)
    }
  }
}
