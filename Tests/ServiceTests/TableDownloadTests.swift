// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import IngestTables
import NIOCore
import Testing

@testable import Service

@Suite("Downloads of tables")
struct TableDownloadTests {
  /// A table with one column `n` that counts from 0, in two batches, and the bytes of its file.
  private static func table(rows: Int) throws -> (TableFile, [UInt8]) {
    let schema = Schema(fields: [Field(name: "n", type: .int64)])
    let shapes = [rows / 2, rows - rows / 2].map { BatchShape(rows: UInt64($0), sizes: []) }
    let layout = try ArrowLayout(schema: schema, shapes: shapes)
    var bytes = ArrowLayout.magic + ArrowMetadata.schemaMessage(schema)
    var next: Int64 = 0
    for batch in layout.batches {
      bytes += ArrowMetadata.batchMessage(batch, nulls: [NullCount()])
      var body = [UInt8](repeating: 0, count: batch.bodyLength)
      for row in 0..<batch.rows {
        body[batch.columns[0].validity.lowerBound - batch.bodyOffset + row / 8] |= 1 << (row % 8)
        let place = batch.columns[0].values.lowerBound - batch.bodyOffset + row * 8
        for byte in 0..<8 { body[place + byte] = UInt8(truncatingIfNeeded: next >> (8 * byte)) }
        next += 1
      }
      bytes += body
    }
    bytes += ArrowMetadata.endOfStream + ArrowMetadata.footer(schema, layout)
    let path = FileManager.default.temporaryDirectory.appending(path: "service-test-\(UUID()).arrow")
    try Data(bytes).write(to: path)
    // The open file outlives its name.
    defer { try? FileManager.default.removeItem(at: path) }
    return (try TableFile(path: path.path()), bytes)
  }

