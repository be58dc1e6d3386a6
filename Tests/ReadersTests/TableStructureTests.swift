// SPDX-License-Identifier: Apache-2.0

import Testing
import Validation
import WorkerProtocol

@testable import Readers

/// What stands around a table: rows above, notes below, further tables, rows of the header.
struct Shape: Equatable, Sendable {
  var above: UInt64 = 0
  var below: UInt64 = 0
  var tables = 0
  var header: UInt8 = 1
  var rows = 0
}

extension Shape {
  init(of table: ReadTable) {
    let dialect = table.findings.dialect
    self.init(
      above: dialect.preambleRows, below: dialect.footnoteRows, tables: max(0, dialect.tables.count - 1),
      header: dialect.headerRows, rows: table.rowCount)
  }
}

@Suite("Structure of delimited text")
struct TableStructureTests {
  private static let body = "x,y,z\n1,2,3\n4,5,6\n7,8,9\n"

  /// Records of numbers.
  private static func even(_ records: Int, _ width: Int = 3) -> String {
    (0..<records).map { row in (0..<width).map { String(row * 7 + $0) }.joined(separator: ",") + "\n" }.joined()
  }

  static let cases: [(String, Shape)] = [
    (body, Shape(rows: 3)),
    // Above the table
    ("Title\n" + body, Shape(above: 1, rows: 3)), ("Title\n\n" + body, Shape(above: 2, rows: 3)),
    ("Title,,\n,,\n" + body, Shape(above: 2, rows: 3)), ("\"Title\",\"\",\"\"\n" + body, Shape(above: 1, rows: 3)),
    ("A\nB\nC\nD\nE\n" + body, Shape(above: 5, rows: 3)),
    ("Report of a, b, c and d\n" + body, Shape(above: 1, rows: 3)),
    ("Source: us\nDate: 2024-01-01\n\n" + body, Shape(above: 3, rows: 3)),
    ("Source:,us\nDate:,2024\n\nw,x,y,z\n1,2,3,4\n5,6,7,8\n", Shape(above: 3, rows: 2)),
    ("k,v\na,1\nb,2\n\na,b,c,d\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n", Shape(tables: 1, rows: 2)),
    ("k,v\nl,w\n\na,b,c,d\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n", Shape(above: 3, rows: 4)),
    ("# made today\n# by us\n" + body, Shape(above: 2, rows: 3)), ("\n\n" + body, Shape(rows: 3)),
    ("Station,N\nHeight,3\n\nw,x,y,z\n1,2,3,4\n5,6,7,8\n", Shape(above: 3, rows: 2)),
    ("Name,J,,\nNumber,x1,,\nw,x,y,z\n1,2,3,4\n5,6,7,8\n", Shape(above: 2, rows: 2)),
    (",Report,,\n,Start:,5,\n,,,\n,x,y,z\n,1,2,3\n,4,5,6\n", Shape(above: 3, rows: 2)),
    ("A,B\nC,D\nx,y,z\n" + even(6), Shape(above: 2, rows: 6)),
    ("EX,7,2,,\nv,w,x,y,z\n1,2,3,4,5\n5,6,7,8,9\n", Shape(above: 1, rows: 2)),
    ("P;1;x;y;z\na;b;c\n1;2;3\n4;5;6\n", Shape(above: 1, rows: 2)),
    ("A,w\nDate,2024-01-01\nx,y\n" + even(9, 2), Shape(above: 2, rows: 9)),
    ("A,w\nB,w\nC,w\nDATA\n" + even(9, 2), Shape(above: 4, header: 0, rows: 9)),
    ("[A]\nDate,1\nFlow,x\n\n[B]\nx,y,z\n" + even(9), Shape(above: 5, rows: 9)),
    ("On this, and that, and more.\nOn that, too.\n\n" + body, Shape(above: 3, rows: 3)),
    ("Report,two\nu,v,w,x,y\na,b,c,d,e\nf,g,h,i,j\nk,l,m,n,o\np,q,r,s,t\nk,o,m,n,o\n", Shape(above: 1, rows: 5)),
    ("Account,12\nHolder,Ann\nFrom:,x\n\nday,text,sum\na,b,5\n", Shape(above: 4, rows: 1)),
    ("Ann,3\nBob,4\nEve,5\n\nyear,pop,sum\n2001,5,6\n2002,6,7\n", Shape(tables: 1, header: 0, rows: 3)),
    ("A:,x\nB:,y\nC:,z\nt,v\n10:00:01,5\n10:00:02,6\n", Shape(above: 3, rows: 2)),
    ("A:,x\nB:,y\nC:,z\nD:,x\nday,text,sum\na,b,5\n", Shape(above: 4, rows: 1)),
    ("A:,x\nB:,y\n\nC:,z\nD:,u\n\nday,text,sum\na,b,5\nc,d,6\n", Shape(above: 6, rows: 2)),
    (
      "Bank,,\nName,,x\n*****,*****,*****\nday,text,sum\n*****,*****,*****\na,b,5\nc,d,6\n",
      Shape(above: 3, header: 2, rows: 2)
    ),
    ("# a, b, c\n# d, e, f\n1,2,3\n4,5,6\n7,8,9\n", Shape(above: 2, header: 0, rows: 3)),
    // A short first record, a header apart from its rows, and a text that is no title
    ("x,y\n1,2,3\n4,5,6\n", Shape(rows: 2)), ("x,y,z\n\n1,2,3\n4,5,6\n", Shape(rows: 2)),
    ("7\n1,2,3\n4,5,6\n", Shape(header: 0, rows: 3)),
    // A line that tells a spreadsheet what parts the cells, and cells that only look like one
    ("sep=;\nid;name\na;b\nc;d\n", Shape(above: 1, rows: 2)), ("SEP=,\nx,y,z\n1,2,3\n", Shape(above: 1, rows: 1)),
    ("\"sep=|\"\nid|name\na|b\nc|d\n", Shape(above: 1, rows: 2)),
    ("sep=;\nname\na\nb\nc\n", Shape(above: 1, rows: 3)), ("sep=;\nx,y\n1,2\n3,4\n", Shape(above: 1, rows: 2)),
    ("sep=;\n\nid;name\na;b\nc;d\n", Shape(above: 1, rows: 2)), ("sep=;\n", Shape(rows: 0)),
    ("sep=x,b\n1,2\n3,4\n", Shape(rows: 2)),
    // Below the table
    ("x,y\na,1\nb,2\n\nNote: own figures, rounded\nSource: Office\n", Shape(below: 2, rows: 2)),
    ("x,y\na,1\nb,2\n\nNorth: own figures, rounded\n", Shape(rows: 3)),
    ("x,y\na,1\nb,2\n\n* all others, 5\n", Shape(rows: 3)),
    ("x,y\na,b\nc,d\n\nNote on a, part one\n", Shape(rows: 3)),
    (body + "Source: own survey.\n", Shape(below: 1, rows: 3)),
    (body + "\nSource: own survey.\n* more\n", Shape(below: 2, rows: 3)),
    (body + ",,\n,,\nLast updated: today,,\n", Shape(below: 3, rows: 3)), (body + ",,\n,,\n", Shape(below: 2, rows: 3)),
    (body + ",,\n", Shape(rows: 4)),
    (body + "* preliminary,,\n", Shape(below: 1, rows: 3)), (body + "* p < x, ** q < y\n", Shape(below: 1, rows: 3)),
    (body + "* all, 5\n", Shape(rows: 4)),
    (body + "\n\nThe end\n\nof it all\n", Shape(below: 2, rows: 3)),
    (body + "____\nAll figures are own ones.\n", Shape(below: 2, rows: 3)),
    (body + "Quelle: Amt;,,\n", Shape(below: 1, rows: 3)),
    // Nor is a row with other delimiters, or a word that starts like one for a note
    (body + "4;5;6\n", Shape(rows: 4)), ("x,y\nu v,2\na,3\nBronx\n", Shape(rows: 3)),
    // Neither a total nor a short row is a note
    (body + "Total,,18\n", Shape(rows: 4)), (body + "10\n", Shape(rows: 4)), (body + "Sum\n", Shape(rows: 4)),
    ("name,a,b\nx,1,2\ny here\nz,3,4\nu there\n", Shape(rows: 4)),
    // Further tables
    (body + "\nk,v\na,1\nb,2\n", Shape(tables: 1, rows: 3)), (body + "\nx,y,z\n1,2,3\n", Shape(tables: 1, rows: 3)),
    (body + "\np,q,r\n1,2,3\n4,5,6\n", Shape(tables: 1, rows: 3)),
    (body + "\nSecond\n\nk,v\na,1\nb,2\n\nj,k,l,m\n1,2,3,4\n5,6,7,8\n", Shape(tables: 2, rows: 3)),
    // A blank line within a table, and ragged rows, are no further table
    ("x,y,z\n1,2,3\n\n4,5,6\n7,8,9\n", Shape(rows: 3)), ("x,y,z\n1,2,3\n4,5\n6,7\n8,9,10\n", Shape(rows: 4)),
    ("x,y,z\n1,2,3\n4,5,6\n\n7,8\n9,10\n", Shape(rows: 4)),
    // Rows of a header
    (",2019,,2020,\nplace,a,b,a,b\nx,1,2,3,4\ny,5,6,7,8\n", Shape(header: 2, rows: 2)),
    ("time,speed,mass\ns,m/s,kg\n1,2,3\n4,5,6\n", Shape(header: 2, rows: 2)),
    ("Site,Measured,\nplace,speed,mass\nname,m/s,kg\nx,2,3\ny,5,6\n", Shape(header: 3, rows: 2)),
    ("d,t,x,y\n,,°C,%\n2024-01-01,10:00,1,2\n2024-01-02,10:00,1,2\n", Shape(header: 2, rows: 2)),
    ("name,q\n[n],[u]\na,1\nb,2\n", Shape(header: 2, rows: 2)),
    ("c,2019,2020\nn,p,p\nx,1,2\ny,3,4\n", Shape(header: 2, rows: 2)),
    ("n,q,r\nBob,absent,\nAl,1,2\nEve,3,4\n", Shape(rows: 3)), ("a,b,c\nx,y\n1,2,3\n1,2,3\n", Shape(rows: 3)),
    ("1,2,3\n", Shape(header: 0, rows: 1)), (",1,2,3,4,5\nA,9,7,4,6,9\nB,8,3,4,1,1\n", Shape(rows: 2)),
    ("x,y\n1,a\n2,b\nx,y\n3,a\n4,c\n", Shape(rows: 5)),
    ("x|y\n---|:--:\n1|a\n2|b\n", Shape(header: 2, rows: 2)), ("x;y\n====;====\na;b\n", Shape(header: 2, rows: 1)),
    ("x,y\n---,---\na,b\n", Shape(rows: 2)), ("x,y\n***,***\na,5\n", Shape(rows: 2)),
    ("x;y\na;5\nb;6\n----;----\nc;11\n====;====\n", Shape(rows: 5)),
    ("x;y\n----;----\na;5\n----;----\nc;6\n", Shape(header: 2, rows: 3)), ("x\n---\na\n", Shape(rows: 2)),
    (";Men;Men\n;2020;2021\n2001;15;26\n2002;37;48\n", Shape(header: 2, rows: 2)),
    ("n,from,to\nA,20-May-2024,13-Dec-2024\nB,26-Oct-2024,19-Mar-2024\nC,16-Mar-2024,27-Dec-2024\n", Shape(rows: 3)),
    ("city,rent,cost\nMunich,1850,2150\nUlm,640,820\nBonn,700,850\n", Shape(rows: 3)),
    ("name;sum;\nBerlin;2000;\nUlm;1500;\nBonn;700;\n", Shape(rows: 3)),
    ("time,temp,hum\n(s),(°C),(%)\n0.5,6.0,6.9\n1.5,6.1,7.0\n", Shape(header: 2, rows: 2)),
    (",,pass,pass,rush,rush\nrk,name,a,y,a,y\n1,Lee,4,39,3,2\n2,Ray,5,37,1,9\n", Shape(header: 2, rows: 2)),
    ("sort,Jan 2024,Feb 2024\n,persons,persons\nA,1.5,2.5\nB,3.5,4.5\n", Shape(header: 2, rows: 2)),
    ("name,age\nBob,unknown\nAl,5\nEve,6\n", Shape(rows: 3)), ("a,b,c\nNA,n/a,null\n1,2,3\n4,5,6\n", Shape(rows: 3)),
    ("1,2,3\n4,5,6\n", Shape(header: 0, rows: 2)),
    // Another table right below, of another width or with the header once more; texts and numbers that are none
    ("d,n,t\n2024-01-01,2,a\nd,n\n2024-01-02,3\n", Shape(tables: 1, rows: 1)),
    ("d,n\n2024-01-01,2\nd,n,t\n2024-01-02,3,a\n", Shape(tables: 1, rows: 1)),
    ("d,n\n2024-01-01,2\n\"d\",\"n\"\n2024-01-02,3\n", Shape(tables: 1, rows: 1)),
    ("a,b\nc,d\na,b\ne,f\n", Shape(rows: 3)), ("n,t,u\n1,a,b\n2,c\n3,d\n", Shape(rows: 3)),
    ("id,who\n1,Ann\n,\nid,what\n2,Cup\n", Shape(below: 1, tables: 1, rows: 1)),
    ("p,q\nA,5\nB,6\nC,7\n\n,01,02,03,04,05\nA,.1,.5,.2,.4,.3\nB,.2,.4,.1,.3,.5\n", Shape(tables: 1, rows: 3)),
    // Forms above a table, and names that end in a colon
    (
      "Name,Ann\nClub,Reds\nTown,Rome\n\nday,km,min\n2024-01-01,5,30\n2024-01-02,6,33\n2024-01-03,6,34\n2024-01-04,6,33\n",
      Shape(above: 4, header: 1, rows: 4)
    ),
    (
      "Site,North,\nOperator,Ann,\nDevice,X1,\n,,\ntime,temp,hum\n10:00,5.5,40\n11:00,5.6,41\n12:00,5.7,41\n13:00,5.8,42\n",
      Shape(above: 4, header: 1, rows: 4)
    ),
    (
      "Site,North\nDevice,X1\n\ntime,temp\n10:00,5.5\n10:00,5.5\n10:00,5.5\n10:00,5.5\n10:00,5.5\n10:00,5.5\n10:00,5.5\n10:00,5.5\n",
      Shape(above: 3, header: 1, rows: 8)
    ),
    ("Time:,Ch 1,Ch 2\n[s],[V],[V]\n0.0,5.1,1.2\n0.1,5.2,1.3\n", Shape(above: 0, header: 2, rows: 2)),
    ("Region:,North,,South,\nShop,in,out,in,out\nx,1,2,3,4\ny,5,6,7,8\n", Shape(above: 0, header: 2, rows: 2)),
    // Header rows with gaps
    ("d,t,,s\n,air,rail,\n2024-01-01,,5,5\n2024-01-02,,6,6\n", Shape(header: 2, rows: 2)),
    ("k,t,,s\n,a,r,\nx,1,2,3\ny,4,5,9\nz,5,7,12\n,,Sum,24\n", Shape(header: 2, rows: 4)),
    ("k,2013-14,2012-13\n,all,all\nx,672,641\ny,119,115\n", Shape(header: 2, rows: 2)),
    ("k,2013,2012\n,all,all\nx,672,641\ny,119,115\n", Shape(header: 2, rows: 2)),
    ("k,f,t,l\n,,all,all\n,,,new\nx,6,7,8\ny,1,2,3\n", Shape(header: 3, rows: 2)),
    (",,G,F\nnr,name,,\n1,x,208,173\n2,y,7,55\n", Shape(header: 2, rows: 2)),
    ("d,p,t,,s\n,,,,\n,,air,rail,\n2024-01-01,x,1,2,3\n2024-01-02,y,1,3,4\n", Shape(header: 3, rows: 2)),
    // Keys, titles and comments above short tables; notes of two cells, and a sentence in a padded line
    ("Made by,Ann\nid,text,day\n1,x,2024-01-01\n2,y,2024-01-02\n", Shape(above: 1, rows: 2)),
    ("Made:,1,,,\nBy:,Sam,Bo,,\nv,w,x,y,z\na,1,2,b,3\nc,4,5,d,6\n", Shape(above: 2, rows: 2)),
    ("# a\n# b\n# c\n# d\nx,y,z\n1,2,3\n3,4,5\n", Shape(above: 4, rows: 2)),
    ("A: x\nB: y\nC: z\nD: u\nE: v\nx,y,z\na,2,3.5\nb,4,5.5\n", Shape(above: 5, rows: 2)),
    ("T;;;;\nC:;EUR;;;\n;;;;\nK:;all;;;\nF:;2024;;;\n;;;;\nd;v;t;s;b\n2024-01-01;5;a;1;2\n", Shape(above: 6, rows: 1)),
    (body + "\nSource:,us\n", Shape(below: 1, rows: 3)),
    ("k,n,m\na,1,2\nb,2,3\n\nNotes\n1.,Not the islands.\n", Shape(below: 2, rows: 2)),
    // What sums up the rows behind a blank line fits no column; a legend stands below a title
    (balances + "\nOpening Balance,100.00,,,\nClosing Balance,396.50,,,\n", Shape(below: 2, rows: 4)),
    (body + "\nTotal,5\n", Shape(rows: 4)),
    (yearly + "\nSymbols:\n..,not available\nx,suppressed\n\nNotes:\n1,Estimated.\n", Shape(below: 5, rows: 4)),
    // Names behind a mark of comment
    ("# x y z\n1.0 2.0 3.0\n4.0 5.0 6.0\n", Shape(rows: 2)), ("#  day  n\n 1   5\n 12  7\n", Shape(rows: 2)),
    ("# made now by us\n# mass = 5 kg\n# x y\n1 2\n3 4\n", Shape(above: 2, rows: 2)),
    ("#\tx\ty\n1\t2\n3\t4\n", Shape(rows: 2)),
    (
      "#Version: 1.0\n#Fields: date time cs-uri sc\n2024-01-05 10:01:07 /a 200\n2024-01-05 10:02:07 /b 200\n2024-01-05 10:03:07 /c 404\n2024-01-05 10:04:07 /d 200\n#Fields: date time cs-uri sc\n2024-01-05 10:05:07 /e 200\n",
      Shape(above: 1, rows: 5)
    ),
    (
      "#path\tconn\n#fields\tts\tuid\n#types\ttime\tstring\n1.5\tCa\n2.5\tCb\n3.5\tCc\n4.5\tCd\n#close\tnow\n",
      Shape(above: 1, rows: 4)
    ),
    // What says that the data follow, and keys with their values in one cell
    (
      "Writer\t2\nDate\t2024/01/05\n***End_of_Header***\t\nX\tV\n0.5\t1.1\n0.6\t1.2\n0.8\t1.3\n",
      Shape(above: 3, rows: 3)
    ),
    (
      "User: A;Path: C:\\D;Test: 65\nName: ABS;Date: 05.01.2024;Time: 10:11\nAbsorbance;Shown as OD\n\nWell;Content;Raw (600)\nA01;Sample X1;0,123\nA02;Sample X2;0,133\nA03;Blank B;0,043\n",
      Shape(above: 4, rows: 3)
    ),
    (
      "  ID NAME  PRICE\n---- ---- ------\n   1 pear   1.50\n   2 fig    2.50\n\n2 rows selected.\n",
      Shape(below: 1, header: 2, rows: 2)
    ),
    (
      "Model,T1\nFirmware,1.03\n,\nFormat,Y,\nUnits,S,\nScale,0.001,\nLength,2500,\nLabel,,\nTIME,CH1,Peak\n"
        + (1...12).map { "-0.00\($0),0.\($0),\n" }.joined(), Shape(above: 8, rows: 12)
    ),
    (
      "[Header]\nVersion,4\n[Reads]\n151\n151\n[Data]\nID,Name,Index,Project\nS1,a,TAAG,P\nS2,b,CGTA,P\nS3,c,AGGC,P\n",
      Shape(above: 6, rows: 3)
    ),
    // Rules of dashes, and frames
    ("id,name,price\n--,----,-----\n1,pear,1.5\n2,fig,2.5\n", Shape(header: 2, rows: 2)),
    (
      "+----+------+\n| id | name |\n+----+------+\n|  1 | pear |\n|  2 | fig  |\n|  3 | plum |\n+----+------+\n3 rows in set (0.00 sec)\n",
      Shape(above: 1, below: 2, header: 2, rows: 3)
    ),
    // Answers below their question
    (
      "ID,Form,Day,Which?,,,Else?\n,,,Mail,Phone,Chat,Open answer\n1,7,2024-01-05,Mail,,Chat,\n2,7,2024-01-06,,Phone,,x\n",
      Shape(header: 2, rows: 2)
    ),
    // A key with a moment above a blank line is no header
    (
      "Read on;05/01/2026 10:11\n\nKind of value;Use\nDay;Low (kWh);High (kWh)\n2026-01-01;1,5;5,1\n2026-01-02;1,2;5,4\n2026-01-03;1,4;6,0\n",
      Shape(above: 3, rows: 3)
    ),
  ]

