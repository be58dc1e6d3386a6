// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Validation

@Suite("Rejections")
struct RejectionTests {
  @Test("Every code has a meaning, a remedy and a status", arguments: Rejection.Code.allCases)
  func documented(code: Rejection.Code) {
    #expect(code.meaning.first?.isUppercase == true)
    #expect(code.meaning.last != ".", "a phrase that a sentence goes on from")
    #expect(code.remedy.first?.isUppercase == true)
    #expect(code.remedy.last == ".")
    #expect([400, 409, 413, 415, 422, 507].contains(code.httpStatus))
  }

  @Test("Every code is snake_case and unique")
  func spelling() {
    let codes = Rejection.Code.allCases.map(\.rawValue)
    #expect(Set(codes).count == codes.count)
    #expect(Set(Rejection.Code.allCases.map(\.meaning)).count == codes.count)
    for code in codes {
      #expect(code.allSatisfy { $0.isASCII && $0.isLowercase || $0 == "_" })
      #expect(!code.hasPrefix("_") && !code.hasSuffix("_") && !code.contains("__"))
    }
  }

  @Test(
    "A detail says what, where, and what to do",
    arguments: [
      (Rejection(.empty), "The file holds nothing but blanks. Send a file with at least one record."),
      (
        Rejection(.cellTooLarge, line: 3, column: 2, byteOffset: 17, limit: 8, actual: 9),
        "A cell is too large (9, at most 8 allowed), at line 3, column 2, byte offset 17. "
          + "Check the delimiter and the quotes, or split the file."
      ),
      (
        Rejection(.tooManyColumns, byteOffset: 0, limit: 5),
        "A record has too many columns (at most 5 allowed), at byte offset 0. "
          + "Check the delimiter and the quotes, or split the file."
      ),
      (Rejection(.nameInvalid, reason: "The file name is empty"), "The file name is empty. Rename the file."),
    ])
  func detail(rejection: Rejection, text: String) {
    #expect(rejection.detail == text)
  }

  @Test("A verdict has a code only where it refuses")
  func verdicts() {
    #expect(Verdict.accepted(.csv).code == nil)
    #expect(Verdict.rejected(Rejection(.empty)).code == .empty)
  }
}
