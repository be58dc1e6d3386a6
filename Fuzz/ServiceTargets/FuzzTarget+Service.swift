// SPDX-License-Identifier: Apache-2.0

package import Fuzzing

extension FuzzTarget {
  /// What the service parses.
  package static let serviceTargets = [
    headers, multipart, storedTable, workerConversation, workerMessages, workerOutput,
  ]
}
