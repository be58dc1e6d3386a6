// SPDX-License-Identifier: Apache-2.0

/// The start of one file of each kind that libmagic treats by code of its own.
enum WarmSamples {
  static let all: [[UInt8]] =
    texts.map { Array($0.utf8) } + wideTexts + [zip, gzip, compoundDocument, tar, program, [], [0]]

  private static let texts = [
    "id,name\n1,a\n2,b\n", "id;name\n", "{\"id\": 1}\n", "{\"id\": 1}\n{\"id\": 2}\n", "caf\u{E9}\n", "<html><body>",
    "<?xml version=\"1.0\"?><a/>", "#!/bin/sh\n", "%PDF-1.4\n", "{\\rtf1 ", "From: a@b\nSubject: c\n",
    "MZ\0\0\0", "PAR1", "SQLite format 3\0", "GIF89a\u{1}\0\u{1}\0", "BZh91AY&SY", "\u{1B}[0m",
  ]

  private static let wideTexts: [[UInt8]] = [
    [0xFF, 0xFE, 0x61, 0x00, 0x2C, 0x00, 0x62, 0x00, 0x0A, 0x00], [0xFE, 0xFF, 0x00, 0x61, 0x00, 0x2C],
    [0x63, 0x61, 0x66, 0xE9, 0x0A], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13],
  ]

  private static let zip: [UInt8] =
    [0x50, 0x4B, 0x03, 0x04, 20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 19, 0, 0, 0]
    + Array("[Content_Types].xml".utf8)

  private static let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 1, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]

  private static let compoundDocument: [UInt8] =
    [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 16)
    + [0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0] + [UInt8](repeating: 0, count: 990)

  private static let tar: [UInt8] =
    [UInt8](repeating: 0x61, count: 100) + [UInt8](repeating: 0, count: 157) + Array("ustar\u{0}00".utf8)
    + [UInt8](repeating: 0, count: 247)

  private static let program: [UInt8] =
    [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8) + [2, 0, 0x3E, 0, 1, 0, 0, 0]
    + [UInt8](repeating: 0, count: 40)
}
