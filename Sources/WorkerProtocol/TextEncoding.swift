// SPDX-License-Identifier: Apache-2.0

/// How the characters of a text are written as bytes.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case utf32LittleEndian = "utf-32le"
  case utf32BigEndian = "utf-32be"
  /// Without its five undefined bytes.
  case windows1252 = "windows-1252"
}
