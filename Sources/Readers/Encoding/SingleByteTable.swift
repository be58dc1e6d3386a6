// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// What each byte of an encoding of single bytes stands for.
///
/// Windows-1252, which is supposed of every text that says nothing else, and what ICU lacks are written here; the others
/// are ICU's, whose tables let undefined bytes pass as control characters or as characters for private use.
struct SingleByteTable {
  /// The characters of the bytes from 80 on; nil for those that are not defined.
  private let upper: [Unicode.Scalar?]

  /// What a byte stands for.
  subscript(byte: UInt8) -> Unicode.Scalar? { byte < 0x80 ? Unicode.Scalar(byte) : upper[Int(byte) - 0x80] }

  /// The table of an encoding of single bytes.
  ///
  /// - Throws: `ConverterFailure`.
  init(_ encoding: TextEncoding) throws {
    let latin1 = (UInt8(0x80)...0xFF).map { Unicode.Scalar($0) as Unicode.Scalar? }
    switch encoding {
    case .windows1252: upper = Self.windows1252 + latin1[0x20...]
    case .iso8859Part1: upper = latin1
    case .iso8859Part16: upper = latin1[..<0x20] + Self.iso8859Part16
    default: upper = try Self.converted(encoding)
    }
  }

  /// ICU's table.
  private static func converted(_ encoding: TextEncoding) throws -> [Unicode.Scalar?] {
    let converter = try Converter(encoding)
    let hasControls = encoding.rawValue.hasPrefix("iso-")
    // Apple's own sign is part of its tables, and so is an empty place in one of them.
    let hasPrivateUse = [.macRoman, .macCentralEurope, .macCyrillic, .macGreek, .macTurkish].contains(encoding)
    return try (UInt8(0x80)...0xFF).map { byte in
      if let scalar = corrections[encoding]?[byte] { return scalar }
      guard let scalar = try converter.character(byte) else { return nil }
      switch scalar.value {
      case 0x80...0x9F: return hasControls ? scalar : nil
      case 0xE000...0xF8FF: return hasPrivateUse ? scalar : nil
      default: return scalar
      }
    }
  }

  /// Where ICU follows tables of IBM's or Microsoft's that differ from the published ones: the micro sign, the not sign,
  /// and a byte that is not defined.
  private static let corrections: [TextEncoding: [UInt8: Unicode.Scalar?]] = {
    let pages: [TextEncoding] = [.ibm437, .ibm860, .ibm861, .ibm862, .ibm863, .ibm865]
    var corrections = Dictionary(pages.map { ($0, [UInt8(0xE6): "\u{B5}" as Unicode.Scalar?]) }) { first, _ in first }
    corrections[.ibm852] = [0xAA: "\u{AC}"]
    corrections[.windows1253] = [0xAA: nil]
    return corrections
  }()

  /// Without its five undefined bytes.
  private static let windows1252 = characters("€·‚ƒ„…†‡ˆ‰Š‹Œ·Ž··‘’“”•–—˜™š›œ·žŸ")

  private static let iso8859Part16 = characters(
    "\u{A0}ĄąŁ€„Š§š©Ș«Ź\u{AD}źŻ°±ČłŽ”¶\u{B7}žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚß"
      + "àáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ", gap: nil)

  /// The characters of a text, with nil for each gap.
  private static func characters(_ text: String, gap: Unicode.Scalar? = "·") -> [Unicode.Scalar?] {
    text.unicodeScalars.map { $0 == gap ? nil : $0 }
  }
}
