// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Dialects and headers")
struct DialectTests {
  static let delimiters: [(String, Character)] = [
    ("a,b\n1,2\n", ","), ("a;b\n1;2\n", ";"), ("a\tb\n1\t2\n", "\t"), ("a|b\n1|2\n", "|"), ("a\n1\n", ","), ("", ","),
    ("\n\n", ","),
    ("a;b\n1,5;2,5\n3,5;4,5\n", ";"), ("a\tb\nx, y\tz, w\n1\t2\n", "\t"), ("a,b\n\"x;y;z\",1\n\"u;v;w\",2\n", ","),
    ("name|note\na,b|c;d\ne,f|g;h\n", "|"), ("a,b,c\n\"1\n2\",3,4\n\"5\n6\",7,8\n", ","),
    ("date;time\n2024-01-01;12:00\n", ";"),
    ("a,b; c\nd,e; f\n", ","), ("1;2;3\n4;5;6\n", ";"), ("x,y\n", ","), ("text without any\nmore text\n", ","),
    ("a;b", ";"), ("\"a;b\";c\n\"d,e\";f\n", ";"),
  ]

  @Test("The delimiter is the one that makes a table", arguments: delimiters)
  func delimiter(text: String, expected: Character) {
    let bytes = MappedBytes(Array(text.utf8))
    #expect(DialectDetector(bytes, range: 0..<bytes.count).detect().format.delimiter.text == String(expected))
  }

