// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import IngestPipeline
import NIOCore
import Validation

/// Takes in the upload form as it arrives: a few fields, then one file, which goes straight to its spool.
///
/// The fields of `UploadFields` must come before the file, since its content may be judged as it comes.
/// Other fields are read over, within the caps: browsers send such things as the button that was pressed.
struct FormIntake {
  private enum Part {
    case none
    case field(String)
    case file
  }

  private static let fileField = "file"
  private let limits: Limits
  private let judge: (UploadRequest) -> Rejection?
  private let makeSpool: () throws -> SpoolWriter
  private var parser: MultipartParser
  /// What the client says about the upload, so far.
  private(set) var claims: UploadRequest
  /// The bytes of the file, so far.
  private(set) var fileBytes: UInt64 = 0
  private var part = Part.none
  private var fieldBytes = ByteBuffer()
  private var seenFields: Set<String> = []
  private var writer: SpoolWriter?

  /// An intake of one form.
  ///
  /// - Parameters:
  ///   - claims: what the request's header says about the upload; the form adds to it.
  ///   - judge: refuses a file by its claims, before any of its content is taken.
  init(
    boundary: MultipartBoundary, claims: UploadRequest, limits: Limits, judge: @escaping (UploadRequest) -> Rejection?,
    makeSpool: @escaping () throws -> SpoolWriter
  ) {
    self.limits = limits
    self.judge = judge
    self.makeSpool = makeSpool
    self.claims = claims
    parser = MultipartParser(boundary: boundary, limits: limits)
  }

  /// Takes the next bytes of the body.
  ///
  /// - Throws: `RequestProblem` for a bad form, `Rejection` for a file that is refused already, errors of the spool.
  mutating func take(_ chunk: ByteBuffer) throws {
    var position = 0
    while let event = parser.next(chunk.readableBytesUInt8Span, from: &position) {
      switch event {
      case .partBegan(let header): try begin(header)
      case .content(let range): try append(chunk.readableBytesSpan.extracting(range))
      case .heldContent(let count): try append(ByteBuffer(bytes: parser.heldBytes(count)).readableBytesSpan)
      case .partEnded: try endPart()
      case .refused(let fault): throw fault.problem
      }
    }
  }

  /// Ends the form, once the whole body was taken.
  ///
  /// - Returns: the file.
  func finish() throws -> UploadSource {
    if let fault = parser.end() { throw fault.problem }
    guard let writer else { throw RequestProblem(.invalidRequest, "The form has no part named file") }
    return try writer.finish()
  }

  private mutating func begin(_ header: MultipartPartHeader) throws {
    if header.name == Self.fileField { return try beginFile(header) }
    guard header.untrustedFileName == nil else {
      throw RequestProblem(.invalidRequest, "The form has a file in a part that is not named file")
    }
    guard UploadFields.names.contains(header.name) else {
      part = .field("")
      return
    }
    guard writer == nil else {
      throw RequestProblem(.invalidRequest, "The field \(header.name) must come before the file")
    }
    guard seenFields.insert(header.name).inserted else {
      throw RequestProblem(.invalidRequest, "The field \(header.name) is given twice")
    }
    part = .field(header.name)
  }

  private mutating func beginFile(_ header: MultipartPartHeader) throws {
    guard writer == nil else {
      throw RequestProblem(.invalidRequest, "The form has more than one file; send each in a request of its own")
    }
    part = .file
    claims.fileName = header.untrustedFileName
    claims.declaredType = header.untrustedType
    if let rejection = judge(claims) { throw rejection }
    writer = try makeSpool()
  }

  private mutating func append(_ bytes: RawSpan) throws {
    switch part {
    case .none: break
    case .file:
      try writer?.append(bytes)
      fileBytes += UInt64(bytes.byteCount)
    case .field:
      let cap = fieldCap
      guard UInt64(fieldBytes.readableBytes) + UInt64(bytes.byteCount) <= cap else {
        throw RequestProblem(.multipartTooLarge, "A field beside the file is too long", limit: cap)
      }
      // The bytes of unknown fields are kept as well, but only to count them.
      fieldBytes.writeBytes(bytes)
    }
  }

  private mutating func endPart() throws {
    defer {
      part = .none
      fieldBytes.clear()
    }
    guard case .field(let name) = part, !name.isEmpty else { return }
    guard let value = String(validating: fieldBytes.readableBytesView, as: UTF8.self) else {
      throw RequestProblem(.invalidRequest, "The field \(name) is no UTF-8")
    }
    UploadFields.set(name, to: value, in: &claims)
  }

  /// The bytes that a field may have; a schema describes many columns.
  private var fieldCap: UInt64 {
    if case .field("schema") = part { return limits.formFieldBytes.scaled(by: 16, plus: ByteCount(bytes: 0)).bytes }
    return limits.formFieldBytes.bytes
  }
}
