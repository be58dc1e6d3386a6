// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Validation

@Suite("The policy on wide characters without a mark")
struct WideTextPolicyTests {
  /// What libmagic says of the bytes, then of the text, our signature of the text, the name, and what becomes of it.
  static let rows: [(magic: String, text: String, signature: Signature, name: String?, outcome: String)] = [
    ("application/octet-stream", "text/plain", .none, "csv", "csv"),
    ("application/octet-stream", "text/csv", .none, nil, "csv"), ("text/plain", "text/csv", .none, "txt", "csv"),
    // A name and a kind of text decide as they do elsewhere.
    ("application/octet-stream", "application/json", .none, "csv", "csv"),
    ("application/octet-stream", "application/json", .none, "json", "json"),
    ("application/octet-stream", "text/plain", .none, "gz", "type_mismatch"),
    ("application/octet-stream", "text/plain", .none, "exe", "extension_refused"),
    // What is no table is none in wide characters either.
    ("application/octet-stream", "text/plain", .html, "csv", "content_refused"),
    ("application/octet-stream", "text/html", .none, "csv", "content_refused"),
    ("application/octet-stream", "text/plain", .script, "csv", "content_refused"),
    ("application/octet-stream", "text/x-shellscript", .none, "csv", "content_refused"),
    ("application/octet-stream", "application/octet-stream", .none, "csv", "content_refused"),
    // Where libmagic knows the bytes, they are what it says.
    ("image/png", "text/csv", .none, "csv", "content_refused"),
    ("application/x-dosexec", "text/csv", .none, "csv", "content_refused"),
    ("audio/mpeg", "text/plain", .none, "csv", "content_refused"),
  ]

  private static func content(
    _ magic: String, _ signature: Signature = .none, text: WideText?
  ) throws -> ContentWitnesses {
    ContentWitnesses(
      signature: signature, magicType: try #require(MediaType(magic)), magicCharset: "binary", isBlank: false,
      wideText: text)
  }

  @Test("C2, C3 The text is judged like any other, where nothing speaks for something else", arguments: rows)
  func table(row: (magic: String, text: String, signature: Signature, name: String?, outcome: String)) throws {
    for encoding in WideText.Encoding.allCases {
      let text = WideText(
        encoding: encoding, signature: row.signature, magicType: try #require(MediaType(row.text)), isBlank: false)
      let verdict = Policy().judge(UploadClaims(extension: row.name), try Self.content(row.magic, text: text))
      switch verdict {
      case .accepted(let format): #expect(format.rawValue == row.outcome)
      case .rejected(let rejection): #expect(rejection.code.rawValue == row.outcome)
      }
    }
  }

  @Test("C3 No such text makes a table of bytes that our signatures know", arguments: Signature.allCases)
  func signatures(_ signature: Signature) throws {
    let text = WideText(
      encoding: .utf16LittleEndian, signature: .none, magicType: try #require(MediaType("text/csv")), isBlank: false)
    let with = try Self.content("application/octet-stream", signature, text: text)
    let without = try Self.content("application/octet-stream", signature, text: nil)
    // How JSON starts proves nothing.
    guard signature != .none, signature != .json else { return }
    #expect(
      Policy().judge(UploadClaims(extension: "csv"), with) == Policy().judge(UploadClaims(extension: "csv"), without))
  }

  @Test("Wide blanks are empty")
  func blank() throws {
    let text = WideText(
      encoding: .utf32BigEndian, signature: .none, magicType: try #require(MediaType("application/octet-stream")),
      isBlank: true)
    let verdict = Policy().judge(
      UploadClaims(extension: "csv"), try Self.content("application/octet-stream", text: text))
    #expect(verdict.code == .empty)
  }
}