  /// Texts that mislead, and what tells their cells apart; a text of one column holds no delimiter.
  static let traps: [(String, String)] = [
    ("a:b\nc:d\ne:f\n", ":"), ("a:b:c\n1:x1:2\n2:x2:4\n", ":"), ("key\nage: 30 or so\n", ","),
    ("a b c\n1 2 3\n4 5 6\n", " "), ("a#b\n1#2\n3#4\n", "#"), ("a*b\n1*2\n3*4\n", "*"),
    ("a~b\n1~2\n3~4\n", "~"), ("a^b\n1^2\n3^4\n", "^"), ("a=b\n1=2\n3=4\n", "="), ("a||b\n1||2\n3||4\n", "||"),
    ("a, b, c\n1, 2, 3\n4, 5, 6\n", ", "), ("n, t\n1, \"a, b\"\n2, \"c, d\"\n", ", "), ("a; b\n1; 2\n", "; "),
    ("x;y\n1,5;2,5\n3,5;4,5\n", ";"), ("start,end\n10:30,11:45\n12:00,12:30\n", ","),
    ("from,to\n2024-01-01 10:00,2024-01-01 11:00\n2024-01-02 10:00,2024-01-02 11:00\n", ","),
    ("at\n2024-01-01 10:00:00\n2024-01-02 10:00:00\n", ","), ("time\n10:30\n11:45\n", ","),
    ("link\nhttps://example.org/a\nhttps://example.org/b\n", ","), ("who\nAnn Lee\nBob Ray\nEve Fox\n", ","),
    ("film,tags\nA,x|y|z\nB,x|y\nC,u|v|w\n", ","), ("film,tags\nA,x|y\nB,x|y\nC,u|v\n", ","),
    ("id\tjson\n1\t{\"a\": 1, \"b\": 2}\n2\t{\"a\": 3}\n", "\t"),
    ("id,json\n1,\"{\"\"a\"\": 1, \"\"b\"\": 2}\"\n2,\"{\"\"a\"\": 3}\"\n", ","),
    ("id;note\n1;it's, well, fine\n2;the dogs' bowl, empty\n", ";"), ("n,colour\n1,#ff0000\n2,#00ff00\n", ","),
    ("a,b\n1\n1,2\n1,2,3\n", ","), ("a,b,c\n1\n2\n3\n4\n5\n", ","),
    ("station\nAachen 1\nBilbao 2\nCork 3\n", ","), ("x y\n1 2\n3 4\n5 6\n", " "),
    ("10:30:11 1 2.5\n10:31:12 3 4.5\n10:32:00 5 6.5\n", " "), ("level\n1.5\n2.5,\n3.5\n", ","),
    ("1::A b (1)::x|y\n2::C d (2)::x|y\n3::E (3)::z|y\n", "::"),
    ("n,at,x,y\n1,01/02/2024 10:22:11,3.5,\n2,01/02/2024 10:23:11,4.5,\n3,01/02/2024 10:24:11,5.5,\n", ","),
    ("line\nA b, c d\nE f, g h\nI j, k l\n", "\t"),
    // Lists in a column, where the names tell what parts the columns, and what stands in brackets or between tabs
    ("id,tags\n" + String(repeating: "1,a;b;c\n", count: 8), ","),
    ("id,path\n" + String(repeating: "1,a|b|c|d\n", count: 9), ","),
    ("Title\n\nid;sizes\n" + String(repeating: "1;3,4,5,6\n", count: 9), ";"),
    ("7;rgb(1,2,3)\n8;rgb(4,5,6)\n9;rgb(7,8,9)\n", ";"), ("1\ta,b,c\n2\td,e,f\n3\tg,h,i\n", "\t"),
    ("x y z\n1,5 2,25 3,5\n4,5 5,25 6,5\n7,5 8,25 9,5\n", " "),
    ("Members, in 2024\nName, given;age\n" + String(repeating: "Lee, Ann;45\nRay, Bob;35\n", count: 4), ";"),
    ("id;name;v\t\n1;Ann;2\t\n2;Bob;3\t\n", ";"),
    ("Deaths in 2024\nyear,deaths\n1990,38407\n1991,63497\n1992,46632\n", ","), ("S\n400.0,0.773\n401.0,0.772\n", ","),
    ("S\nnm,abs\n400.0,0.773\n401.0,0.772\n", ","),
    ("a,b,c\n    0,    1,    2\n   10,   11,   12\n  100,  101,  102\n", ","),
    ("id opt val\n0  0\n1  3\n2  4\n", " "), ("People\nann^x^5^7\nbob^y^6^8\neve^z^7^9\n", "^"),
    ("Users\nann:x:1000:a b\nbob:x:1001:c d\neve:x:1002:e f\n", ":"), ("Cube\n1 2 13\n4 5 6\n7 8 9\n", " "),
    // One column of values that hold blanks and signs
    ("phone\n+49 302 4553994\n+49 422 907125\n+49 923 230048\n", ","),
    ("phone\n030 123 4567\n040 234 5678\n050 345 6789\n", ","),
    ("iban\nDE89 3704 0044\nDE12 1203 0000\nDE33 1001 0010\n", ","),
    ("mac\n00:1A:2B\n00:1A:2C\n00:1A:2D\n", ","), ("ticket\nABC#12\nABC#13\nABC#14\n", ","),
    ("setting\na=1\nb=2\nc=3\n", ","), ("size\n3 x 4\n5 x 6\n7 x 8\n", ","),
    ("Title\nx y z\n1 2 3\n4 5 6\n7 8 9\n", " "), ("1.5 2.5\n3.5 4.5\n5.5 6.5\n", " "),
    ("date time lux\n2024-01-01 10:00:00 20.5\n2024-01-01 10:00:01 21.5\n2024-01-01 10:00:02 22.5\n", " "),
    ("One title\nSecond: 1\nThird: 2\nFourth: 3\nFifth\n\na\tb\tc\n1\t2\t3\n4\t5\t\t6\n7\t8\t9\nEnd, at last\n", "\t"),
  ]

  @Test("No common trap misleads about the delimiter", arguments: traps)
  func trap(text: String, expected: String) {
    let bytes = MappedBytes(Array(text.utf8))
    #expect(DialectDetector(bytes, range: 0..<bytes.count).detect().format.delimiter.text == expected)
  }

  @Test("Prose of any number of commas a line is one column")
  func prose() throws {
    let lines = [
      "To be, or not to be, that is it.", "Nothing here.", "Well, then.", "One, two, three, four.", "So be it.",
    ]
    let table = try ReadTable("comment\n" + lines.joined(separator: "\n") + "\n", ReadOptions(header: .always))
    #expect(table.names == ["comment"])
    #expect(table.texts.map { $0[0] } == lines)
  }