  private static let balances =
    "Date,Description,Debit,Credit,Balance\n2024-03-01,Coffee,3.50,,96.50\n2024-03-02,Pay,,1000.00,1096.50\n2024-03-03,Rent,700.00,,396.50\n2024-03-04,Tea,2.00,,394.50\n"
  private static let yearly =
    "Place,2021,2022,2023\nCanada,382,389,400\nOntario,148,151,156\nQuebec,86,87,89\nYukon,4,4,4\n"

  @Test("What stands around the table is set aside, and nothing else", arguments: cases)
  func structure(text: String, expected: Shape) throws {
    let table = try ReadTable(text)
    #expect(Shape(of: table) == expected)
    #expect(table.findings.records - table.findings.setAside == UInt64(table.rowCount))
    let verbatim = try ReadTable(text, ReadOptions(isVerbatim: true))
    #expect(verbatim.findings.records == table.findings.records)
    #expect(verbatim.findings.records - verbatim.findings.setAside == UInt64(verbatim.rowCount))
  }

  @Test("Lines of delimiters alone at the end are rows for a schema and in strict reading")
  func keptPadding() throws {
    let text = Self.body + ",,\n,,\n"
    var asked = ReadOptions()
    asked.cells.rules = [CellOptions.Rule(name: "x", type: .int64)]
    #expect(try ReadTable(text, asked).rowCount == 5)
    var strict = ReadOptions()
    strict.isStrict = true
    #expect(try ReadTable(text, strict).rowCount == 5)
  }