  private static func get(
    _ file: TableFile, _ form: Representation, _ fields: HTTPFields = [:], method: HTTPRequest.Method = .get
  ) async throws -> (response: Response, body: CollectedBody) {
    let download = TableDownload(tableID: "abc", name: "größe", file: file, form: form)
    let head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: "/", headerFields: fields)
    let response = try download.answer(to: Request(head: head, body: RequestBody(buffer: ByteBuffer())))
    let body = CollectedBody()
    try await response.body.write(CollectingWriter(body: body))
    return (response, body)
  }

  @Test("The Arrow file and stream are the stored bytes, in bounded chunks") func stored() async throws {
    let (file, bytes) = try Self.table(rows: 100_000)
    let whole = try await Self.get(file, .arrow)
    #expect(whole.response.status == .ok && whole.body.bytes == bytes)
    #expect(whole.response.headers[.contentLength] == String(bytes.count))
    #expect(whole.body.largestChunk <= 256 << 10 && whole.body.isFinished)
    let stream = try await Self.get(file, .arrows)
    #expect(stream.body.bytes == Array(bytes[8..<Int(file.streamRange.upperBound)]))
    #expect(stream.body.bytes.suffix(8).elementsEqual(ArrowMetadata.endOfStream))
  }

  @Test("C41 downloads say what they are") func fields() async throws {
    let (file, _) = try Self.table(rows: 3)
    for form in Representation.allCases where form != .description {
      let fields = try await Self.get(file, form).response.headers
      #expect(fields[.contentType] == form.mediaType)
      #expect(fields[.contentDisposition]?.hasPrefix("attachment; filename=\"gr__e.\(form.rawValue)\"") == true)
      #expect(fields[.eTag] == "\"abc-\(form.rawValue)-1\"")
      #expect(fields[.vary] == (form.text == nil ? "Accept" : "Accept, Accept-Encoding"))
      #expect(fields[.xContentTypeOptions] == "nosniff" && fields[.cacheControl] == "private, no-cache")
    }
  }

  @Test(
    "Text forms hold every row",
    arguments: [
      (Representation.csv, "n\r\n0\r\n1\r\n2\r\n"), (.ndjson, "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n"),
      (.json, "[\n{\"n\":0},\n{\"n\":1},\n{\"n\":2}\n]\n"),
    ])
  func text(_ form: Representation, _ expected: String) async throws {
    let (file, _) = try Self.table(rows: 3)
    #expect(String(decoding: try await Self.get(file, form).body.bytes, as: UTF8.self) == expected)
  }

  @Test("Long texts come in bounded chunks") func longText() async throws {
    let (file, _) = try Self.table(rows: 100_000)
    let (response, body) = try await Self.get(file, .csv)
    #expect(response.headers[.contentLength] == nil)
    #expect(body.bytes.count { $0 == 0x0A } == 100_001)
    #expect(body.largestChunk < 128 << 10)
  }

  @Test(
    "Long first rows are streamed, and end where they shall", arguments: [1, 127, 128, 129, 50_000, 50_001, 200_000])
  func firstRows(_ limit: Int) async throws {
    let (file, _) = try Self.table(rows: 100_000)
    let body = CollectedBody()
    try await RowStream(file: file, text: .ndjson, limit: limit).body.write(CollectingWriter(body: body))
    let count = min(limit, 100_000)
    #expect(body.bytes.count { $0 == 0x0A } == count)
    let last = Array("{\"n\":\(count - 1)}\n".utf8)
    #expect(body.bytes.suffix(last.count) == last[...])
  }

  @Test("Ranges of the file and of the stream") func ranges() async throws {
    let (file, bytes) = try Self.table(rows: 1_000)
    let part = try await Self.get(file, .arrow, [.range: "bytes=10-19"])
    #expect(part.response.status == .partialContent && part.body.bytes == Array(bytes[10..<20]))
    #expect(part.response.headers[.contentRange] == "bytes 10-19/\(bytes.count)")
    #expect(part.response.headers[.contentLength] == "10")
    let stream = try await Self.get(file, .arrows, [.range: "bytes=0-3"])
    #expect(stream.body.bytes == Array(bytes[8..<12]))
    let problem = await #expect(throws: RequestProblem.self) {
      try await Self.get(file, .arrow, [.range: "bytes=\(bytes.count)-"])
    }
    #expect(problem?.code == .rangeNotSatisfiable)
    #expect(problem?.fields[.contentRange] == "bytes */\(bytes.count)")
  }

  @Test("Ranges count only for GET, for stored forms, and for the file that If-Range names")
  func ignoredRanges() async throws {
    let (file, _) = try Self.table(rows: 10)
    let range = "bytes=0-3"
    #expect(try await Self.get(file, .arrow, [.range: range], method: .head).response.status == .ok)
    #expect(try await Self.get(file, .csv, [.range: range]).response.status == .ok)
    #expect(try await Self.get(file, .arrow, [.range: range, .ifRange: "\"old\""]).response.status == .ok)
    let same = try await Self.get(file, .arrow, [.range: range, .ifRange: "\"abc-arrow-1\""])
    #expect(same.response.status == .partialContent)
  }

  @Test("What the client has is not sent again") func notModified() async throws {
    let (file, _) = try Self.table(rows: 10)
    let (response, body) = try await Self.get(file, .csv, [.ifNoneMatch: "\"abc-csv-1\""])
    #expect(response.status == .notModified && body.bytes.isEmpty)
    #expect(response.headers[.eTag] == "\"abc-csv-1\"")
  }

  @Test(
    "A compressed text is one that the client has where it takes such, and only then",
    arguments: [
      (Representation.csv, "gzip", "\"abc-csv-1-gzip\""), (.csv, "gzip", "\"abc-csv-1\""),
      (.csv, "gzip;q=0.1, identity", "\"abc-csv-1-gzip\""), (.csv, "", "\"abc-csv-1-gzip\""),
      (.csv, "gzip;q=0", "\"abc-csv-1-gzip\""), (.arrow, "gzip", "\"abc-arrow-1-gzip\""),
      (.json, "gzip", "\"abc-csv-1-gzip\""),
    ])
  func notModifiedCoding(_ form: Representation, _ accepted: String, _ tag: String) async throws {
    let (file, _) = try Self.table(rows: 10)
    let encoding = try #require(HTTPField.Name("Accept-Encoding"))
    let (response, _) = try await Self.get(file, form, [.ifNoneMatch: tag, encoding: accepted])
    let isKnown = form == .csv && (!tag.contains("gzip") || ["gzip", "gzip;q=0.1, identity"].contains(accepted))
    #expect(response.status == (isKnown ? .notModified : .ok))
    #expect(response.headers[.eTag] == (isKnown ? tag : "\"abc-\(form.rawValue)-1\""))
  }

  @Test("What is compressed is gzip, shorter, and kept from being longer") func compression() throws {
    let text = ByteBuffer(string: String(repeating: "1,some text\n", count: 100))
    let compressed = try #require(ContentCoding.compress(text))
    #expect(compressed.readableBytes < 100 && compressed.readableBytesView.starts(with: [0x1F, 0x8B, 8, 0]))
    #expect(ContentCoding.compress(ByteBuffer(string: String(repeating: "a", count: 1_023))) == nil)
    #expect(ContentCoding.compress(ByteBuffer(string: String(repeating: "a", count: 1_024))) != nil)
    var random = SystemRandomNumberGenerator()
    #expect(ContentCoding.compress(ByteBuffer(bytes: (0..<4_096).map { _ in UInt8(random.next() & 0xFF) })) == nil)
  }
}

/// What a response's body wrote.
///
/// One test's only.
final class CollectedBody: @unchecked Sendable {
  // One writer at a time: the test waits for it.
  var bytes: [UInt8] = []
  var largestChunk = 0
  var isFinished = false
}

struct CollectingWriter: ResponseBodyWriter {
  let body: CollectedBody

  mutating func write(_ buffer: ByteBuffer) async throws {
    body.bytes += buffer.readableBytesView
    body.largestChunk = max(body.largestChunk, buffer.readableBytes)
  }

  consuming func finish(_ trailingHeaders: HTTPFields?) async throws { body.isFinished = true }
}
