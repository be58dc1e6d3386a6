// SPDX-License-Identifier: Apache-2.0

package import WorkerProtocol

/// Reads a text of one format as a table.
///
/// All readers keep the same caps, and give the same table whatever the threads and the sizes of pieces; records in the
/// text are rows, rejects, or set aside (`Tests/ReadersTests/Conformance`).
package protocol TableReader {
  /// Whether a text that is no UTF-8, and says nothing of its encoding, may be Windows-1252.
  static var mayBeWindows1252: Bool { get }

  /// - Parameter originals: finds where in the file the offsets of this text are; nil where they are the same.
  init(
    _ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits, threads: ParsingThreads, sizes: PassSizes,
    originals: (([UInt64]) -> [UInt64: UInt64])?)

  /// Reads the text and hands the table over.
  ///
  /// - Throws: a `Rejection` with the offset and line in the text, or what `output` throws.
  func read(to output: ReaderOutput) throws
}
