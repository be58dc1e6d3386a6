// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Validation

/// One line of the policy: what is claimed and found, and what becomes of it.
struct PolicyRow: Sendable, CustomTestStringConvertible {
  var name: String?
  var declared: String?
  var signature: Signature
  var magic: String
  var charset: String
  var expected: String

  /// `expected` is a format or a code.
  init(
    _ name: String?, _ declared: String?, _ magic: String, _ expected: String, _ signature: Signature = .none,
    charset: String = "us-ascii"
  ) {
    self.name = name
    self.declared = declared
    self.signature = signature
    self.magic = magic
    self.charset = charset
    self.expected = expected
  }

  var testDescription: String { "\(name ?? "-"), \(declared ?? "-"), \(signature), \(magic) → \(expected)" }

  func claims(forced: Format? = nil) throws -> UploadClaims {
    let type = try declared.map { try #require(MediaType($0)) }
    return UploadClaims(extension: name, declaredType: type, forcedFormat: forced)
  }

  func content(isBlank: Bool = false) throws -> ContentWitnesses {
    ContentWitnesses(
      signature: signature, magicType: try #require(MediaType(magic)), magicCharset: charset, isBlank: isBlank)
  }
}

extension Verdict {
  /// The format or the code.
  fileprivate var outcome: String {
    switch self {
    case .accepted(let format): format.rawValue
    case .rejected(let rejection): rejection.code.rawValue
    }
  }
}

@Suite("The policy")
struct PolicyTests {
  @Test("C2 Name, type and content agree by family", arguments: PolicyTable.rows)
  func table(row: PolicyRow) throws {
    #expect(Policy().judge(try row.claims(), try row.content()).outcome == row.expected)
  }

  @Test("The table is long, and every family and code of content is in it")
  func coverage() {
    #expect(PolicyTable.rows.count >= 60)
    let expected = Set(PolicyTable.rows.map(\.expected))
    #expect(expected.isSuperset(of: Format.allCases.map(\.rawValue)))
    let codes: [Rejection.Code] = [
      .extensionRefused, .declaredTypeRefused, .typeMismatch, .contentRefused, .formatUnsupported,
    ]
    #expect(expected.isSuperset(of: codes.map(\.rawValue)))
    let families = PolicyTable.rows.compactMap { $0.name.flatMap(Family.init(extension:)) }
    #expect(Set(families) == Set(Family.allCases))
  }

  @Test(
    "C3 No claims make a table of what is never one",
    arguments: Signature.allCases.filter { $0 != .none && $0 != .json && $0.family == nil })
  func neverATable(signature: Signature) throws {
    let names: [String?] = [nil] + Family.allCases.flatMap(\.extensions)
    let types: [String?] = [nil, "application/octet-stream", "text/plain"] + Family.allCases.flatMap(\.mediaTypes)
    for name in names {
      for type in types {
        let row = PolicyRow(name, type, "text/plain", "", signature)
        #expect(Policy().judge(try row.claims(), try row.content()).code == .contentRefused)
      }
    }
  }

  @Test("Blank content is empty, whatever else it is, unless the claims are refused already")
  func blank() throws {
    for row in PolicyTable.rows {
      let verdict = Policy().judge(try row.claims(), try row.content(isBlank: true))
      #expect(verdict.code == Policy().judge(try row.claims())?.code ?? .empty)
    }
  }

  private static let compressed: [Format] = [.gzip, .bzip2, .xz, .zstd, .lz4]
  private static let archives: [Format] = [.zip, .tar, .sevenZip]

  @Test(
    "C16 A compressed file in an archive passes, a tar archive in a compressed file too, and a table anywhere",
    arguments: PolicyTable.rows)
  func nesting(row: PolicyRow) throws {
    let outer = Policy().judge(try row.claims(), try row.content())
    for container in Self.compressed + Self.archives {
      let inner = Policy().judge(try row.claims(), try row.content(), inside: [container])
      guard case .accepted(let format) = outer, format.container != nil else {
        if row.signature == .none { #expect(inner == outer) }
        continue
      }
      let isInOrder = Self.compressed.contains(container) ? format == .tar : Self.compressed.contains(format)
      #expect(isInOrder ? inner == outer : inner.code == .archiveNesting, "\(format) in \(container)")
      for further in Self.compressed + Self.archives {
        let innermost = Policy().judge(try row.claims(), try row.content(), inside: [further, container])
        #expect(innermost.code == .archiveNesting)
      }
    }
  }

  @Test("Every container is a compressed file or an archive")
  func containers() {
    #expect(Set(Format.allCases.filter { $0.container != nil }) == Set(Self.compressed + Self.archives))
    #expect(Self.archives.allSatisfy(\.isArchive) && !Self.compressed.contains(where: \.isArchive))
  }

  @Test("A forced format must be that of the content", arguments: Format.allCases)
  func forced(format: Format) throws {
    // JSON is read in either way that is asked for.
    let json: Set<Format> = [.json, .ndjson]
    for row in PolicyTable.rows {
      let free = Policy().judge(try row.claims(), try row.content())
      let forced = Policy().judge(try row.claims(forced: format), try row.content())
      switch free {
      case .accepted(let found):
        let isRead = found == format || json.isSuperset(of: [found, format])
        #expect(forced.outcome == (isRead ? format.rawValue : "type_mismatch"))
      case .rejected: #expect(forced.code != nil)
      }
    }
  }

  @Test("C44 No reason holds bytes of the client's", arguments: PolicyTable.rows)
  func reasons(row: PolicyRow) throws {
    guard case .rejected(let rejection) = Policy().judge(try row.claims(), try row.content()) else { return }
    #expect(!rejection.detail.contains("evil"))
    #expect(rejection.detail.hasSuffix("."))
  }
}
