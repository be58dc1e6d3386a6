// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Readers

@Suite("Texts that are one table")
struct WholeTableTests {
  /// Texts in which a row or the header looks like something that stands around a table.
  static let whole: [(String, Shape)] = [
    ("\"tags\"\n\"red\"\n\"blue\",\"green\"\n\"red\"\n", Shape(rows: 3)),
    ("date,item,price\n2024-02-21,Pen,3\nRepair of the kitchen sink and the tap in the bath,,\n", Shape(rows: 2)),
    ("date,km\n2024-01-01,5\n2024-01-02,6\nSunday,rest,new shoes\n2024-01-04,7,ok\n2024-01-05,8,ok\n", Shape(rows: 5)),
    ("rank,points,name\n1,5,Ann\n2,6,Bob\n\n3.,Cid Moe\n", Shape(rows: 3)),
    ("team,captain,points\nReds,Ann,9\nBlues,Bob,8\n\nGuest:,Cid,\nLate:,Dee,\n", Shape(rows: 4)),
    ("name,,qty,\n,Chair,,used\nAnn,Table,3,new\nBob,Lamp,4,old\n", Shape(rows: 3)),
    ("name,role,city\n\nAnn,product,Rome\nBob,design,Oslo\nCid,sales,Bern\n", Shape(rows: 3)),
    ("Ann,Reds,Rome\n\nBob,Team,Oslo\nCid,Reds,Bern\n", Shape(header: 0, rows: 3)),
    ("name,dept,phone\nAnn,Sales,123\nBob,Sales,124\n\nCid,Data\nDee,Design\n", Shape(rows: 4)),
    ("name,dept,phone\nAnn,Sales,123\nBob,Sales,124\n\nFreelancers,,\nCid,Data,\nDee,Design,\n", Shape(rows: 5)),
    (
      "item,unit,price,note\nmilk,l,1.5,fresh\noil,l,5.5,new\n\nServices,,,\nAdvice,on request,,\nSetup,50,,\nRepair,70,,\n",
      Shape(rows: 6)
    ),
    ("animal,sound\ncat,meow,home,day\nowl,hoot,wood,night\nfox,bark,wood,night\n", Shape(rows: 3)),
    ("column,type\nid,integer,primary key,x\nname,text,not null,y\n", Shape(rows: 2)),
    ("age,18,65\nincome,1000,5000\nheight,150,200\n", Shape(header: 0, rows: 3)),
    ("time,812,1597\npeople,700,1203\nwater,502,990\nhouse,310,555\n", Shape(header: 0, rows: 4)),
    ("player,2022/23,2023/24,2024/25\nAnn,injured,injured,injured\nBob,5,6,7\nCid,6,7,8\n", Shape(rows: 3)),
    ("city,2023,2022\nRome,closed,closed\nOslo,3,4\nBern,5,6\n", Shape(rows: 3)),
    ("city,2020,note,2021\nRome,closed,,closed\nOslo,3,x,4\nBern,5,y,6\n", Shape(rows: 3)),
    ("no,item,,price\n,shipping,by post,free\n1,chair,red,59\n2,table,blue,199\n3,lamp,green,19\n", Shape(rows: 4)),
    ("no,item,price,\n,shipping,free,\n1,chair,59,\n2,table,199,\n", Shape(rows: 3)),
    ("name,jan,feb\nAnn,sick,sick\nBob,5,6\nCid,6,7\n,n=2,n=2\n", Shape(rows: 4)),
    ("\"Berlin\",\"3,769,495\",\"DE\"\n\"Ulm\",126,\"DE\"\n\"Bonn\",330,\"DE\"\n", Shape(header: 0, rows: 3)),
    ("Employee,2024,2024-01-01,2024-01-02\n", Shape(rows: 0)),
    ("20.0,21.0,22.0,23.0,24.0,25.0\n9.5,8.1,7.7,9.2,6.5,5.5\n9.1,8.3,7.4,9.1,6.2,5.1\n", Shape(header: 0, rows: 3)),
    ("id,name\ntba,Ann,Rome\n2,Bob,Oslo\n3,Cid,Bern\n", Shape(rows: 3)),
    (
      "\"title\",\"author\"\n\"Emma\",\"Austen\",\"1815\"\n\"Dune\",\"Herbert\",\"1965\"\n\"It\",\"King\",\"1986\"\n",
      Shape(rows: 3)
    ),
    (
      "title,author,year\n1984,George Orwell,1949\nAnimal Farm,George Orwell,1945\nThe Long Way to a Small Planet,,\n",
      Shape(rows: 3)
    ),
    ("time,title,speaker\n10:00,A,B\n11:00,C,D\nopen end with drinks and snacks outside,,\n", Shape(rows: 3)),
    ("answer,comment\nyes,good\nno,bad\n,\n,\n,\n", Shape(rows: 5)),
    ("rank,name,score\n1,Ann,50\n2,Bob,49\n#3,Cid,48\n3,Dee,48\n#4,Eve,47,tie\n5,Fay,46\n", Shape(rows: 6)),
    (
      "task,due,owner\nBuy milk,2024-01-01,Ann\nCall the bank about the new card,2024-01-02,Bob\nAsk Bob whether he can come on Friday,,\n",
      Shape(rows: 3)
    ),
    ("product,stock,note\nChair,3,ok\nTable,4,ok\nLamp,sold out\nSofa,2\n", Shape(rows: 4)),
    ("name,age\nAnn,30\nBob,31\nCid,<5,moved\nDee,33,left\n", Shape(rows: 4)),
    (
      "login,ann,10:00\nlogin,bob,10:05\nlogout,ann,10:10\nerror,db,timeout,fatal\npurchase,ann,3,19.99\npurchase,bob,1,5.00\n",
      Shape(header: 0, rows: 6)
    ),
    ("name,role,x\nAnn,boss,a\nBob,clerk,b\ndata,cook\nEve,maid\n", Shape(rows: 4)),
    ("item,qty\nmilk,2\nsalt,some,coarse\ntape,2,7\nnuts,3,8\n", Shape(rows: 4)),
    ("key,value\nname,demo\nport,80\nlimits,low,high\ncpu,1,2\nmem,3,4\n", Shape(rows: 5)),
    (
      "id,name,city,zip\na1,Ann,Rome,n. a.,open\na2,Bob,Oslo,0150,2024-01-01\na3,Cid,Bern,3000,2024-01-02\n",
      Shape(rows: 3)
    ),
    ("word,kind\nday,noun,common\nrun,verb,rare\neat,verb,rare\n", Shape(rows: 3)),
    ("id;name;city\nA-1;Ann;Rom;offen\nA-2;Bob;Oslo;12,5\nA-3;Cid;Bern;13,5\n", Shape(rows: 3)),
    (
      "Monday,Soup\nTuesday,Pasta\nWednesday,Fish\n\nMonday,Rice\nTuesday,Stew\nWednesday,Pie\n",
      Shape(header: 0, rows: 6)
    ),
    ("Name;Ann Lee\nAge;30\nCity;Rome\n\nName;Bob Ray\nAge;31\nCity;Oslo\n", Shape(header: 0, rows: 6)),
    (
      "name,role,phone,email\nAnn,boss,123,ann@x.org\n\nRetired,,,\nCid,clerk,,\nDee,clerk,,\n\nBob,clerk,124,bob@x.org\nEve,cook,125,eve@x.org\n",
      Shape(rows: 6)
    ),
    ("Item,Qty,Price\nBolt,10,0.5\n\nWood,,\nBeam,n/a,\nPlank,n/a,\n", Shape(rows: 4)),
    ("name,score\nAnn,5\nBob,6\n\nCid,absent,sick\nDee,7,ok\nEve,8\nFay,9,ok\n", Shape(rows: 6)),
    ("milk,2\nbread,1,white\n\nchair,4,wood,brown\nlamp,2,steel,grey\n", Shape(header: 0, rows: 4)),
    ("flour,500,g\nsalt\n\nsugar,100,g,white\nbutter,50,g,soft\nmilk,200,ml,warm\n", Shape(header: 0, rows: 5)),
    ("rank,points,name\n1.,100,Ann Lee\n2.,90,Bob Ray\n\n3.,not yet known,\n4.,not yet known,\n", Shape(rows: 4)),
    ("item,price,stock\nChair:,10,3\nTable:,20,4\n\nLamp:,sold out,\nSofa:,sold out,\n", Shape(rows: 4)),
    ("model,year,owner\nMicra,2010,3\nLeaf,2012,4\n\nNote,unknown,\nLegend,unknown,\n", Shape(rows: 4)),
    ("\"a\",\"b\"\n\"x\",\"y\"\n\"\",\"\"\n\"\",\"\"\n", Shape(rows: 3)),
    ("gender,age_group\nm,1\n,\n,\n", Shape(rows: 3)),
    ("q1,q2,q3\nyes,no,yes\n,,\n,,\nno,no,no\n,,\n,,\n", Shape(rows: 6)),
    ("status,ok\ntemp,21.5\nrpm,800\nstatus,ok\ntemp,21.7\nrpm,810\n", Shape(rows: 5)),
    ("city,2022,2023\nRome,closed,closed\nOslo,10,11\nBern,12,12\nTotal,see note,see note\n", Shape(rows: 4)),
    ("id,item,qty,price\n,Chair,sold,gone\n2,Table,3,20\n3,Lamp,4,10\n4,Sofa,5,12\n", Shape(rows: 4)),
    ("no,team,goals,pts\n,Reds,withdrawn,\n2,Blues,3,4\n3,Greens,1,2\n", Shape(rows: 3)),
    ("year,sales,costs\n2013/14,provisional,provisional\n2014,12,13\n2015,14,15\n2016,16,17\n", Shape(rows: 4)),
    ("player,born,debut\nAnn,1990/91,2010/11\nBob,1991,2012\nCid,1992,2013\n", Shape(rows: 3)),
    ("1,34,city\n2,17,village\n3,55,village\n4,12,city\n", Shape(header: 0, rows: 4)),
    ("1,3.5,Berlin,state\n2,8.2,Rome,city\n3,4.5,Oslo,city\n", Shape(header: 0, rows: 3)),
    ("err,20.1,55.2\n21.3,20.3,55.1\n21.4,20.4,55.6\n21.5,20.6,54.7\n", Shape(header: 0, rows: 4)),
    ("time,1597\nyear,1203\npeople,1100\nway,1002\nday,990\n", Shape(header: 0, rows: 5)),
    ("Tag,noun,day\nNacht,noun,night\nJahr,noun,year\nWoche,noun,week\n", Shape(header: 0, rows: 4)),
    ("id,integer\nage,integer\nname,text\n", Shape(header: 0, rows: 3)),
    ("\"Müller, Hans\",\"12,50\"\nMeier,13\nHuber,9\n", Shape(header: 0, rows: 3)),
    ("\"1\",\"2\"\n3,4\n5,6\n", Shape(header: 0, rows: 3)),
    ("A,0.1,0.2,0.3\nB,0.4,0.7,0.9\nC,0.5,0.6,1.3\n", Shape(header: 0, rows: 3)),
    (
      "0.0,0.1,0.2,0.3,0.4,0.5,0.6\n0.1,0.3,0.3,0.4,0.6,0.7,0.9\n0.2,0.2,0.4,0.6,0.6,0.9,1.1\n",
      Shape(header: 0, rows: 3)
    ),
    (
      "\"city\",\"country\"\n\"Rome\",\"Italy\",\"2800000\"\n\"Oslo\",\"Norway\",\"700000\"\n\"Bern\",\"Switzerland\",\"130000\"\n",
      Shape(rows: 3)
    ),
    ("employee,1,2,3,4,5\n", Shape(rows: 0)),
    ("Zeit;08:00;09:00;10:00\n", Shape(rows: 0)),
    ("line\n\"Hello,\" she said.\n\"Go away,\" he \"cried\".\n\"No,\" said Ann.\n\"Yes,\" said Bob.\n", Shape(rows: 4)),
    ("text\n\"a, b\nc\"\n\"d\" e \"f\"\n\"x\" y\n\"h, \"\"i\"\"\"\n", Shape(rows: 4)),
    ("title,by\n'Heroes',Bowie\nBlue,Mitchell\nLow,Bowie\n", Shape(rows: 3)),
    // Rows behind a blank line with a word for a value, or a value less than the others have
    (statement + "\nPending,AMAZON,-12.99,\nPending,UBER,-8.40,\n", Shape(rows: 6)),
    (
      "place,bib,name,time\n1,10,Ann,35:12\n2,8,Mia,36:40\n3,9,Lea,37:05\n4,7,Eva,38:00\n\nDNF,11,Ina,\n",
      Shape(rows: 5)
    ),
    (
      "conc,abs,sd\n10,0.91,0.02\n1,0.45,0.01\n0.1,0.12,0.01\n0.2,0.1,0.1\n\n1E-02,0.03,\n1E-03,0.01,\n", Shape(rows: 6)
    ),
    (fruits + "\nDiscontinued\nKiwi,sold out,\nFig,sold out,\n", Shape(rows: 7)),
    (fruits + "\nOutstanding,,\nKiwi,sold out,\nFig,sold out,\n", Shape(rows: 7)),
    (
      "ID,Name,Age,City\n1,Anna,34,Bonn\n2,Ben,45,Ulm\n3,Cora,23,Kiel\n4,Dee,3,Bonn\n\n,Dan,unbekannt,Hof\n",
      Shape(rows: 5)
    ),
    ("id,name,score\n1,a,10\n2,b,11\n3,c,12\n4,d,12\n\nx1,12,\nx2,13,\n\n5,e,14\n6,f,15\n", Shape(rows: 8)),
    ("name;qty;price\napple;3;1.0\npear;4;2.0\nplum;4;2.0\n______\nbread\nmilk\n", Shape(rows: 6)),
    (
      "Rank,Bib,Name,Country,Time\n1,7,Ann,NOR,0:21:30\n2,8,Bo,NOR,0:22:30\n3,9,Cy,FIN,0:23:30\n4,3,Di,FIN,0:24:30\n\nDNF,44,Ed,NOR,DNF\nDNS,33,Fe,,DNS\n",
      Shape(rows: 6)
    ),
    (statement + "\nPending,Shop 9,pending,\nPending,Shop 8,pending,\n", Shape(rows: 6)),
    ("Week,Team,W,L\n1,A,1,1\n2,B,1,1\n3,C,1,1\n4,D,1,1\n\nPlayoffs\nSemi,A\nFinal,B\n", Shape(rows: 7)),
    // What looks like counts of rows, a header's end or a frame
    ("result,seconds\n1 rows affected,0.01\n2 rows affected,0.02\n3 rows affected,0.03\n", Shape(rows: 3)),
    ("Description;Plants\n2 rows affected by mildew;30\n3 rows affected by rust;12\n", Shape(rows: 2)),
    ("field,offset,size\nmagic,0,4\nversion,4,2\nEnd of header,,\npayload,8,100\ncrc,108,4\n", Shape(rows: 5)),
    ("T,V\n1,2\n3,4\n\n[End Header],\nT,V\n3,4\n5,6\n", Shape(tables: 1, rows: 2)),
    ("pattern\n+-+-\n--++\n+--+\n----\n", Shape(rows: 4)),
    ("*a*1\n*b*2\n**3\n*d*4\n", Shape(header: 0, rows: 4)),
    // Comments that are no names
    ("#\tx\ty\n0\t0\n1\t1\n2\t2\n#N/A\t3\n#DIV/0!\t4\n6\t6\n", Shape(above: 1, header: 0, rows: 6)),
    ("# Raman spectrum\n# Laser 532nm\nshift counts\n100 5\n101 6\n102 7\n", Shape(above: 2, rows: 3)),
    ("# x y\n0.1 21.5\n0.2 21.6\n# restarted here\n0.3 21.7\n0.4 21.7\n", Shape(above: 1, header: 0, rows: 4)),
    ("# x y\n0.1 21.5\n0.2 21.6\n# x y\n0.3 21.7\n# end\n", Shape(rows: 3)),
    (
      "# time voltage current\n# s V A\n0.5 1.0 2.0\n0.7 1.5 2.5\n0.8 1.5 2.5\n0.9 1.4 2.4\n",
      Shape(above: 2, header: 0, rows: 4)
    ),
    ("# written by hand\n1 2 3\n4 5 6\n", Shape(above: 1, header: 0, rows: 2)),
    ("# run A\n0.1 21.5\n0.2 21.6\n\n# run B\n0.1 31.5\n0.2 31.6\n", Shape(above: 1, header: 0, rows: 4)),
    ("// comment line\n1 2\n3 4\n", Shape(above: 1, header: 0, rows: 2)),
    ("#,Value,Note\n1,3.5\n2,4.5\n3,5.5\n", Shape(above: 1, header: 0, rows: 3)),
    ("#\tName\tNote\n1\tBob\n2\tAl\n", Shape(above: 1, header: 0, rows: 2)),
    // Names above a blank line
    (",2019,2020\n\nAustria,8.8,8.9\nBelgium,11.4,11.5\nChad,15.9,16.4\n", Shape(rows: 3)),
    ("Country;;2020\n\nAustria;x;8.9\nBelgium;y;11.5\nChad;z;16.4\n", Shape(rows: 3)),
    // Dashes that are no rule, and a first row without its key
    ("id,name,ssn\n-,--,----\n1,Bob,1234\n2,Al,1235\n", Shape(rows: 3)), ("a,b\n----,-\nACGT,A\n", Shape(rows: 2)),
    (
      "No,Day,Customer,,\n,,opening,balance,forward\n1001,2024-01-01,A,B,C\n1002,2024-01-02,D,E,F\n", Shape(rows: 3)
    ),
  ]

  private static let statement =
    "Date,Description,Amount,Balance\n2024-03-01,Rent,-900.00,1200.00\n2024-03-02,Coffee,-3.50,1196.50\n2024-03-05,Salary,2500.00,3696.50\n2024-03-06,Tea,-2.00,3694.50\n"
  private static let fruits =
    "Product,Qty,Price\nApple,10,2.00\nPear,12,3.00\nPlum,12,3.00\nLime,12,3.00\n"

  @Test("Every line of a text that is one table stays in it", arguments: whole)
  func wholeTable(text: String, expected: Shape) throws {
    #expect(Shape(of: try ReadTable(text)) == expected)
  }
}
