// SPDX-License-Identifier: Apache-2.0

/// The verdict as a function of the witnesses, and of nothing else (`CONTROLS.md` section 6).
///
/// Worker and service both evaluate it on the same values; a difference means that the worker lied. It does not look at
/// structure: a text that the reader cannot make a table of passes here and is refused by the reader.
public struct Policy: Sendable {
  /// The one policy.
  public init() {}

  /// Judges what the sender claims, before a byte of the content is read.
  public func judge(_ claims: UploadClaims) -> Rejection? {
    if let untrusted = claims.extension, Family(extension: untrusted) == nil {
      return Rejection(.extensionRefused)
    }
    if let declared = claims.declaredType, !isNeutral(declared), Family(mediaType: declared) == nil {
      return Rejection(.declaredTypeRefused)
    }
    return nil
  }

  /// Judges the name of an archive's member, before a byte of it is expanded.
  ///
  /// Without an extension it claims to be no table, like a file that is sent so: `LICENSE`, `SHA256SUMS`.
  public func judge(memberNamed name: UploadName) -> Rejection? {
    name.extension == nil ? Rejection(.extensionRefused) : judge(UploadClaims(extension: name.extension))
  }

  /// Judges the claims and the content together.
  ///
  /// - Parameter containers: what lies around this content, from the outside; nothing around the upload itself.
  public func judge(
    _ claims: UploadClaims, _ content: ContentWitnesses, inside containers: [Format] = []
  ) -> Verdict {
    if let rejection = judge(claims) { return .rejected(rejection) }
    guard !content.isBlank, content.wideText?.isBlank != true else { return .rejected(Rejection(.empty)) }
    let found: Family
    switch family(of: content, claims) {
    case .success(let family): found = family
    case .failure(let rejection): return .rejected(rejection)
    }
    guard found.mayLie(inside: containers) else { return .rejected(Rejection(.archiveNesting)) }
    if let mismatch = mismatch(of: claims, with: found) { return .rejected(mismatch) }
    guard let format = found.format else {
      return .rejected(Rejection(.formatUnsupported, reason: "The content is \(found.label), which is not read"))
    }
    return .accepted(format == .json && saysLines(claims) ? .ndjson : format)
  }

  /// Whether the name, the type or the sender says that each line is a record.
  private func saysLines(_ claims: UploadClaims) -> Bool {
    if let forced = claims.forcedFormat { return forced == .ndjson }
    let hasName = claims.extension.map { ["ndjson", "jsonl"].contains($0) } ?? false
    let hasType = claims.declaredType.map {
      ["application/x-ndjson", "application/ndjson", "application/jsonl"].contains($0.description)
    }
    return hasName || hasType ?? false
  }

  /// The family that the content proves to be: our signatures first, then libmagic as a rejecter.
  private func family(of content: ContentWitnesses, _ claims: UploadClaims) -> Result<Family, Rejection> {
    if let family = content.signature.family {
      return .success(family == .zip && isSpreadsheet(content, claims) ? .spreadsheet : family)
    }
    guard content.signature == .none || content.signature == .json else {
      return .failure(Rejection(.contentRefused, reason: "The content is \(content.signature.label)"))
    }
    if let text = content.wideText, content.isUnknown { return family(of: text.witnesses, claims) }
    // What libmagic takes for binary may be characters that only JSON lets stand; its reader looks at every byte.
    if content.signature == .json, content.isUnknown, claimedFamilies(claims) == [.json] { return .success(.json) }
    switch content.magicType.description {
    case "text/plain" where content.magicCharset == "binary":
      return .failure(binary(content))
    case "text/plain":
      return .success(isJSON(content, claims) ? .json : .delimitedText)
    case "text/troff" where claimedFamilies(claims) == [.delimitedText] && content.magicCharset != "binary":
      // One line that begins with a point and two letters is enough for libmagic, and nothing runs a manual page.
      return .success(.delimitedText)
    case "text/csv", "application/csv", "text/tab-separated-values":
      // As many commas on each line are enough for libmagic.
      let isOther = content.signature == .json && !claimedFamilies(claims).contains(.delimitedText)
      return .success(isOther ? .json : .delimitedText)
    case "application/json", "application/x-ndjson":
      // A CSV whose first cell is a JSON text looks like JSON to libmagic, so a name decides.
      return .success(claimedFamilies(claims) == [.delimitedText] ? .delimitedText : .json)
    default:
      return .failure(binary(content))
    }
  }

