// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import IngestPipeline
import IngestTesting
import NIOCore
import Testing
import Validation

@testable import Service

@Suite("The upload form")
struct FormIntakeTests {
  private struct NoDisk: Error {}

  static func file(_ name: String, _ content: String) -> String {
    part("Content-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\nContent-Type: text/csv", content)
  }

  private func intake(limits: Limits = Limits()) throws -> FormIntake {
    let budget = SpoolBudget(limit: limits.memorySpoolBudget)
    let boundary = MultipartBoundary(contentType: "multipart/form-data; boundary=b", limits: limits)
    return FormIntake(
      boundary: try #require(boundary), claims: UploadRequest(), limits: limits,
      judge: { $0.fileName == Array("a.php".utf8) ? Rejection(.extensionRefused) : nil },
      makeSpool: { SpoolWriter(limits: limits, budget: budget) { throw NoDisk() } })
  }

  private func code(_ body: String, limits: Limits = Limits()) throws -> String? {
    var form = try intake(limits: limits)
    do {
      try form.take(ByteBuffer(bytes: body.latin1))
      _ = try form.finish()
      return nil
    } catch let problem as RequestProblem {
      return problem.code.rawValue
    } catch let rejection as Rejection { return rejection.code.rawValue }
  }

  @Test("Fields and the file come out, however the body is cut", arguments: [1, 3, 7, 100_000])
  func takes(_ length: Int) throws {
    var form = try intake()
    let body =
      field("name", "sales") + field("format", "csv") + field("button", "Send") + field("header", "never")
      + Self.file("a.csv", "a,b\r\n1,2\r\n") + field("button", "again") + end
    var rest = ByteBuffer(bytes: body.latin1)
    while let chunk = rest.readSlice(length: min(length, rest.readableBytes)), chunk.readableBytes > 0 {
      try form.take(chunk)
    }
    #expect(try form.finish().bytes == 10)
    #expect(form.fileBytes == 10)
    #expect(form.claims.tableName == "sales" && form.claims.format == "csv" && form.claims.header == "never")
    #expect(form.claims.fileName == Array("a.csv".utf8))
    #expect(form.claims.declaredType.flatMap(MediaType.init)?.description == "text/csv")
  }

  private static let bad: [(String, String)] = [
    (end, "invalid_request"),
    (field("name", "a") + end, "invalid_request"),
    (file("a.csv", "1") + field("name", "a") + end, "invalid_request"),
    (file("a.csv", "1") + file("b.csv", "1") + end, "invalid_request"),
    (field("name", "a") + field("name", "b") + file("a.csv", "1") + end, "invalid_request"),
    (field("name", "\u{ff}") + file("a.csv", "1") + end, "invalid_request"),
    (part("Content-Disposition: form-data; name=\"upload\"; filename=\"a.csv\"", "1") + end, "invalid_request"),
    (field("x", String(repeating: "x", count: 4_097)) + end, "multipart_too_large"),
    (file("a.csv", "1"), "multipart_malformed"),
    (file("a.php", "1"), "extension_refused"),
  ]

  @Test("Bad forms are refused", arguments: bad)
  func refuses(_ body: String, _ code: String) throws {
    #expect(try self.code(body) == code)
  }

  @Test("C9 the cap holds within the form") func cap() throws {
    var limits = Limits()
    limits.uploadBytes = ByteCount(bytes: 10)
    #expect(try code(Self.file("a.csv", "0123456789") + end, limits: limits) == nil)
    #expect(try code(Self.file("a.csv", "0123456789X") + end, limits: limits) == "too_large")
  }
}