  @Test("The same structure is found whatever ends the lines", arguments: ["\r\n", "\r"])
  func lineEnds(end: String) throws {
    for (text, expected) in Self.cases {
      let table = try ReadTable(text.replacing("\n", with: end))
      #expect(table.rowCount == expected.rows, "\(text)")
      #expect(table.findings.dialect.headerRows == expected.header)
    }
  }

  @Test("What a line says of the delimiter holds where it makes a table")
  func namedDelimiter() throws {
    // By the cells alone a comma would do as well.
    let dialect = try ReadTable("sep=;\nx;y,z\na;b,c\nd;e,f\n").findings.dialect
    #expect(dialect.delimiter == ";" && dialect.confidence == 1000)
    #expect(dialect.reasons.first == "the first line names the delimiter")
    // Nor do more forms of another delimiter crowd it out.
    let crowded = #"sep=;"# + "\nx;y, z, u\n" + String(repeating: #"a;b, "c", 'd', \"e"# + "\n", count: 9)
    #expect(try ReadTable(crowded).findings.dialect.delimiter == ";")
    #expect(try ReadTable("sep=;\nx,y\n1,2\n3,4\n").findings.dialect.delimiter == ",")
    // What the sender states counts more.
    var options = ReadOptions()
    try options.dialect.set(.delimiter, to: ",")
    let stated = try ReadTable("sep=;\nx;y,z\na;b,c\nd;e,f\n", options)
    #expect(stated.findings.dialect.delimiter == "," && stated.names == ["x;y", "z"])
    var skipping = ReadOptions()
    try skipping.dialect.set(.skipRows, to: "0")
    let all = try ReadTable("sep=;\nx;y\na;b\n", skipping)
    #expect(all.findings.dialect.preambleRows == 0 && all.findings.records == 3)
  }

