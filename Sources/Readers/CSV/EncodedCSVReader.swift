// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Validation
package import WorkerProtocol

/// Reads delimited text in any encoding that it is found to be in, as `SEMANTICS` orders them: a byte order mark, else
/// strict UTF-8, else Windows-1252 with a warning, unless the text is UTF-8 that was damaged.
///
/// Positions are those in the file, whatever its encoding.
package struct EncodedCSVReader {
  private let bytes: MappedBytes
  private let options: ReadOptions
  private let limits: ReadLimits
  private let threads: ParsingThreads

  package init(_ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits, threads: ParsingThreads = .alone) {
    self.bytes = bytes
    self.options = options
    self.limits = limits
    self.threads = threads
  }

  /// Reads the text and hands the table over.
  ///
  /// - Parameters:
  ///   - scratch: takes the text as UTF-8 where it is not.
  ///   - offset: where in the scratch, a multiple of the page size.
  /// - Throws: a `Rejection` with the offset and line in the file, or what `output` throws.
  package func read(to output: ReaderOutput, scratch: borrowing OwnedDescriptor, at offset: UInt64) throws {
    if let text = EncodedText(marked: bytes) { return try read(text, output, scratch, offset) }
    do {
      try CSVReader(bytes, options: options, limits: limits, threads: threads).read(to: output)
    } catch let rejection as Rejection {
      guard rejection.code == .invalidEncoding, !UTF8Evidence(bytes).isDamagedUTF8 else { throw rejection }
      try read(EncodedText(windows1252: bytes), output, scratch, offset)
    }
  }

  private func read(
    _ text: EncodedText, _ output: ReaderOutput, _ scratch: borrowing OwnedDescriptor, _ offset: UInt64
  ) throws {
    let cap = limits.expandedBytes.subtractingReportingOverflow(offset)
    let (count, beyondASCII) = try text.writeUTF8(to: scratch, at: offset, cap: cap.overflow ? 0 : cap.partialValue)
    let start = Int(clamping: offset)
    let decoded = try MappedBytes(scratch, range: start..<start + count)
    var output = output
    let finish = output.finish
    output.finish = { schema, shapes, findings in
      try finish(schema, shapes, findings.translated(from: text, beyondASCII: beyondASCII))
    }
    do {
      try CSVReader(
        decoded, options: options, limits: limits, threads: threads, originals: { text.originals(of: $0) }
      ).read(to: output)
    } catch var rejection as Rejection {
      if let place = rejection.byteOffset { rejection.byteOffset = text.originals(of: [place])[place] }
      throw rejection
    }
  }
}

extension TableFindings {
  /// With the file's own encoding and positions.
  fileprivate func translated(from text: EncodedText, beyondASCII: UInt64) -> TableFindings {
    var findings = self
    let originals = text.originals(of: notes.compactMap(\.byteOffset))
    for index in notes.indices {
      findings.notes[index].byteOffset = notes[index].byteOffset.flatMap { originals[$0] }
    }
    findings.dialect.encoding = text.encoding
    findings.dialect.hasByteOrderMark = text.start > 0
    if text.encoding == .windows1252 {
      findings.notes.insert(Note(.assumedEncoding, count: beyondASCII), at: 0)
      findings.notes = Array(findings.notes.prefix(Self.mostNotes))
    }
    return findings
  }
}
