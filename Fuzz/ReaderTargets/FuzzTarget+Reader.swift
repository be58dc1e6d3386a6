// SPDX-License-Identifier: Apache-2.0

package import Fuzzing

extension FuzzTarget {
  /// What a worker reads.
  package static let readerTargets = [sevenZip, compressed, csvDialect, csvReader, jsonReader, tar, zip]
}
