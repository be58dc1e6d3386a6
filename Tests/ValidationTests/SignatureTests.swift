// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import Validation

@Suite("Signatures")
struct SignatureTests {
  /// Bytes that begin with `start`, as hexadecimal digits or text, and go on with `rest`.
  private static func bytes(_ start: [UInt8], _ rest: String = "") -> [UInt8] { start + Array(rest.utf8) }

  /// A header of the tar of before POSIX.
  private static let oldTar: [UInt8] = {
    var block = [UInt8](repeating: 0, count: 512)
    for (offset, text) in [(0, "a.csv"), (100, "0000644\0"), (124, "00000000003\0"), (148, "        ")] {
      block.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8))
    }
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    block.replaceSubrange(
      148..<156, with: Array(String(repeating: "0", count: 6 - sum.count).utf8) + Array("\(sum)\0 ".utf8))
    return block
  }()

  static let known: [(Signature, [UInt8])] = [
    (.elf, bytes([0x7F], "ELF\u{2}\u{1}")), (.portableExecutable, bytes([0x4D, 0x5A, 0x90, 0, 3, 0])),
    (.machO, [0xFE, 0xED, 0xFA, 0xCE]), (.machO, [0xFE, 0xED, 0xFA, 0xCF]), (.machO, [0xCE, 0xFA, 0xED, 0xFE]),
    (.machO, [0xCF, 0xFA, 0xED, 0xFE]), (.javaClass, [0xCA, 0xFE, 0xBA, 0xBE, 0, 0]),
    (.webAssembly, [0, 0x61, 0x73, 0x6D, 1]),
    (.pdf, bytes([], "%PDF-1.7\n")), (.postScript, bytes([], "%!PS-Adobe-3.0")),
    (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0]),
    (.gif, bytes([], "GIF87a,1,2")),
    (.gif, bytes([], "GIF89a\u{1}")), (.tiff, [0x49, 0x49, 0x2A, 0]), (.tiff, [0x4D, 0x4D, 0, 0x2A]),
    (.webp, bytes([0x52, 0x49, 0x46, 0x46, 0x24, 0, 0, 0], "WEBPVP8 ")),
    (.ole2, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
    (.bmp, [0x42, 0x4D, 0x46, 0, 0, 0, 0, 0, 0, 0, 0x36, 0, 0, 0, 0x28]), (.rtf, bytes([], "{\\rtf1\\ansi")),
    (.sqlite, bytes([], "SQLite format 3\0\u{10}")),
    (.eicar, bytes([], "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")),
    (.zip, [0x50, 0x4B, 3, 4]), (.zip, [0x50, 0x4B, 5, 6]), (.zip, [0x50, 0x4B, 7, 8]), (.gzip, [0x1F, 0x8B, 8]),
    (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
    (.bzip2, [0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]),
    (.bzip2, [0x42, 0x5A, 0x68, 0x31, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90]), (.lz4, [4, 0x22, 0x4D, 0x18]),
    (.zstd, [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4, 0x28, 0xB5, 0x2F, 0xFD]),
    (.lz4, [0x5F, 0x2A, 0x4D, 0x18, 0, 0, 0, 0, 4, 0x22, 0x4D, 0x18]), (.tar, oldTar),
    (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), (.tar, bytes([UInt8](repeating: 0, count: 257), "ustar\u{0}00")),
    (.tar, bytes([UInt8](repeating: 0x61, count: 257), "ustar  \0")),
    (.parquet, bytes([0x50, 0x41, 0x52, 0x31, 0x15, 4])),
    (.parquet, bytes([], "PAR1")), (.arrow, bytes([], "ARROW1\0\0")), (.html, bytes([], "<!DOCTYPE html><html>")),
    (.html, bytes([], "<html>")), (.html, bytes([], "\r\n\t <HTML lang=en>")),
    (.html, bytes([0xEF, 0xBB, 0xBF], "<head>")),
    (.html, bytes([], "<body onload=x>")), (.html, bytes([], "<SCRIPT>alert(1)</SCRIPT>")),
    (.html, bytes([], "<iframe src=x>")),
    (.html, bytes([], "\u{B}\u{C}<script>")), (.svg, bytes([], "<svg onload=alert(1)>")),
    (.xml, bytes([], "<?xml version='1.0'?>")),
    (.xml, bytes([], "<!DOCTYPE svg>")), (.php, bytes([], "<?php system($_GET[0]);")),
    (.script, bytes([], "#!/bin/sh\n")), (.script, bytes([], "#! /bin/sh\n")),
    (.none, bytes([], "#!genome-build G\n")),
    (.json, bytes([], "{\"a\": 1}\n{\"a\": 2}\n")), (.json, bytes([0xEF, 0xBB, 0xBF], "\n [ {\"a\"\n:1}")),
    (.json, bytes([], "{}")), (.json, bytes([], "[{}]")), (.json, bytes([], "[[1,2],[3,4]]")),
    (.script, bytes([0xEF, 0xBB, 0xBF], "#!/usr/bin/env python")),
  ]

  @Test("C3 Each kind is known by its first bytes", arguments: known)
  func found(signature: Signature, bytes: [UInt8]) {
    #expect(Signature(prefix: bytes) == signature)
    #expect(Signature(prefix: bytes + [UInt8](repeating: 0x2C, count: 512)) == signature || signature == .parquet)
  }

  @Test("Every signature but none has an example above")
  func complete() {
    #expect(Set(Self.known.map(\.0)).union([.none]) == Set(Signature.allCases))
  }

  /// Texts that start, or go on, like something else.
  static let nearMisses: [String] = [
    "MZ,count\na,1\n", "MZ\n1\n", "BM,count\n1,2\n", "BM\nabcdefghijklmnop", "PK,id\n1,2\n", "PK\n", "BZh,level\n1,2\n",
    "BZh91AY,SX\n", "BZh9,1\n", "GIF,JPG\n1,2\n", "GIF88a,x\n", "PAR1,PAR2,PAR3\n72,71,70\n", "PAR1\n1\n",
    "ARROW1,x\n1,2\n",
    "formats,WEBP,PNG\n1,2,3\n", "a,b,c,d,WEBP\n", "RIFF,WAVE\n1,2\n", "RIFFLE,WEBP\n", "ELF,dwarf\n", "%PDF,x\n",
    "{rtf},x\n",
    "SQLite format,x\n", "P*M\u{18}\0\0\0\0a,b\n", "P*M,S*M\n1,2\n", "ustar,x\n", "7z,zip\n1,2\n", "xml,html\n",
    "< html>,x\n", "<b>bold</b>,x\n",
    "# comment\na,b\n", "#,name\n1,a\n",
    "x<script>,y\n", "html\n", "II*,MM*\n", "\u{FEFF}a,b\n", "", "a", " ", "<", "#", "MZ", "BM", "BZh", "P",
    "<!-- x -->,1\n",
  ]

  @Test("C3 A text that only looks like something else is none of it", arguments: nearMisses)
  func none(text: String) {
    #expect(Signature(prefix: Array(text.utf8)) == .none)
  }

  @Test("A word at the place of tar's magic is no archive")
  func tarNearMiss() {
    let filler = String(repeating: "a,b\n", count: 64) + "x"
    for word in ["ustar,1\n", "ustar\n", "ustar 1,2\n", "ustar"] {
      #expect(Signature(prefix: Array((filler + word).utf8)) == .none)
    }
  }

  @Test("C48 No prefix traps, of whatever length", arguments: known)
  func truncated(signature: Signature, bytes: [UInt8]) {
    for length in 0...bytes.count { _ = Signature(prefix: Array(bytes.prefix(length))) }
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<20 {
      var damaged = bytes
      damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      _ = Signature(prefix: damaged)
    }
  }
}
