// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Validation
package import WorkerProtocol

/// Reads a text in the encoding that is stated or that it is found to be in, as `SEMANTICS` orders them: a byte
/// order mark, else wide characters by where their zero bytes stand, else strict UTF-8, else Windows-1252 with a warning
/// where the format is ever written so, unless the text is UTF-8 that was damaged.
///
/// Positions are those in the file, whatever its encoding.
package struct EncodedReader<Reader: TableReader> {
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
    let found = try FoundEncoding(bytes, stated: options.dialect.encoding)
    let errors = options.dialect.encodingErrors
    func read(_ found: FoundEncoding) throws {
      let text = try EncodedText(
        bytes, in: found.encoding, from: found.markBytes, errors: errors,
        counting: found.ground == .assumed ? .beyondASCII : .controls)
      try self.read(text, found, output, scratch, offset)
    }
    guard found.encoding == .utf8 else { return try read(found) }
    do {
      try Reader(
        bytes, options: options, limits: limits, threads: threads, sizes: PassSizes(), originals: nil
      ).read(to: output)
    } catch let rejection as Rejection where rejection.code == .invalidEncoding {
      if found.ground == .assumed, Reader.mayBeWindows1252, !UTF8Evidence(bytes).isDamagedUTF8 {
        try read(FoundEncoding(.windows1252, .assumed))
      } else {
        guard errors == .replace else { throw rejection }
        try read(found)
      }
    }
  }

  private func read(
    _ text: EncodedText, _ found: FoundEncoding, _ output: ReaderOutput, _ scratch: borrowing OwnedDescriptor,
    _ offset: UInt64
  ) throws {
    let cap = limits.expandedBytes.subtractingReportingOverflow(offset)
    let transcoded = try text.transcode(to: scratch, at: offset, cap: cap.overflow ? 0 : cap.partialValue)
    let start = Int(clamping: offset)
    let decoded = try MappedBytes(scratch, range: start..<start + Int(clamping: transcoded.byteCount))
    var output = output
    let (finish, progress) = (output.finish, output.progress)
    output.finish = { schema, shapes, findings in
      try finish(schema, shapes, findings.translated(from: transcoded, found, decoded))
    }
    // How far that is in the file, nearly.
    output.progress = { done, records in
      let share = Double(done) / Double(max(1, decoded.count))
      try progress(UInt64(min(1, share) * Double(bytes.count)), records)
    }
    do {
      try Reader(
        decoded, options: options, limits: limits, threads: threads, sizes: PassSizes(),
        originals: { transcoded.originals(of: $0) }
      ).read(to: output)
    } catch var rejection as Rejection {
      rejection.byteOffset = rejection.byteOffset.map(transcoded.original)
      throw rejection
    }
  }
}

/// Reads delimited text in whatever encoding it is.
package typealias EncodedCSVReader = EncodedReader<CSVReader>

extension TableFindings {
  /// With the file's own encoding and positions.
  fileprivate func translated(
    from text: TranscodedText, _ found: FoundEncoding, _ decoded: MappedBytes
  ) -> TableFindings {
    var findings = self
    let originals = text.originals(of: notes.compactMap(\.byteOffset))
    for index in notes.indices {
      findings.notes[index].byteOffset = notes[index].byteOffset.flatMap { originals[$0] }
    }
    findings.dialect.encoding = found.encoding
    findings.dialect.hasByteOrderMark = found.markBytes > 0
    findings.notes = Array((found.notes(on: text, decoded) + findings.notes).prefix(Self.mostNotes))
    return findings
  }
}