  /// Texts, their quote, and their escape.
  static let quotes: [(String, String?, Dialect.Escape?)] = [
    ("a,b\n1,2\n", nil, nil), ("a,b\n\"x\",2\n", "\"", .doubled), ("a,b\n'x, y',2\n'z, u',3\n", "'", .doubled),
    ("a,b\n'x''s',2\n'z',3\n'u, v',4\n", "'", .doubled), ("'a','b'\n1,2\n3,4\n", "'", .doubled),
    ("a,b\nit's,2\nthe dogs',3\n", nil, nil),
    ("a,b\n\"x \\\"y\\\" z\",2\n\"u\",3\n", "\"", .backslash), ("a,b\nx\\,y,2\nu\\,v,3\n", nil, .backslash),
    ("a,b\n\"C:\\dir\\\",2\n\"D:\\\",3\n", "\"", .doubled), ("a,b\n5\" pipe,2\n6\" pipe,3\n", nil, nil),
  ]

  @Test("The quote and what escapes it are found", arguments: quotes)
  func quote(text: String, quote: String?, escape: Dialect.Escape?) throws {
    let dialect = try ReadTable(text).findings.dialect
    #expect(dialect.quote == quote)
    #expect(dialect.escape == escape)
    #expect(dialect.delimiter == ",")
  }

  @Test("Blanks around quoted cells are no part of them", arguments: ["\"x, y\" ", " \"x, y\"", " \"x, y\" "])
  func paddedQuotes(cell: String) throws {
    let table = try ReadTable("a,b,c\n1,\(cell),2\n3,\(cell),4\n5,\(cell),6\n7,u,8\n")
    #expect(table.texts.map { $0[1] } == ["x, y", "x, y", "x, y", "u"])
  }

  @Test("A dialect has a confidence and reasons, and a close one is named")
  func evidence() throws {
    let clear = try ReadTable("id,n,m\n1,2,3\n4,5,6\n").findings.dialect
    #expect(clear.confidence > 900 && !clear.reasons.isEmpty && clear.runnerUp == nil)
    let close = try ReadTable("a;b,c\n1;2,3\n4;5,6\n").findings.dialect
    #expect(close.confidence < 800 && close.runnerUp?.delimiter == (close.delimiter == "," ? ";" : ","))
    #expect(clear.reasons.allSatisfy { $0.utf8.count <= Dialect.longestReason })
  }

