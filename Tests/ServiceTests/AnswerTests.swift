// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Glibc
import HTTPParsing
import HTTPTypes
import Logging
import Store
import Testing
import Validation

@testable import Service

@Suite("Answers")
struct AnswerTests {
  @Test("A refused file is a problem with all that is known") func rejection() {
    let rejection = Rejection(
      .recordTooLarge, reason: "a \"quote\"", line: 3, column: 2, byteOffset: 17, limit: 10, actual: 11)
    let body = ProblemBody(rejection, upload: "u-1")
    #expect(body.status == 422)
    #expect(
      String(decoding: body.bytes, as: UTF8.self) == #"""
        {"type":"urn:ingest:problem:record_too_large","title":"A record is too large","status":422,\#
        "code":"record_too_large",\#
        "detail":"a \"quote\" (11, at most 10 allowed), at line 3, column 2, byte offset 17. \#
        Check the delimiter and the quotes, or split the file.","limit":10,"actual":11,"line":3,"column":2,\#
        "byte_offset":17,"upload":"u-1"}

        """#)
  }

  @Test("Absent members are left out") func absent() {
    let text = String(decoding: ProblemBody(Rejection(.empty), upload: nil).bytes, as: UTF8.self)
    for member in ["limit", "actual", "line", "column", "byte_offset", "upload"] {
      #expect(!text.contains("\"\(member)\""))
    }
  }

  @Test("C44 every code has a status of its kind, a meaning and a remedy", arguments: RequestProblem.Code.allCases)
  func codes(_ code: RequestProblem.Code) {
    #expect((400...599).contains(code.httpStatus))
    #expect(
      (code.httpStatus >= 500) == [.busy, .diskFull, .storeReadOnly, .storageFailed, .internalError].contains(code))
    #expect(code.isRefusal == (code.httpStatus < 500 || code == .busy), "what we fail at turns nobody away")
    #expect(!code.meaning.hasSuffix(".") && code.remedy.hasSuffix("."))
    #expect(Rejection.Code(rawValue: code.rawValue) == nil, "one code has one meaning")
    let text = String(decoding: ProblemBody(RequestProblem(code)).bytes, as: UTF8.self)
    #expect(text.hasPrefix("{\"type\":\"urn:ingest:problem:\(code.rawValue)\",\"title\":"))
  }

  @Test(
    "A failure of the storage has its code, whoever met it",
    arguments: [
      (StoreError.diskFull, .diskFull), (CatalogError.diskFull, .diskFull), (StoreError.catalog(.diskFull), .diskFull),
      (SystemCallError(call: "pwrite", errno: EDQUOT), .diskFull), (StoreError.readOnly, .storeReadOnly),
      (SystemCallError(call: "openat", errno: EROFS), .storeReadOnly), (CatalogError.readOnly, .storeReadOnly),
      (StoreError.io(SystemCallError(call: "fsync", errno: EIO)), .storageFailed),
      (CatalogError.io("SQLITE_IOERR"), .storageFailed), (StoreError.catalog(.corrupt), .internalError),
      (SystemCallError(call: "openat", errno: EMFILE), .internalError),
    ] as [(any Error & Sendable, RequestProblem.Code)])
  func storage(_ error: any Error & Sendable, _ code: RequestProblem.Code) {
    let problem = RequestProblem(error, Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    #expect(problem.code == code)
    #expect(problem.detail == nil, "C44")
  }

  @Test("Every fault of a form has its reason", arguments: MultipartFault.allCases)
  func faults(_ fault: MultipartFault) {
    #expect(fault.problem.code == (fault.isLimit ? .multipartTooLarge : .multipartMalformed))
    #expect(fault.problem.detail == fault.reason)
  }

  @Test(
    "C41 downloads are attachments with safe names",
    arguments: [
      ("sales.csv", #"attachment; filename="sales.csv"; filename*=UTF-8''sales.csv"#),
      ("größe.csv", #"attachment; filename="gr__e.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv"#),
      ("a\"b\\c%.csv", #"attachment; filename="a_b_c_.csv"; filename*=UTF-8''a%22b%5Cc%25.csv"#),
      ("a\r\nX: y", #"attachment; filename="a__X: y"; filename*=UTF-8''a%0D%0AX%3A%20y"#),
    ])
  func attachments(_ name: String, _ expected: String) {
    #expect(AnswerFields.attachment(name) == expected)
  }

  @Test("C41 every error answer carries the common fields") func commonFields() {
    let fields = AnswerFields.problem([.allow: "GET"], length: 3)
    #expect(fields[.xContentTypeOptions] == "nosniff")
    #expect(fields[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
    #expect(fields[.cacheControl] == "no-store")
    #expect(fields[.contentType] == "application/problem+json")
    #expect(fields[.allow] == "GET")
  }
}
