// SPDX-License-Identifier: Apache-2.0

/// Texts at which readers stumble: quotes that are never closed, stray, doubled and escaped, odd line ends, odd widths.
private let hostileTexts: [(String, String)] = [
  ("empty", ""), ("line_end", "\n"), ("quote", "\""), ("mark", "\u{FEFF}a,b\n1,2\n"),
  ("unclosed", "id,t\n1,x\n2,\"y\n3,z\n4,w\n"), ("unclosed_at_the_end", "a,b\n1,2\n3,\""),
  ("two_unclosed", "a,b\n\"1,2\n3,4\n5,\"6\n7,8\n"), ("stray", "a,b\n1,x\"y\n2,\"z\"w\n3,\"\"v\n"),
  ("doubled", "a,b\n1,\"x\"\"y\"\n2,\"\"\"\"\n3,\"\"\"\n\"\n"),
  ("escaped", "a,b\n1,\"x\\\"y\"\n2,\"z\\\\\"\n3,\"\\\n\"\n"),
  ("apostrophes", "a,b\n'1','x,y'\n'2','it''s'\n'3','z'\n"), ("padded", "a, b\n1, \"x, y\"\n2, \"z\" \n3 , w\n"),
  ("quoted_lines", "a,b\n1,\"1,2\n3,4\n5,6\n7,8\n\"\n2,\"\n\n\"\n"), ("returns", "a,b\r1,2\r3,4\r"),
  ("mixed_line_ends", "a,b\r\n1,2\n3,4\r5,6\n\r7,8\r\r\n9,10"), ("ragged", "a,b\n1\n1,2,3,4\n\n,\n,,,\n\"\"\n"),
  ("columns", String(repeating: ",", count: 200) + "\n" + String(repeating: "1,", count: 200)),
  ("late_text", "n,m\n" + String(repeating: "1,2.5\n", count: 60) + "x,2024-01-01\n"),
  ("late_surplus", "n,m\n" + String(repeating: "1,2\n", count: 60) + "1,2,3\n"),
  ("dates", "d,t\n2024-01-02,10:30\n2024-02-30,23:59:59.123456\n,\n"),
  ("zones", "z\n2024-01-02T03:04:05Z\n2024-01-02T03:04:05+14:00\n0001-01-01T00:00:00+01:00\n"),
  ("numbers", "i,u,d,f\n-9223372036854775808,18446744073709551615,0.12345678901234567890,1e308\n0,1,2,5e-324\n"),
  ("grouped", "n;m\n1.234.567,89;1,5\n2,5;1.000\n"), ("control", "a,b\n1,\u{1}\n"),
  ("null_words", "a,b\nNA,x\n1,-\nnull,2\n"),
  ("preamble", "Title\n\nid,name,price\n1,a,2.5\n2,b,3.5\n\nSource: x\n"),
  ("two_tables", "a,b\n1,2\n3,4\n\nx,y,z\n1,2,3\n4,5,6\n"), ("comments", "# c\na,b\n1,2\n# d\n3,4\n"),
]

/// The choices before a text are those of `ReaderChoices`.
let csvReaderSeeds: [Seed] =
  hostileTexts.map { Seed($0, [0, 0, 16, 0, 20, 0, 64, 0, 0]).adding($1) }
  + hostileTexts.map { Seed("repeated_\($0)", [2, 0, 200, 0, 40, 0, 0, 4, 90]).adding($1) }
  + hostileTexts.map { Seed("capped_\($0)", [132, 4, 40, 0, 1, 0, 1, 0, 3]).adding($1) }

/// The first byte chooses what is required: see the target.
let csvDialectSeeds: [Seed] =
  hostileTexts.map { Seed($0, [0, 0]).adding($1) }
  + hostileTexts.map { Seed("repeated_\($0)", [15, 1, 0, 20]).adding($1) }
  + hostileTexts.map { Seed("stated_\($0)", [0, 5, 0, 1]).adding($1) }
  + (0..<12).map { number in
    // Of each delimiter and line end; cells by a simple generator.
    let cells = (0..<120).map { UInt8(truncatingIfNeeded: $0 * 7 + number * 31 + $0 / 9) }
    return Seed("written_\(number)", [8, UInt8(number % 4), UInt8(number / 3), UInt8(number % 8), 0, 2, 4] + cells)
  }
