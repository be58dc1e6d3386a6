# SPDX-License-Identifier: Apache-2.0
"""Forms of real files that were misread: exports of banks, offices and instruments, and tests of other readers."""

FORMS = [
    # Another table right below, and below lines of delimiters.
    ("below_same", "day,amount\n%9 {day},{f2}\nday,amount\n%5 {day},{f2}", ",", 0, 0, 1, dict(further=6)),
    ("below_wider", "day,amount\n%9 {day},{f2}\nday,amount,who\n%5 {day},{f2},{name}", ",", 0, 0, 1, dict(further=6)),
    ("below_narrower", "day|amount|who\n%9 {day}|{f2}|{name}\nday|amount\n%5 {day}|{f2}", "|", 0, 0, 1, dict(further=6)),
    ("below_commas", "Rows,Amount\n%9 {name},{f2}\n,\nSummary,\n,\nRows,Amount\n%4 {name},{f2}", ",", 0, 0, 1, dict(further=8)),
    ("below_plate", "Plate,Label,Result,Signal\n%5 {at},A450,0,{i5}\n\n,01,02,03,04,05\n%6 W{at},{f3},{f3},{f3},{f3},{f3}", ",", 0, 0, 1, dict(further=8)),
    # Padding.
    ("padded", "a,b,c\n%9 {name},{i3},{f2}\n,,\n,,\n,,", ",", 0, 3),
    ("padded_note", "Day;Sum;Who\n%9 {day};{f2};{name}\n;;\n;;\nSeen by all of us;;", ";", 0, 3),
    # Rows of the header with gaps.
    ("sub_names_empty", "Dates,Travel,,Total\n,Air,Rail,\n%9 {day},,{f2},{f2}", ",", 0, 0, 2, dict(names=["Dates", "Travel Air", "Travel Rail", "Total"])),
    ("sub_names_apart", "Dates,Where,Travel,,Total\n,,,,\n,,Air,Rail,\n%9 {day},{name},{f2},{f2},{f2}", ",", 0, 0, 3, dict(names=["Dates", "Where", "Travel Air", "Travel Rail", "Total"])),
    ("fiscal_years", "Segment,2013-14,2012-13\n,Total,Total\n%9 {name},{i3},{i3}", ",", 0, 0, 2),
    ("years_above", "Segment,2013,2012\n,Total,Total\n%9 {name},{i3},{i3}", ",", 0, 0, 2),
    ("one_word_below", "Segment,Staff,This,Last\n,,Total,Total\n,,,Restated\n%9 {name},{i3},{i3},{i3}", ",", 0, 0, 3, dict(names=["Segment", "Staff", "This Total", "Last Total Restated"])),
    ("gaps_filled", ",,Groningen,Friesland\nNR.,Cluster,,\n%9 {at},{name},{i3},{i3}", ",", 0, 0, 2, dict(names=["NR.", "Cluster", "Groningen", "Friesland"])),
    ("groups_end", "Name,Staff,,,,Grand Total,\n,AO,,Total,,,\n,Head,FTE,Head,FTE,Head,FTE\n%9 {name},{i3},{f2},{i4},{i4},{i4},{i4}", ",", 0, 0, 3, dict(names=["Name", "Staff AO Head", "Staff AO FTE", "Staff Total Head", "Staff Total FTE", "Grand Total Head", "Grand Total FTE"])),
    ("elections", "Nr;Gebiet;gehört zu;Wahlberechtigte;;;\n;;;Erststimmen;;Zweitstimmen;\n;;;Endgültig;Vorperiode;Endgültig;Vorperiode\n%9 {at};{name};99;{i4};{i4};;", ";", 0, 0, 3, dict(names=["Nr", "Gebiet", "gehört zu", "Wahlberechtigte Erststimmen Endgültig", "Wahlberechtigte Erststimmen Vorperiode", "Wahlberechtigte Zweitstimmen Endgültig", "Wahlberechtigte Zweitstimmen Vorperiode"])),
    # Keys above the table.
    ("keys_above", "Key0: x\nKey1: y\nKey2: z\nKey3: u\nKey4: v\nv1,v2,v3\n%3 {name},{i2},{f1}", ",", 5),
    ("comments_above", "# note 0\n# note 1\n# note 2\n# note 3\n# note 4\nx,y,z\n%3 {i1},{i2},{f1}", ",", 5),
    ("instrument", "#FORMAT:      ,N5\n#IDENTITY:    ,1\n#DECIMAL:     ,POINT\n#OPERATOR:    ,1\n#REMARK:      ,\n##Temp./C,Time/min,tan d,E'/MPa\n%4 2{z1}.{z3}, 0.{z3},5.{z3}e-002,{f2}", ",", 5, 0, 1, dict(names=["##Temp./C", "Time/min", "tan d", "E'/MPa"])),
    ("scope", "Model,DPO2024B\nTIME,CH1,CH2\n%9 -{z1}.{z1}e-03,{z1}.{z1}e+00,{z1}.{z1}e+00", ",", 1),
    ("keys_padded", "Date file created:,02/12/2022,,,,\nFile created by:,Sally,Brown,,,\nName,Work,Age,Kids,Born,Died\n%5 {name},{word},{i2},TRUE,{day},{day}", ",", 2),
    ("narrow_title", "Made by,Ann\nid,text,day\n%5 {at},{word},{day}", ",", 1),
    ("account", "Account of {name};;;;\nCurrency:;EUR;;;\n;;;;\nKind:;all;;;\nFrom:;01/06/2026;;;\nTo:;30/06/2026;;;\n;;;;\nBooked;Valued;Text;Sum;Balance\n%3 {day};{day};{word} {i2};-{c2};{c2}", ";", 7),
    # Notes.
    ("note_of_two_cells", "x,y,z\n%9 {name},{i1},{i2}\n\nSource:,Some Bureau", ",", 0, 2),
    ("numbered_notes", "x;1985;1993\n%9 {name};{i3};{i3}\n\nNotes\n1.;Until then only the old states.\n2.;As of 31 December.", ";", 0, 4),
    # Names.
    ("quoted_numbers", "\"\",\"16.5\",\"16.75\",\"17.25\"\n%9 \"7{z1}\",{i2},{i2},{i2}", ",", 0, 0, 1, dict(names=["column_1", "16.5", "16.75", "17.25"])),
    ("country_numbers", "Country,1,2\n%9 Land {at},{f1},{f1}"),
    ("decimal_steps", "400.5,401.0,401.5,402.0,402.5,403.0\n%9 0.{z1},0.{z1},0.{z1},0.{z1},0.{z1},0.{z1}"),
    ("apostrophe_names", "'popul'\t'news'\t'age'\n%30 {i2}\t{i1}\t{i2}", "\t", 0, 0, 1, dict(quote="'")),
    # Blanks, tabs, quotes.
    ("tabs_behind", "id,\tname,\tcount\n%9 {at},\t{word},\t{i2}", ",\t"),
    # Names in comments, and what instruments and databases write around a table.
    ("web_log", "#Software: Server 10.0\n#Version: 1.0\n#Fields: date s-ip uri-stem status\n%9 {day} 10.0.0.{at} /p{at} {i3}", " ", 2, 0, 1, dict(names=["date", "s-ip", "uri-stem", "status"])),
    ("sensor_log", "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tport\n%15 {f2}\tC{at}\t{i4}", "\t", 2, 0, 1, dict(names=["ts", "uid", "port"])),
    ("numpy_names", "# made by a program, with care\n# x y z\n%9 {f1} {f2} {f3}", " ", 1, 0, 1, dict(names=["x", "y", "z"])),
    ("scope_keys", "Model,T1\nFirmware,1.03\n,\nFormat,Y,\nUnits,S,\nScale,0.001,\nLength,2500,\nLabel,,\nTIME,CH1,CH2\n%20 -{f3},{f2},{f2}", ",", 8),
    ("header_ends", "Writer\t2\nDate\t2024/01/05\n***End_of_Header***\nX\tV\tI\n%9 {f2}\t{f2}\t{f3}", "\t", 3),
    ("sheet_sections", "[Header]\nVersion,4\n[Reads]\n151\n151\n[Data]\nID,Name,Index,Project\n%9 S{at},{word},TA{at}G,P", ",", 6),
    ("plate_reader", "User: A;Path: D;Test: 65\nName: ABS;Date: 5;Time: 10\nAbsorbance;Shown as OD\n\nWell;Content;Raw (600)\n%9 A{at};Sample {word};{c2}", ";", 4),
    ("closing_balance", "Date,Text,Debit,Credit,Balance\n%9 {day},{word},{f2},,{f2}\n\nOpening balance,100.00,,,\nClosing balance,396.50,,,", ",", 0, 3),
    ("legend", "Place,2021,2022,2023\n%9 {name},{i3},{i3},{i3}\n\nSymbols:\n..,not available\nx,suppressed", ",", 0, 4),
    ("answers", "ID,Form,Day,Which?,,,Else?\n,,,Mail,Phone,Chat,Open answer\n%5 {i5},7,{day},Mail,,Chat,{word}", ",", 0, 0, 2, dict(names=["ID", "Form", "Day", "Which? Mail", "Which? Phone", "Which? Chat", "Else? Open answer"])),
    ("short_rule", "id,name,price\n--,----,-----\n%9 {at},{word},{f2}\n\n(9 rows affected)", ",", 0, 2, 2, dict(names=["id", "name", "price"])),
]
