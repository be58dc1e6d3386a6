// SPDX-License-Identifier: Apache-2.0

/// How the characters of a text are written as bytes, by the name that reports give it.
public enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case utf32LittleEndian = "utf-32le"
  case utf32BigEndian = "utf-32be"
  /// UTF-16 in the order of its mark, or in the one that its bytes show; only ever stated, never found.
  case utf16 = "utf-16"
  /// The same of UTF-32.
  case utf32 = "utf-32"
  // One byte a character. All of them hold ASCII where it belongs.
  case windows874 = "windows-874"
  case windows1250 = "windows-1250"
  case windows1251 = "windows-1251"
  case windows1252 = "windows-1252"
  case windows1253 = "windows-1253"
  case windows1254 = "windows-1254"
  case windows1255 = "windows-1255"
  case windows1256 = "windows-1256"
  case windows1257 = "windows-1257"
  case windows1258 = "windows-1258"
  case iso8859Part1 = "iso-8859-1"
  case iso8859Part2 = "iso-8859-2"
  case iso8859Part3 = "iso-8859-3"
  case iso8859Part4 = "iso-8859-4"
  case iso8859Part5 = "iso-8859-5"
  case iso8859Part6 = "iso-8859-6"
  case iso8859Part7 = "iso-8859-7"
  case iso8859Part8 = "iso-8859-8"
  case iso8859Part9 = "iso-8859-9"
  case iso8859Part10 = "iso-8859-10"
  case iso8859Part11 = "iso-8859-11"
  case iso8859Part13 = "iso-8859-13"
  case iso8859Part14 = "iso-8859-14"
  case iso8859Part15 = "iso-8859-15"
  case iso8859Part16 = "iso-8859-16"
  case koi8R = "koi8-r"
  case koi8U = "koi8-u"
  case ibm437, ibm737, ibm775, ibm850, ibm852, ibm855, ibm857, ibm858, ibm860, ibm861, ibm862, ibm863, ibm865, ibm866
  case macRoman = "macintosh"
  case macCentralEurope = "x-mac-ce"
  case macCyrillic = "x-mac-cyrillic"
  case macGreek = "x-mac-greek"
  case macTurkish = "x-mac-turkish"
  // One byte or more
  case shiftJIS = "shift_jis"
  case eucJP = "euc-jp"
  case gb18030
  case gbk
  case big5
  case big5HKSCS = "big5-hkscs"
  case eucKR = "euc-kr"

  /// Whether a text that bears the mark of `marked` is in this encoding.
  package func agrees(withMark marked: TextEncoding) -> Bool {
    switch self {
    case .utf16: marked == .utf16LittleEndian || marked == .utf16BigEndian
    case .utf32: marked == .utf32LittleEndian || marked == .utf32BigEndian
    default: marked == self
    }
  }
}

/// What becomes of bytes that stand for no character.
public enum EncodingErrors: String, Sendable, CaseIterable {
  /// The file is refused.
  case refuse
  /// Each becomes U+FFFD, and they are counted.
  case replace
}
