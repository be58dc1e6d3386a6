// SPDX-License-Identifier: Apache-2.0

package import WorkerProtocol

/// Reads a text each of whose lines is one record, whatever the text looks like.
package struct JSONLinesReader: TableReader {
  package static let mayBeWindows1252 = JSONReader.mayBeWindows1252

  private var reader: JSONReader

  package init(
    _ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits, threads: ParsingThreads = .alone,
    sizes: PassSizes = PassSizes(), originals: (([UInt64]) -> [UInt64: UInt64])? = nil
  ) {
    reader = JSONReader(
      bytes, options: options, limits: limits, threads: threads, sizes: sizes, originals: originals)
    reader.linesOnly = true
  }

  package func read(to output: ReaderOutput) throws { try reader.read(to: output) }
}
