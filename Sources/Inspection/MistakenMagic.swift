// SPDX-License-Identifier: Apache-2.0

import Validation

/// Finds the answers of libmagic that rest on a few letters of a text, where the text is nothing of the kind.
///
/// A table whose first name is `PAYS` looks like commands for a plotter to libmagic, one that starts with `ID;Preis` like a
/// SYLK sheet, with `Article` like news, with `OTTO` like a font, one with a tag in a cell like a page of HTML, and one whose sections have
/// names such as `[Data]` like settings. The text itself tells, in the form that each of these has. An answer that is not among them stands.
enum MistakenMagic {
  /// Whether the text, which has no byte that is not one of a text, shows that libmagic's answer is wrong.
  static func misleads(_ answer: MagicAnswer, in text: [UInt8]) -> Bool {
    guard answer.charset != MagicAnswer.binary else { return false }
    switch answer.type.description {
    case "application/x-sylk": return !isSheet(text)
    case "application/vnd.hp-hpgl": return !isPlot(text)
    case "message/rfc822", "message/news": return !isMail(text)
    case "text/html": return hasTagsInCells(text)
    case "application/x-wine-extension-ini", "application/x-setupscript": return !areSettings(text)
    case let type:
      // All of these hold bytes that are none of a text, but those that are texts.
      return ["audio/", "video/", "font/", "biosig/", "image/", "application/vnd.ms-opentype"].contains(
        where: type.hasPrefix)
        && !["image/svg", "image/x-portable", "image/x-xp", "image/x-xb"].contains(where: type.hasPrefix)
    }
  }

  /// What the records of a SYLK sheet start with.
  private static let recordTypes = Set(
    ["ID", "P", "F", "B", "C", "O", "W", "NN", "NE", "NU", "NL", "E"].map { Array($0.utf8)[...] })

  /// Whether each of the first lines is a record of SYLK.
  private static func isSheet(_ text: [UInt8]) -> Bool {
    text.split(whereSeparator: isLineEnd).prefix(8).allSatisfy { line in
      recordTypes.contains(line.prefix { $0 != UInt8(ascii: ";") })
    }
  }

  /// Whether all of the first statements are commands of a plotter: two capitals, then numbers.
  private static func isPlot(_ text: [UInt8]) -> Bool {
    let statements = text.split(whereSeparator: { $0 == UInt8(ascii: ";") || isLineEnd($0) }).prefix(8)
    return statements.allSatisfy { statement in
      statement.count > 1 && statement.prefix(2).allSatisfy(isCapital)
        && statement.dropFirst(2).allSatisfy { (0x20...0x39).contains($0) }
    }
  }

  /// The fields that only mail and news have above their texts, in lower case.
  private static let fields: Set = [
    "bcc", "content-type", "delivered-to", "message-id", "mime-version", "newsgroups", "received", "relay-version",
    "reply-to", "return-path", "x-mailer", "xref",
  ]

  /// Whether one of the lines above the first empty one is a field that only mail or news has, or they tell subject and
  /// sender or receiver; what stands above a table may have a date, and two days, from and to.
  private static func isMail(_ text: [UInt8]) -> Bool {
    let head = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A }).prefix { $0.count > 1 }
    let names = Set(
      head.filter { $0.contains(UInt8(ascii: ":")) }.map { line in
        String(decoding: line.prefix { $0 != UInt8(ascii: ":") }.prefix(32), as: UTF8.self).lowercased()
      })
    return !names.isDisjoint(with: fields) || names.contains("subject") && !names.isDisjoint(with: ["from", "to"])
      || names.contains { $0.hasPrefix("article ") && $0.utf8.dropFirst(8).first.map(isDigit) ?? false }
  }

  /// Whether a line with a delimiter and no tag stands above the first tag, in whose line a delimiter comes before it.
  private static func hasTagsInCells(_ text: [UInt8]) -> Bool {
    guard let tag = text.firstIndex(of: UInt8(ascii: "<")) else { return false }
    let lines = text[..<tag].split(omittingEmptySubsequences: false, whereSeparator: isLineEnd)
    let delimiters = ",;\t|".utf8.filter { delimiter in lines[0].contains(delimiter) }
    return lines.count > 1 && delimiters.contains { lines[lines.count - 1].contains($0) }
  }

  /// Whether one of the first lines below a section's name is a key with `=` behind it.
  private static func areSettings(_ text: [UInt8]) -> Bool {
    text.split(whereSeparator: isLineEnd).prefix(40).contains { line in
      let mark = line.first { $0 == UInt8(ascii: "=") || ",;\t|".utf8.contains($0) }
      return mark == UInt8(ascii: "=") && line.first != UInt8(ascii: "[")
    }
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
  private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
