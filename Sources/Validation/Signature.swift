// SPDX-License-Identifier: Apache-2.0

/// What the first bytes of a file say by our own table (`CONTROLS.md` section 6): exact, few, and independent of any
/// version of libmagic.
public enum Signature: String, Sendable, CaseIterable, Hashable {
  case none
  // Never a table
  case elf, portableExecutable, machO, javaClass, webAssembly, pdf, postScript, png, jpeg, gif, bmp, tiff, webp
  case ole2, rtf, sqlite, html, xml, svg, script, php, eicar
  // Families
  case json, zip, gzip, xz, zstd, bzip2, lz4, sevenZip, tar, parquet, arrow

  /// The family that this signature proves; nil for `none` and for what is never a table.
  package var family: Family? {
    switch self {
    case .zip: .zip
    case .gzip: .gzip
    case .bzip2: .bzip2
    case .xz: .xz
    case .zstd: .zstd
    case .lz4: .lz4
    case .sevenZip: .sevenZip
    case .tar: .tar
    case .parquet: .parquet
    case .arrow: .arrow
    default: nil
    }
  }

  /// Finds the signature in the first bytes of a file.
  ///
  /// 512 bytes suffice; fewer are fine for a shorter file.
  ///
  /// Text signatures are found behind a byte order mark and blanks, in any case.
  package init(prefix: [UInt8]) {
    self =
      Self.binary(prefix) ?? Self.markup(prefix) ?? Self.container(prefix)
      ?? (Self.startsLikeJSON(prefix) ? .json : .none)
  }

  private static let magics: [(offset: Int, bytes: [UInt8], signature: Signature)] = [
    (0, [0x7F, 0x45, 0x4C, 0x46], .elf), (0, [0xCA, 0xFE, 0xBA, 0xBE], .javaClass),
    (0, [0xFE, 0xED, 0xFA, 0xCE], .machO), (0, [0xFE, 0xED, 0xFA, 0xCF], .machO),
    (0, [0xCE, 0xFA, 0xED, 0xFE], .machO),
    (0, [0xCF, 0xFA, 0xED, 0xFE], .machO), (0, [0x00, 0x61, 0x73, 0x6D], .webAssembly), (0, Array("%PDF-".utf8), .pdf),
    (0, Array("%!PS".utf8), .postScript), (0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
    (0, [0xFF, 0xD8, 0xFF], .jpeg), (0, Array("GIF87a".utf8), .gif), (0, Array("GIF89a".utf8), .gif),
    (0, [0x49, 0x49, 0x2A, 0x00], .tiff), (0, [0x4D, 0x4D, 0x00, 0x2A], .tiff), (0, Array("RIFF".utf8), .webp),
    (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .ole2), (0, Array("{\\rtf".utf8), .rtf),
    (0, Array("SQLite format 3\0".utf8), .sqlite), (0, Array("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR".utf8), .eicar),
    (0, [0x50, 0x4B, 0x03, 0x04], .zip), (0, [0x50, 0x4B, 0x05, 0x06], .zip), (0, [0x50, 0x4B, 0x07, 0x08], .zip),
    (0, [0x1F, 0x8B], .gzip), (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz), (0, [0x28, 0xB5, 0x2F, 0xFD], .zstd),
    (0, Array("BZh".utf8), .bzip2), (0, [0x04, 0x22, 0x4D, 0x18], .lz4),
    (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip), (257, Array("ustar\0".utf8), .tar),
    (257, Array("ustar  \0".utf8), .tar),
    (0, Array("PAR1".utf8), .parquet), (0, Array("ARROW1\0\0".utf8), .arrow),
  ]

  private static func binary(_ prefix: [UInt8]) -> Signature? {
    if let magic = magics.first(where: { prefix.dropFirst($0.offset).starts(with: $0.bytes) }) {
      return isProved(magic.signature, prefix) ? magic.signature : nil
    }
    // Both start with letters that a header may start with, so the fields behind them must agree too.
    if prefix.starts(with: Array("MZ".utf8)), prefix.prefix(64).contains(0) { return .portableExecutable }
    if prefix.starts(with: Array("BM".utf8)), prefix.count > 14, prefix[6..<10].allSatisfy({ $0 == 0 }) { return .bmp }
    return nil
  }

  /// Whether what follows a magic of letters, which a header may start with too, agrees with it.
  private static func isProved(_ signature: Signature, _ prefix: [UInt8]) -> Bool {
    switch signature {
    case .bzip2: isBzip2(prefix)
    case .webp: prefix.dropFirst(8).starts(with: Array("WEBP".utf8))
    // Thrift's compact form follows, so a byte that no text holds: a column may be called `PAR1`.
    case .parquet: prefix.count == 4 || prefix.prefix(64).contains { $0 < 0x20 && !(0x09...0x0D).contains($0) }
    default: true
    }
  }

  /// `BZh`, a level digit and the block magic (pi): a column may be called `BZh`.
  private static func isBzip2(_ prefix: [UInt8]) -> Bool {
    prefix.count >= 10 && (0x31...0x39).contains(prefix[3])
      && (prefix[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
        || prefix[4..<10].elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90]))
  }

  private static func markup(_ prefix: [UInt8]) -> Signature? {
    let withoutMark = prefix.starts(with: [0xEF, 0xBB, 0xBF]) ? prefix.dropFirst(3) : prefix[...]
    // A path follows; `#!genome-build` is a comment.
    if withoutMark.starts(with: Array("#!".utf8)),
      withoutMark.dropFirst(2).first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "/")
    {
      return .script
    }
    let text = withoutMark.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }.prefix(16)
      .map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let tags: [(String, Signature)] = [
      ("<!doctype html", .html), ("<html", .html), ("<head", .html), ("<body", .html), ("<script", .html),
      ("<iframe", .html), ("<svg", .svg), ("<?php", .php), ("<?xml", .xml), ("<!doctype", .xml),
    ]
    return tags.first { text.starts(with: $0.0.utf8) }?.1
  }

  /// Whether a text starts with an object or a list of objects or lists, as no header of a table does: a witness for
  /// texts that libmagic, which sees only their start, takes for plain ones.
  private static func startsLikeJSON(_ prefix: [UInt8]) -> Bool {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    var rest = (prefix.starts(with: [0xEF, 0xBB, 0xBF]) ? prefix.dropFirst(3) : prefix[...]).drop(while: isBlank)
    let isList = rest.first == UInt8(ascii: "[")
    if isList { rest = rest.dropFirst().drop(while: isBlank) }
    switch rest.first {
    case UInt8(ascii: "{"): break
    case UInt8(ascii: "[") where isList:
      let element = rest.dropFirst().drop(while: isBlank).first
      return element.map { "\"-0123456789tfn[]{".utf8.contains($0) } ?? false
    default: return false
    }
    rest = rest.dropFirst().drop(while: isBlank)
    guard rest.first == UInt8(ascii: "\"") else { return rest.first == UInt8(ascii: "}") }
    guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return prefix.count >= 512 }
    return rest[(end + 1)...].drop(while: isBlank).first == UInt8(ascii: ":")
  }
}