  static let headers: [(String, Dialect.HeaderFinding)] = [
    ("id,name\n1,a\n2,b\n", .present), ("1,a\n2,b\n3,a\n", .absent), ("a,b\nc,d\n", .assumed), ("a,b\n", .assumed),
    ("", .assumed), ("2024-01-01,5.5,Rome\n", .absent), ("1,Rome\n", .absent), ("1,Rome,a b\n", .assumed),
    ("place,2019,2020\n", .assumed), ("2019,2020,Total\n", .assumed),
    ("a,b\na,c\nd,e\n", .absent), ("country,2019,2020,2021\nA,1,2,3\nB,4,5,6\n", .present),
    ("2019,2020\n1.5,2.5\n", .present),
    ("1,2\n3,4\n", .absent), ("x\n1\n2\n", .present), ("1\n2\n3\n", .absent), ("2024-01-01,5\n2024-01-02,6\n", .absent),
    (",1\nx,2\ny,3\n", .absent),
    ("flag\ntrue\nfalse\n", .present), ("true\nfalse\n", .absent), ("\n\nid,n\n1,2\n", .present),
    ("id,id\n1,2\n", .present), ("total,5\nrent,3\nfood,2\n", .absent),
    ("a,b\n,\n,\n", .assumed), ("AB-123,x\nCD-456,y\nEF-789,z\nGH-012,w\n", .absent),
    ("code,x\nCD-456,y\nEF-789,z\nGH-012,w\n", .present), ("mail\na.lee@example.org\nb.ray@example.org\n", .present),
    ("c.fox@example.org\na.lee@example.org\nb.ray@example.org\n", .absent), ("price\n$1.50\n$2.75\n", .present),
    ("0,1,2,3\n.5,.2,.3,.1\n.1,.6,.9,.4\n", .present),
    // Years in any order, one year, and numbers in even steps, where no such numbers stand below
    ("item,2023,2022\na,31,52\nb,73,8\n", .present), ("1990;2000;2010\n1.5;2.5;3.5\n7.5;8.5;9.5\n", .present),
    ("region,2020\nA,31\nB,52\nC,73\n", .present), ("area,2020\nA,31\nB,52\nC,73\n", .assumed),
    ("region,0,5,10,15\nA,31,92,17,22\nB,75,18,84,40\n", .present),
    ("s,400,410,420,430\na,.1,.4,.2,.3\nb,.7,.1,.8,.4\n", .present), (",1,2,3\nA,7,9,8\nB,4,1,6\n", .present),
    ("a,1999,2004\nb,2001,2003\nc,1987,2010\n", .absent), ("a,2020\nb,2021\nc,2019\n", .absent),
    ("a,10,20,30\nb,7,25,39\nc,18,12,4\n", .absent), ("a,10,20,30,40\nb,20,30,40,50\n", .absent),
    ("month,1,2,3\nJan,360,390,679\nFeb,627,74,605\n", .present),
    ("id,0,1,2,target\n1,.5,.7,.1,4\n2,.3,.6,.8,5\n", .present),
    ("day,1,2,3\n2024-01-01,5,1,2\n2024-01-02,4,2,3\n", .present), ("item,5,10,total\na,3,9,12\nb,4,1,5\n", .present),
    ("2000;Berlin\n3500;Paris\n1200;Rome\n", .absent), ("2010\n3500\n1200\n", .absent),
    ("a,1600,1700,3400\nb,5,6,7\n", .absent),
    ("a,31\nb,52\nc,73\n", .absent), ("10,20,30,40,50\n12,18,33,41,52\n9,25,31,38,49\n", .absent),
    // Usual names that are values, decimals in even steps, and names that alone are quoted
    ("age,18,65\nincome,100,500\n", .absent), ("time,1597\nyear,1203\nday,990\n", .absent),
    ("Berlin,1,2\nRome,3.2,4.1\nParis,1,2.5\n", .absent), ("name,5,2\nsize,3,4\nage,1,7\n", .absent),
    ("400.5,401,401.5,402,402.5,403\n.1,.2,.3,.2,.1,.4\n.2,.2,.1,.2,.5,.4\n", .present),
    ("1.5,2,2.5,3,3.5,4\n1.1,2.2,2.3,3.2,3.1,4.4\n2.2,2.2,2.1,3.2,4.5,4.4\n", .absent),
    ("\"\",\"16.5\",\"17.25\"\n\"71\",0,30\n\"70\",20,18\n", .present), ("\"1\",\"2\"\n\"3\",\"4\"\n", .absent),
    // A word for what is missing is no name beside values
    ("country,missing\nA,3\nB,4\n", .present), ("area,missing\nA,3\nB,4\n", .assumed),
    ("Ann,n/a,5\nBob,2,6\nEve,3,7\n", .absent), ("?,5\nx,6\ny,7\n", .absent),
  ]

  @Test("A header is found by what stands below it", arguments: headers)
  func header(text: String, expected: Dialect.HeaderFinding) throws {
    #expect(try ReadTable(text).findings.dialect.header == expected)
  }

  @Test("The sender may say whether there is a header")
  func forced() throws {
    let text = "1,2\n3,4\n"
    #expect(try ReadTable(text, ReadOptions(header: .always)).names == ["1", "2"])
    #expect(try ReadTable(text, ReadOptions(header: .never)).names == ["column_1", "column_2"])
    #expect(try ReadTable("a,b\n1,2\n", ReadOptions(header: .never)).rowCount == 2)
  }

  @Test(
    "Line ends are found and reported",
    arguments: [
      ("a,b\n1,2\n", .lf), ("a,b\r\n1,2\r\n", .crlf), ("a,b\r1,2\r", .cr), ("a,b\r\n1,2\n", .mixed), ("a,b", .none),
      ("a,b\n\"x\r\ny\",2\n", .lf),
      ("a,b\n1,2\r\n3,4\r\n", .mixed), ("a,b\r1,2\n", .mixed),
    ] as [(String, Dialect.Newline)])
  func newlines(text: String, expected: Dialect.Newline) throws {
    #expect(try ReadTable(text).findings.dialect.newline == expected)
  }