  @Test(
    "A line that names the delimiter does not shorten what is looked at for a further table",
    arguments: [-8, -1, 0, 1, 8])
  func namedDelimiterAtSampleEnd(shift: Int) throws {
    let row = "ab;cd\n"
    let count = (DialectDetector.sampleBytes + shift) / row.utf8.count
    let body = "x;y\n" + String(repeating: row, count: count) + "\nk;v;w\na;1;2\nb;3;4\n"
    let (plain, named) = (try ReadTable(body), try ReadTable("sep=;\n" + body))
    #expect(named.rowCount == plain.rowCount && named.rowCount == count)
    #expect(named.findings.dialect.tables.count == plain.findings.dialect.tables.count)
  }

  @Test("Names above span the empty cells beside them, and are joined with a blank")
  func names() throws {
    #expect(
      try ReadTable(",2019,,2020,\nplace,a,b,a,b\nx,1,2,3,4\ny,5,6,7,8\n").names == [
        "place", "2019 a", "2019 b", "2020 a", "2020 b",
      ])
    #expect(try ReadTable("time,speed\ns,m/s\n1,2\n4,5\n").names == ["time s", "speed m/s"])
  }

  /// Texts and the names of their columns.
  static let frames: [(String, [String])] = [
    ("\"n\" \"x\"\n\"1\" \"Ann\" 2.5\n\"2\" \"Bob\" 3.5\n", ["column_1", "n", "x"]),
    ("\"n\",\"t\"\n\"1\",\"a\",\"b\"\n\"2\",\"c\",\"d\"\n", ["column_1", "n", "t"]),
    ("s1\ts2\ts3\nG1\t1\t2\t3\nG2\t4\t5\t6\n", ["column_1", "s1", "s2", "s3"]),
    // A name may be missing at the end, and a delimiter between two names
    ("a,b,c\n1,2,3,4\n2,3,4,5\n", ["a", "b", "c", "column_4"]), ("a,b,c\n1,2,3,\n4,5,6,\n", ["a", "b", "c"]),
    ("\"a\",\"b\"\n\"x\",\"y\",\"z\"\n\"u\",\"v\",\"w\"\n", ["a", "b", "column_3"]),
    ("\"a\",\"b\"\"c\"\n\"x\",\"y\",1\n\"u\",\"v\",2\n", ["a", "b\"c", "column_3"]),
    ("\"n\",\"x\"\n\"A\",5,\n\"B\",6,\n", ["n", "x"]),
    ("s1\ts2\ts3\nG\t1\t2\t3\nG\t4\t5\t6\n", ["s1", "s2", "s3", "column_4"]),
  ]

  @Test("A header that lacks only the name of the rows' names is that of the other columns", arguments: frames)
  func rowNames(text: String, expected: [String]) throws { #expect(try ReadTable(text).names == expected) }

  @Test("Names stay where they are in strict reading, and a rule is a name where the sender says that it is one")
  func statedNames() throws {
    var strict = ReadOptions()
    strict.isStrict = true
    strict.maxRejects = 9
    #expect(try ReadTable("\"n\",\"x\"\n\"1\",\"Ann\",2\n\"2\",\"Bob\",3\n", strict).names == ["n", "x"])
    var stated = ReadOptions()
    try stated.dialect.set(.skipRows, to: "0")
    try stated.dialect.set(.headerRows, to: "1")
    #expect(try ReadTable("----;====\n1;2\n3;4\n", stated).names == ["----", "===="])
  }

  @Test("Blanks that align columns are one delimiter each, and a cell that is missing between single ones stays")
  func alignedBlanks() throws {
    let table = try ReadTable("   n    x    y  \n   1  0.5 -5.0\n  10 10.5  7.0\n   \n 100  2.5  \"a b\"  \n")
    #expect(table.names == ["n", "x", "y"])
    #expect(table.texts == [["1", "0.5", "-5.0"], ["10", "10.5", "7.0"], ["100", "2.5", "a b"]])
    let single = try ReadTable("a b c\n1 2 3\n4  6\n7 8 9\n5 6 7\n")
    #expect(single.texts[1][0] == "4" && single.texts[1][2] == "6")
  }

  @Test("Lines that are set aside are kept with their numbers, and the count is exact")
  func lines() throws {
    let notes = (1...30).map { "Note \($0) on it\n" }.joined()
    let rows = String(repeating: "1,2,3\n", count: 200)
    let findings = try ReadTable("Title\n\n" + Self.body + rows + "\n" + notes).findings
    #expect(findings.lines.first == SetAsideLine(.preamble, line: 1, text: "Title"))
    #expect(findings.lines.count == 1 + SetAsideLine.mostEachSide)
    #expect(findings.lines.last == SetAsideLine(.footnote, line: 227, text: "Note 20 on it"))
    #expect(findings.dialect.footnoteRows == 30)
    let long = try ReadTable(String(repeating: "é", count: 300) + "\n" + Self.body).findings
    #expect(long.lines.map(\.text.utf8.count) == [SetAsideLine.longestText])
  }

  @Test("What is set aside is bounded like what is read")
  func capsOutside() throws {
    let table = String(repeating: "1,2,3\n", count: 50)
    var limits = Limits()
    limits.columns = 8
    #expect(try rejection(of: "Title\n" + table + "\nNote: it ends\n", limits: limits) == nil)
    let wide = try rejection(
      of: "x,y,z\n" + table + "\nk,v\na,1\nb,2\n" + String(repeating: ",", count: 8), limits: limits)
    #expect(wide?.code == .tooManyColumns)
  }

  @Test("Notes at the end of a text that is longer than the sample are found")
  func longText() throws {
    let rows = (0..<90_000).map { "\($0),abcdef,1.5\n" }.joined()
    let table = try ReadTable("n,text,x\n" + rows + "\nSource: own survey.\n", ReadOptions(isVerbatim: true))
    #expect(table.rowCount == 90_001)
    #expect(table.findings.dialect.footnoteRows == 1)
    #expect(table.findings.lines.map(\.line) == [90_003])
  }

  @Test("Comments within a table are skipped and counted, and colours are none")
  func comments() throws {
    let table = try ReadTable("a,b\n1,2\n# a note, and more, here\n3,4\n5,6\n")
    #expect(table.rowCount == 3)
    #expect(table.findings.dialect.comment == "#")
    #expect(table.note(.commentLines)?.count == 1)
    #expect(table.note(.commentLines)?.line == 3)
    let row = try ReadTable("a,b\nx,2\n# of rooms, 500\ny,4\nz,6\n")
    #expect(row.rowCount == 4 && row.findings.dialect.comment == nil)
    let texts = try ReadTable(
      "flag,meaning\n-- help, show help\n-- all, show all\n-v,verbose\n-q,quiet\nFILE,the file\n")
    #expect(texts.rowCount == 5)
    #expect(try ReadTable("#one\n#two\napple\npear\nplum\nfig\n").findings.dialect.comment == nil)
    let colours = try ReadTable("hex,n\n#ff0000,1\n#00ff00,2\nblue,3\ngrey,4\n")
    #expect(colours.rowCount == 4 && colours.findings.dialect.comment == nil)
    let header = try ReadTable("# made today\n#id,n,m\n1,2,3\n4,5,6\n")
    #expect(header.names == ["#id", "n", "m"])
    #expect(header.findings.dialect.preambleRows == 1)
  }
}