  /// Whether a text that libmagic knows nothing of is JSON: what a name says comes before how it starts, since the first
  /// cell of a table may be JSON too.
  private func isJSON(_ content: ContentWitnesses, _ claims: UploadClaims) -> Bool {
    let claimed = claimedFamilies(claims)
    return claimed.contains(.json) || content.signature == .json && !claimed.contains(.delimitedText)
  }

  /// A family's claim must be that of the content; a neutral type claims nothing.
  private func mismatch(of claims: UploadClaims, with found: Family) -> Rejection? {
    for claimed in claimedFamilies(claims) where claimed != found {
      return Rejection(
        .typeMismatch, reason: "The content is \(found.label), but the name or type says \(claimed.label)")
    }
    if let forced = claims.forcedFormat, found.format != forced, !(found == .json && forced == .ndjson) {
      return Rejection(
        .typeMismatch, reason: "The content is \(found.label), which cannot be read as \(forced.rawValue)")
    }
    return nil
  }

  private func claimedFamilies(_ claims: UploadClaims) -> Set<Family> {
    var families: Set<Family> = []
    if let name = claims.extension, let family = Family(extension: name) { families.insert(family) }
    if let declared = claims.declaredType, !isNeutral(declared), let family = Family(mediaType: declared) {
      families.insert(family)
    }
    return families
  }

  /// What browsers send for any file they do not know; Windows names CSV after Excel.
  private func isNeutral(_ declared: MediaType) -> Bool {
    [
      "application/octet-stream", "binary/octet-stream", "application/vnd.ms-excel", "application/x-download",
      "application/force-download", "application/x-www-form-urlencoded", "text/plain",
    ].contains(declared.description)
  }

  private func isSpreadsheet(_ content: ContentWitnesses, _ claims: UploadClaims) -> Bool {
    content.magicType.description.hasPrefix("application/vnd.openxmlformats")
      || content.magicType.description.hasPrefix("application/vnd.oasis")
      || claimedFamilies(claims).contains(.spreadsheet)
  }

  private func binary(_ content: ContentWitnesses) -> Rejection {
    Rejection(.contentRefused, reason: "The content looks like \(content.magicType)")
  }
}

extension ContentWitnesses {
  /// Whether libmagic knows nothing of it, as of every text of wide characters without a mark.
  fileprivate var isUnknown: Bool {
    magicType.description == "application/octet-stream"
      || magicType.description == "text/plain" && magicCharset == "binary"
  }
}

extension WideText {
  /// The witnesses of the text as if it were UTF-8.
  ///
  /// No signature of bytes holds for it: a text may spell one.
  fileprivate var witnesses: ContentWitnesses {
    ContentWitnesses(
      signature: signature.family == nil ? signature : .none, magicType: magicType, magicCharset: "utf-8",
      isBlank: isBlank)
  }
}

extension Family {
  /// The family with its article, for a sentence.
  fileprivate var label: String {
    switch self {
    case .delimitedText: "delimited text"
    case .json: "JSON"
    case .spreadsheet: "a spreadsheet"
    case .arrow: "an Arrow file"
    case .parquet: "a Parquet file"
    case .gzip: "a gzip file"
    case .zip: "a zip archive"
    case .bzip2: "a bzip2 file"
    case .xz: "an xz file"
    case .zstd: "a zstd file"
    case .lz4: "an lz4 file"
    case .tar: "a tar archive"
    case .sevenZip: "a 7z archive"
    }
  }
}

extension Signature {
  fileprivate var label: String {
    switch self {
    case .elf, .portableExecutable, .machO, .javaClass, .webAssembly: "a program"
    case .pdf, .postScript, .rtf, .ole2: "a document"
    case .png, .jpeg, .gif, .bmp, .tiff, .webp: "an image"
    case .html, .svg, .xml: "markup"
    case .script, .php: "a script"
    case .sqlite: "a database"
    case .eicar: "a virus test file"
    case .none, .json, .zip, .gzip, .xz, .zstd, .bzip2, .lz4, .sevenZip, .tar, .parquet, .arrow: rawValue
    }
  }
}
