// SPDX-License-Identifier: Apache-2.0

extension TextEncoding {
  /// The encoding that people call by this name, as IANA, WHATWG or the makers of code pages have it.
  ///
  /// Case and marks do not count: `UTF8`, `utf_8` and `UTF-8` are one. A name means what IANA has it mean: browsers take
  /// ISO-8859-1 for Windows-1252, and UTF-16 for its little-endian form; here each is itself. UTF-7 has no name.
  public init?(label: String) {
    guard label.utf8.count <= 64 else { return nil }
    let key = Self.key(label)
    guard let encoding = Self.byKey[key] ?? Self.codePage(key) else { return nil }
    self = encoding
  }

  /// Letters in lower case and digits, without what stands between them; empty where there is anything beyond ASCII.
  private static func key(_ label: String) -> String {
    guard label.utf8.allSatisfy({ $0 < 0x80 }) else { return "" }
    return label.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static let byKey: [String: TextEncoding] = {
    var byKey = Dictionary(allCases.map { (key($0.rawValue), $0) }) { first, _ in first }
    for (encoding, labels) in labels {
      for label in labels.split(separator: " ") { byKey[String(label)] = encoding }
    }
    return byKey
  }()

  /// `cp1252`, `windows-31j`, `ibm00858` and the like, by the number.
  private static func codePage(_ key: String) -> TextEncoding? {
    let prefix = ["windows", "codepage", "xcp", "win", "dos", "cp", "ms", "ibm"].first { key.hasPrefix($0) } ?? ""
    return UInt32(key.dropFirst(prefix.count)).flatMap { codePages[$0] }
  }

  private static let codePages: [UInt32: TextEncoding] = {
    var pages: [UInt32: TextEncoding] = [
      819: .iso8859Part1, 874: .windows874, 932: .shiftJIS, 936: .gbk, 949: .eucKR, 950: .big5,
      1200: .utf16LittleEndian, 1201: .utf16BigEndian, 10000: .macRoman, 20866: .koi8R, 21866: .koi8U, 54936: .gb18030,
      65001: .utf8,
    ]
    for encoding in allCases {
      let name = encoding.rawValue
      guard name.hasPrefix("ibm") || name.hasPrefix("windows-1"), let page = UInt32(name.filter(\.isNumber)) else {
        continue
      }
      pages[page] = encoding
    }
    return pages
  }()

  /// What else they are called, as keys.
  private static let labels: [(TextEncoding, String)] = [
    (.utf8, "unicode11utf8 utf8sig"), (.utf16, "ucs2 iso10646ucs2 unicode"), (.utf16LittleEndian, "unicodefeff"),
    (.utf16BigEndian, "unicodefffe"), (.utf32, "ucs4 iso10646ucs4"), (.windows874, "tis620"),
    (.iso8859Part1, "latin1 l1 isoir100 csisolatin1 iso885911987"),
    (.iso8859Part2, "latin2 l2 isoir101 csisolatin2 iso885921987"),
    (.iso8859Part3, "latin3 l3 isoir109 csisolatin3 iso885931988"),
    (.iso8859Part4, "latin4 l4 isoir110 csisolatin4 iso885941988"),
    (.iso8859Part5, "cyrillic isoir144 csisolatincyrillic iso885951988"),
    (.iso8859Part6, "arabic isoir127 ecma114 asmo708 csisolatinarabic iso885961987 iso88596i iso88596e"),
    (.iso8859Part7, "greek greek8 isoir126 ecma118 elot928 csisolatingreek iso885971987"),
    (.iso8859Part8, "hebrew isoir138 csisolatinhebrew iso885981988 iso88598i iso88598e logical visual"),
    (.iso8859Part9, "latin5 l5 isoir148 csisolatin5 iso885991989"),
    (.iso8859Part10, "latin6 l6 isoir157 csisolatin6 iso8859101992"), (.iso8859Part13, "latin7 l7"),
    (.iso8859Part14, "latin8 l8 isoir199 isoceltic iso8859141998"), (.iso8859Part15, "latin9 l9 csisolatin9"),
    (.iso8859Part16, "latin10 l10 isoir226 csiso885916 iso8859162001"), (.koi8R, "koi koi8 cskoi8r"),
    (.koi8U, "koi8ru"), (.ibm437, "cspc8codepage437"), (.ibm775, "cspc775baltic"),
    (.ibm850, "cspc850multilingual"), (.ibm852, "cspcp852"), (.ibm858, "ccsid00858 pcmultilingual850euro"),
    (.ibm862, "cspc862latinhebrew"), (.macRoman, "mac macroman xmacroman csmacintosh"),
    (.macCentralEurope, "maccentraleurope xmaccentraleurroman maclatin2"),
    (.macCyrillic, "maccyrillic xmacukrainian"), (.macGreek, "macgreek"), (.macTurkish, "macturkish"),
    (.shiftJIS, "sjis xsjis mskanji csshiftjis windows31j cswindows31j"),
    (.eucJP, "ujis xeucjp cseucpkdfmtjapanese"),
    (.gbk, "gb2312 gb231280 chinese csgb2312 csiso58gb231280 isoir58 euccn xgbk"),
    (.big5, "cnbig5 csbig5 xxbig5"),
    (.eucKR, "ksc5601 ksc56011987 ksc56011989 korean cseuckr csksc56011987 isoir149 uhc"),
  ]
}
