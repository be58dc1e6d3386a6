// SPDX-License-Identifier: Apache-2.0

/// Texts at which readers of JSON stumble: what is cut, nested, doubled, out of order, or nearly JSON.
private let jsonTexts: [(String, String)] = [
  ("lines", "{\"a\":1,\"b\":\"x\"}\n{\"b\":null,\"a\":2.5}\n"),
  ("list", "[{\"a\":1},\n {\"a\":\"2024-01-02\"}]"),
  ("inside", "{\"n\":1,\"data\":{\"rows\":[{\"a\":[1,{}]}]},\"z\":[]}"),
  ("rows", "[[\"a\",\"b\"],[1,true],[null]]"),
  ("columns", "{\"a\":[1,2],\"b\":[\"x\",[ 1 , 2 ]]}"),
  ("record", "{\"a\":{\"b\":{\"c\":{}}},\"d\":1e5}"),
  ("twice", "{\"a\":1,\"a\":2,\"b\":{\"c\":1,\"c\":{\"d\":2}}}\n{\"a\":3}\n"),
  ("bad_line", "{\"a\":1}\n{\"a\":}\n{\"a\":2}\n"),
  ("escapes", "{\"\\u0061\":\"\\ud83d\\ude00\\n\\/\"}\n{\"a\":\"\\ud83d\"}\n"),
  ("mark", "\u{FEFF}[{\"a\":1}]"),
  ("brackets", "[{\"a\":[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]}]"),
  ("numbers", "[{\"a\":-0},{\"a\":18446744073709551616},{\"a\":1e400}]"),
  ("mixed", "{\"a\":1}\n[1]\n\n5\n{\"a\":{\"b\":1}}\n{\"a\":null}\r\n"),
  ("cut", "[{\"a\":1},{\"a\":tr"),
  ("comma", "[{\"a\":1},]"),
  ("keys", "{\"a\":1}\n{\"b\":1}\n{\"c\":1}\n{\"d\":1}\n{\"e\":1}\n{\"f\":1}\n{\"g\":1}\n"),
  ("empty", "[]"),
  ("nothing", "{}\n{}\n"),
]

/// The choices before a text are those of `JSONChoices`.
let jsonReaderSeeds: [Seed] =
  jsonTexts.map { Seed($0, [0, 0, 16, 0, 20, 0, 64, 0, 0]).adding($1) }
  + jsonTexts.map { Seed("repeated_\($0)", [0x41, 0, 200, 0, 40, 0, 0, 4, 90]).adding($1) }
  + jsonTexts.map { Seed("capped_\($0)", [0x80, 0x92, 40, 0, 1, 0, 1, 0, 3]).adding($1) }
