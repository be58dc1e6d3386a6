// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import IngestTesting
import Testing
import Validation

@Suite("Headers of multipart parts")
struct MultipartPartHeaderTests {
  private static func parse(_ lines: [String]) -> Result<MultipartPartHeader, MultipartFault> {
    MultipartPartHeader.parse(lines.flatMap { ($0 + "\r\n").latin1 }, maximumLines: 16)
  }

  private static func fileName(_ parameters: String) -> Result<String?, MultipartFault> {
    parse(["Content-Disposition: form-data; name=\"file\"; \(parameters)"])
      .map { $0.untrustedFileName.map { String(decoding: $0, as: UTF8.self) } }
  }

  @Test(
    "C7 file names come out as they were meant",
    arguments: [
      ("filename=\"a.csv\"", "a.csv"),
      ("filename=a.csv", "a.csv"),
      ("FileName=\"a.csv\"", "a.csv"),
      ("filename=\"\"", ""),
      ("filename=\"a\\\"b.csv\"", "a\"b.csv"),
      ("filename=\"a\\\\b.csv\"", "a\\b.csv"),
      ("filename=\"C:\\dir\\a.csv\"", "C:\\dir\\a.csv"),
      ("filename=\"a%22b.csv\"", "a\"b.csv"),
      ("filename=\"a%0D%0Ab.csv\"", "a\r\nb.csv"),
      ("filename=\"a%0d%0ab.csv\"", "a\r\nb.csv"),
      ("filename=\"a%00b%41.csv\"", "a%00b%41.csv"),
      ("filename=\"100%.csv\"", "100%.csv"),
      ("filename=\"a;b=c.csv\"", "a;b=c.csv"),
      ("filename=\"a.csv\";", "a.csv"),
      ("filename=\"a.csv\"; ; size=3", "a.csv"),
      ("filename=\"a.csv\"  ;x=y", "a.csv"),
      ("filename=\"a.csv\"; filename*=UTF-8''b.php", "a.csv"),
      ("filename*=UTF-8''b.csv; filename=\"a.csv\"", "a.csv"),
    ])
  func fileNames(_ parameters: String, _ expected: String) {
    #expect(Self.fileName(parameters) == .success(expected))
  }

  @Test("C7 filename* alone is ignored") func extendedNameAlone() {
    #expect(Self.fileName("filename*=UTF-8''b.csv") == .success(nil))
  }

  @Test(
    "C7 ambiguous dispositions are refused",
    arguments: [
      ("filename=\"a\"; filename=\"b\"", MultipartFault.parameterRepeated),
      ("filename=\"a\"; FILENAME=\"b\"", .parameterRepeated),
      ("name=\"other\"", .parameterRepeated),
      ("filename*=UTF-8''a; filename*=UTF-8''b", .parameterRepeated),
      ("filename*0=\"a\"; filename*1=\".csv\"", .parameterSplit),
      ("filename*0*=UTF-8''a", .parameterSplit),
      ("name*=UTF-8''a", .parameterSplit),
      ("filename=\"a", .parameterMalformed),
      ("filename=\"a\"b", .parameterMalformed),
      ("filename=\"a\\\"", .parameterMalformed),
      ("filename=a b.csv", .parameterMalformed),
      ("filename", .parameterMalformed),
      ("filename=", .parameterMalformed),
      ("filename =\"a\"", .parameterMalformed),
      ("=a", .parameterMalformed),
    ])
  func ambiguous(_ parameters: String, _ fault: MultipartFault) {
    #expect(Self.fileName(parameters) == .failure(fault))
  }

  @Test(
    "C7 bad header lines are refused",
    arguments: [
      (["Content-Type: text/csv"], MultipartFault.dispositionMissing),
      (["Content-Disposition: form-data; name=a", "content-disposition: form-data; name=a"], .dispositionRepeated),
      (["Content-Disposition: attachment; name=a"], .dispositionNotFormData),
      (["Content-Disposition: form-data"], .partNameMissing),
      (["Content-Disposition: form-data; name=\"\""], .partNameMissing),
      (["Content-Disposition: form-data; name=\"\u{ff}\""], .partNameMissing),
      (
        ["Content-Disposition: form-data; name=a", "Content-Type: text/csv", "Content-Type: text/csv"],
        .contentTypeRepeated
      ),
      (["Content-Disposition: form-data; name=a", "Content-Type: csv"], .contentTypeMalformed),
      (["Content-Disposition: form-data; name=a", "Content-Type: multipart/mixed; boundary=c"], .nestedMultipart),
      (["Content-Disposition: form-data; name=a", "Content-Type: Multipart/Form-Data"], .nestedMultipart),
      (["Content-Disposition: form-data; name=a", "Content-Transfer-Encoding: base64"], .transferEncoding),
      (["Content-Disposition: form-data; name=a", "Content-Transfer-Encoding: binary"], .transferEncoding),
      (["Content-Disposition: form-data;", " name=a"], .lineMalformed),
      (["Content-Disposition : form-data; name=a"], .lineMalformed),
      (["Content-Disposition: form-data; name=a", "no colon"], .lineMalformed),
      (["Content-Disposition: form-data; name=a", ": value"], .lineMalformed),
      (["Content-Disposition: form-data; name=\"a\0b\""], .lineMalformed),
      (["Content-Disposition: form-data; name=\"a\u{7f}b\""], .lineMalformed),
      (["Content-Disposition: form-data; name=a", "X\u{e9}: y"], .lineMalformed),
    ])
  func badLines(_ lines: [String], _ fault: MultipartFault) {
    #expect(Self.parse(lines) == .failure(fault))
  }

  @Test(
    "C8 boundaries are read from the Content-Type",
    arguments: [
      ("multipart/form-data; boundary=abc", "abc"),
      ("multipart/form-data;boundary=\"a b\"", "a b"),
      ("Multipart/Form-Data; charset=utf-8; Boundary=abc", "abc"),
      ("multipart/form-data; boundary=\(String(repeating: "x", count: 70))", String(repeating: "x", count: 70)),
    ])
  func boundaries(_ type: String, _ expected: String) {
    #expect(MultipartBoundary(contentType: type, limits: Limits())?.bytes == Array(expected.utf8))
  }

  @Test(
    "C8 bad boundaries are refused",
    arguments: [
      "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
      "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\r\"",
      "multipart/form-data; boundary=a;b;c",
      "multipart/form-data; boundary=a; boundary=a", "multipart/form-data; boundary=\"a", "multipart/mixed; boundary=a",
      "multipart/form-data; boundary=\"a\u{e9}\"", "multipart/form-data; boundary=\"a%b\"", "boundary=a", "",
      "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
    ])
  func badBoundaries(_ type: String) {
    #expect(MultipartBoundary(contentType: type, limits: Limits()) == nil)
  }
}