  @Test("A CRLF that the sample's end cuts in two is no lone CR", arguments: [-2, -1, 0, 1])
  func cutLineEnd(shift: Int) throws {
    // The header's line ends around the last byte of what the detector looks at.
    let name = String(repeating: "n", count: DialectDetector.sampleBytes - 4 + shift)
    var limits = Limits()
    limits.headerNameBytes = 1 << 20
    let table = try ReadTable("a,\(name)\r\n1,2\r\n3,4\r\n", limits: limits)
    #expect(table.rowCount == 2)
    #expect(table.findings.dialect.newline == .crlf)
  }

  @Test("A byte order mark is no part of the first name")
  func byteOrderMark() throws {
    let table = try ReadTable("\u{FEFF}id,n\n1,2\n")
    #expect(table.names == ["id", "n"])
    #expect(table.findings.dialect.hasByteOrderMark)
    #expect(try ReadTable("\u{FEFF}\"id\",n\n1,2\n").names == ["id", "n"])
    #expect(try ReadTable("\u{FEFF}\u{FEFF}id,n\n1,2\n").names == ["id", "n"])
  }

  @Test("A Ctrl-Z as the last byte ends the text, and one before it refuses it")
  func endMark() throws {
    let table = try ReadTable("id,n\n1,2\n\u{1A}")
    #expect(table.texts == [["1", "2"]])
    #expect(throws: Rejection.self) { try ReadTable("id,n\n1,2\u{1A}\n") }
    #expect(throws: Rejection.self) { try ReadTable("id,n\n1,2\n\u{1A}\u{1A}") }
  }

  /// Headers and the columns that they name.
  static let namedColumns: [(String, [String])] = [
    ("a,b", ["a", "b"]), (" a ,\tb", ["a", "b"]), ("a,a", ["a", "a_2"]), ("a,a,a_2", ["a", "a_3", "a_2"]),
    ("a,,c", ["a", "column_2", "c"]),
    (",column_1", ["column_1_2", "column_1"]), ("a,a,a,a", ["a", "a_2", "a_3", "a_4"]),
    ("\"a,b\",\"c\"\"d\"", ["a,b", "c\"d"]),
    ("cafe\u{301},caf\u{E9}", ["caf\u{E9}", "caf\u{E9}_2"]), ("\u{A0}a\u{A0},b", ["a", "b"]),
    ("\"\",b", ["column_1", "b"]), ("A,a", ["A", "a"]),
    ("column_2,", ["column_2", "column_2_2"]), ("_extra,b", ["_extra", "b"]), ("a_2,a,a", ["a_2", "a", "a_3"]),
    ("=x,@y", ["=x", "@y"]),
  ]

  @Test("Names are trimmed, in form C, never empty and never twice", arguments: namedColumns)
  func names(header: String, expected: [String]) throws {
    let row = expected.map { _ in "x" }.joined(separator: ",")
    let table = try ReadTable("\(header)\n\(row)\n", ReadOptions(header: .always))
    #expect(table.names == expected)
    #expect(zip(table.names, expected).allSatisfy { $0.utf8.elementsEqual($1.utf8) })
  }

  @Test("C34 A thousand equal names take linear time, and all differ")
  func manyNames() throws {
    let header = [String](repeating: "n", count: 2000).joined(separator: ",")
    let table = try ReadTable("\(header)\n1\n", ReadOptions(header: .always))
    #expect(Set(table.names).count == 2000)
  }

  @Test(
    "C27 A name past its cap is named, also where form C lengthens it",
    arguments: [
      (String(repeating: "n", count: 1024), true), (String(repeating: "n", count: 1025), false),
      (String(repeating: "\u{958}", count: 170), true), (String(repeating: "\u{958}", count: 341), false),
    ])
  func longNames(name: String, passes: Bool) throws {
    let refused = try rejection(of: "id,\(name)\n1,2\n")
    #expect(refused?.code == (passes ? nil : .headerNameTooLong))
    #expect(passes || refused?.column == 2 && refused?.line == 1 && refused?.byteOffset == 3)
  }
}
