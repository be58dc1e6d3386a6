# SPDX-License-Identifier: Apache-2.0
"""Files as authorities, banks, instruments, spreadsheets and loggers write them, each made by hand.

A form is a text and where in it the table stands; `%` starts a block that is written again for each of its numbers.
"""

import csv
import random

import fresh_forms
import more_forms
import reviewed_forms
import surveyed_forms
import third_forms
from rules import column_names
from writing import NEWLINES, half, types

DAYS = ["2024-03-%02d" % day for day in range(1, 29)]
NAMES = ["Alpha", "Bravo", "Carla", "Delta", "Echo", "Fox", "Golf", "Hotel", "India", "Julia", "Kilo", "Lima"]
WORDS = ["north", "south", "east", "west", "centre", "coast", "hill", "plain"]


class Numbers:
    """What a repeated line is filled with; the same for the same form."""

    def __init__(self, label, at):
        self._random = random.Random(f"{label}/{at}")
        self.at, self.next = at, at + 1

    def __getitem__(self, key):
        """`i5`: an integer below 10^5; `f2`: a number with two places; `c2`: the same with a comma; others by name."""
        kind, size = key[0], key[1:]
        if key == "name":
            return NAMES[self.at % len(NAMES)]
        if key == "word":
            return self._random.choice(WORDS)
        if key == "day":
            return DAYS[self.at % len(DAYS)]
        if key == "tag":
            return ".".join(reversed(DAYS[self.at % len(DAYS)].split("-")))
        if key == "tagslash":
            return "/".join(reversed(DAYS[self.at % len(DAYS)].split("-")))
        if key == "us":
            return f"{self.at % 12 + 1:02}/{self.at % 28 + 1:02}/2024"
        if key == "clock":
            return f"{self.at % 24:02}:{self._random.randrange(60):02}:{self._random.randrange(60):02}"
        if key == "at":
            return str(self.at + 1)
        if kind == "i":
            return str(self._random.randrange(10 ** int(size)))
        if kind == "z":
            return f"{self._random.randrange(10 ** int(size)):0{size}}"
        if kind in "fc":
            text = f"{self._random.uniform(1, 1000):.{size}f}"
            return text.replace(".", ",") if kind == "c" else text
        if kind == "g":
            text = f"{self._random.uniform(1000, 9999999):,.{size}f}"
            return text
        if kind == "h":
            text = f"{self._random.uniform(1000, 9999999):,.{size}f}"
            return text.translate(str.maketrans(",.", ".,"))
        raise KeyError(key)


def generate(corpus):
    groups = {
        "found": FORMS + more_forms.FORMS + third_forms.FORMS, "fresh": fresh_forms.FORMS,
        "reviewed": reviewed_forms.FORMS, "surveyed": surveyed_forms.FORMS,
    }
    for group, forms in groups.items():
        for label, *form in forms:
            for newline in ("lf", "crlf"):
                add(corpus, group, label, newline, *form)


def add(corpus, group, label, newline, text, delimiter=",", head=0, foot=0, header=1, options=None):
    """Writes one form: `head` and `foot` lines stand around the table, the first `header` records of which name columns.

    Of the options, `header` and `names` replace what is found, `cut` is the number of empty columns at the end, `further`
    that of lines of another table, `quote` what stands around cells, `mark` whether the text has a byte order mark, and
    `comment` what stands before comments, `inner` before those among the rows, and `cut_rows` is `cut` for rows alone.
    """
    options = dict(options or {})
    header = options.pop("header", header)
    lines = list(written(label, text))
    table = lines[head:len(lines) - foot - options.pop("further", 0)]
    quote = options.pop("quote", '"')
    inner = options.pop("inner", "\0")
    rows = records([line for line in table if line.strip() and not line.startswith(inner)], delimiter, quote)
    cut = options.pop("cut", 0)
    rows = [row[:len(row) - cut] for row in rows]
    cut_rows = options.pop("cut_rows", 0)
    rows = rows[:header] + [row[:len(row) - cut_rows] for row in rows[header:]]
    names = options.pop("names", None) or (column_names(names_of(rows[:header])) if header else None)
    cells = rows[header:]
    width = len(names) if names else max(map(len, cells), default=0)
    is_quoted = quote and any(quote in line for line in table)
    mark = b"\xef\xbb\xbf" if options.pop("mark", False) else b""
    truth = {
        "name": f"{group}/{label}_{newline}.csv", "group": group, "half": half(f"{group}/{label}"),
        "delimiter": delimiter if width > 1 else None, "quote": quote if is_quoted else None,
        "escape": "doubled" if is_quoted else None, "newline": newline, "encoding": "utf-8", "header_rows": header,
        "preamble_rows": head, "preamble_blank_rows": sum(not line.strip() for line in lines[:head]),
        "footnote_rows": sum(bool(line.strip()) for line in lines[len(lines) - foot:]) if foot else 0, "comment": None,
        "names": names, "types": [None if kind == "null" else kind for kind in types(
            cells, [[False] * len(row) for row in cells], width)], "cells": cells,
    } | options
    corpus.write(truth, mark + "".join(line + NEWLINES[newline] for line in lines).encode())


def written(label, text):
    """The lines of a form, with those that are written several times."""
    for line in text.removesuffix("\n").split("\n"):
        count, _, pattern = line[1:].partition(" ") if line.startswith("%") else ("", "", line)
        if not count:
            yield line
        for at in range(int(count or 0)):
            yield pattern.format_map(Numbers(label, at))


def records(lines, delimiter, quote):
    """The lines taken apart as Python does where the form is known."""
    if len(delimiter) > 1 and delimiter[1] != " ":
        lines = [line.replace(delimiter, delimiter[0]) for line in lines]
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    return list(csv.reader(lines, delimiter=delimiter[0], quotechar=quote or '"', quoting=quoting,
                           skipinitialspace=delimiter[-1] == " "))


def names_of(header):
    """The records of a header, joined; a name above the last one spreads to the right over empty cells."""
    width = max(map(len, header))
    columns = [""] * width
    for number, row in enumerate(header):
        spread = ""
        for at in range(width):
            cell = row[at].strip() if at < len(row) else ""
            spread = cell or (spread if number < len(header) - 1 else "")
            columns[at] = f"{columns[at]} {spread}".strip()
    return columns


FORMS = [
    ("excel_sep", "sep=;\nArtikel;Menge;Preis\n%9 {name};{i3};{c2}", ";", 1),
    ("excel_sep_comma", "sep=,\nitem,quantity,price\n%9 {name},{i3},{f2}", ",", 1),
    ("bank_de", """"Kontonummer:";"DE12 3456 7890 1234 5678 90"
"Zeitraum:";"01.01.2024 - 31.03.2024"
"Kontostand:";"1.234,56 EUR"

"Buchungstag";"Wertstellung";"Buchungstext";"Auftraggeber / Begünstigter";"Betrag (EUR)"
%14 "{tag}";"{tag}";"Lastschrift";"{name} GmbH";"-{c2}"
""", ";", 4),
    ("bank_us", """Account Name,Checking,,,
Account Number,xxxx1234,,,
Date Range,01/01/2024 - 03/31/2024,,,

Date,Description,Debit,Credit,Balance
%12 {us},"PURCHASE {name}, STORE {i3}",{f2},,{f2}
""", ",", 4),
    ("bank_fr", """Compte courant n° 00012345678;;;
Solde au 31/03/2024 : 1 234,56 €;;;

Date;Libellé;Débit;Crédit
%11 {tag};CARTE {name};-{c2};
""", ";", 3),
    ("stats_office_de", """Tabelle: 12411-0015
Fortschreibung des Bevölkerungsstandes
Stichtag: 31.12.2022

Kreise;männlich;weiblich;Insgesamt
%13 {z5};{i5};{i5};{i6}
__________
Quelle: Statistisches Amt
© 2024
""", ";", 4, 3),
    ("world_bank", """"Data Source","World Development Indicators",

"Last Updated Date","2024-03-28",

"Country Name","Country Code","Indicator Name","Indicator Code","2019","2020","2021","2022",
%15 "{name}","{z3}","Population, total","SP.POP.TOTL","{i7}","{i7}","{i7}","{i7}",
""", ",", 4, 0, 1, dict(cut=1)),
    ("eurostat", "freq,unit,geo\\TIME_PERIOD\t2019 \t2020 \t2021 \n%9 A,PC,{name}\t{f1} \t{f1} p\t: ", "\t"),
    ("us_census", """GEO_ID,NAME,POP_2020,POP_2021
id,Geographic Area Name,Estimate 2020,Estimate 2021
%9 0400000US{z2},{name},{i6},{i6}
""", ",", 0, 0, 1, dict(header=2)),
    ("noaa", """Global Land and Ocean Temperature Anomalies
Units: Degrees Celsius
Base Period: 1901-2000
Missing: -999
Year,Anomaly
%20 19{z2},0.{z2}
""", ",", 4),
    ("weather_de", """STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor
%12 44;20240301{z2};    3;  {f1};   {f1};eor
""", ";"),
    ("weather_hash", """# Station: 4711
# Coordinates: 52.1N, 13.2E
# timestamp, temp, wind
timestamp,temp,wind
%12 {day} {clock},{f1},{f1}
""", ",", 3, 0, 1, dict(comment="#", group="comment")),
    ("usgs", """# ---------------------------------- WARNING ----------------------------------------
# Provisional data are subject to revision.
#
# Data for: USGS 01646500 POTOMAC RIVER
agency_cd\tsite_no\tdatetime\ttz_cd\tdischarge
5s\t15s\t20d\t6s\t14n
%12 USGS\t0164{z4}\t{day}\tEST\t{i4}
""", "\t", 4, 0, 1, dict(header=2, comment="#", group="comment")),
    ("oscilloscope", """Model,DPO2014
Firmware Version,1.52
Point Format,Y
Horizontal Units,S
Sample Interval,4e-09
Record Length,100
TIME,CH1,CH2
%30 -{f6},{f4},{f4}
""", ",", 6),
    ("multimeter", """Instrument: DMM6500
Serial: 0400123
Buffer: defbuffer1

Index,Reading,Unit,Date,Time
%14 {at},{f6},Volt DC,{us},{clock}
""", ",", 4),
    ("spectrum", """Sample\tWater
Date\t2024-03-01
Integration time\t100 ms
Wavelength (nm)\tAbsorbance
%25 {f1}\t{f4}
""", "\t", 3),
    ("plate_reader", """,A,B,C
%8 {at},{f3},{f3},{f3}
"""),
    ("logger_units", """Date;Time;Temp;Humidity;Pressure
;;°C;%;hPa
%16 {tag};{clock};{c1};{c1};{c1}
""", ";", 0, 0, 1, dict(header=2)),
    ("campbell", """"TOA5","CR1000","CR1000","12345","CR1000.Std.27","CPU:prog.CR1","1234","Table1"
"TIMESTAMP","RECORD","BattV","AirTC"
"TS","RN","Volts","Deg C"
"","","Min","Avg"
%12 "{day} {clock}",{at},{f2},{f2}
""", ",", 1, 0, 1, dict(header=3)),
    ("hobo", """"Plot Title: Creek 12"
"#","Date Time, GMT+01:00","Temp, °C","Host Connected"
%12 {at},{us} {clock},{f3},
""", ",", 1),
    ("sap_semicolon", """Werk;Material;Bezeichnung;Bestand;ME;Wert
%12 1000;{z6};Schraube M{i1};{i4};ST;{h2}
""", ";"),
    ("erp_total", """Invoice,Customer,Net,VAT,Gross
%11 {i5},{name} Ltd,{f2},{f2},{f2}
Total,,{f2},{f2},{f2}
"""),
    ("erp_grouped", """;2022;;2023;
Filiale;Umsatz;Kosten;Umsatz;Kosten
%9 {name};{i5};{i5};{i5};{i5}
""", ";", 0, 0, 1, dict(header=2)),
    ("spreadsheet_blank_column", """,Name,Score,Group
%9 ,{name},{i2},{word}
"""),
    ("spreadsheet_trailing", "Name,Age,City,,,\n%9 {name},{i2},{word},,,", ",", 0, 0, 1, dict(cut=3)),
    ("spreadsheet_index", "\n".join([",a,b"] + ["%9 {at},{i3},{f2}"])),
    ("pandas_index", "Unnamed: 0,x,y\n%9 {at},{i3},{f2}"),
    ("r_write_table", '"x" "y" "group"\n%9 {i3} {f2} "{word}"', " "),
    ("r_row_names", '"","mpg","cyl"\n%9 "{name}",{f1},{i1}'),
    ("matlab", "%12 {f4},{f4},{f4}", ",", 0, 0, 1, dict(header=0)),
    ("iris_like", "%15 {f1},{f1},{f1},{f1},kind-{word}", ",", 0, 0, 1, dict(header=0)),
    ("adult_like", "%15 {i2}, Private, {i6}, Bachelors, {i2}, Never-married, Sales, <=50K", ", ", 0, 0, 1, dict(header=0)),
    ("passwd", "%9 user{at}:x:{i4}:100:User {name}:/home/user{at}:/bin/sh", ":", 0, 0, 1, dict(header=0)),
    ("nginx_times", "%12 {clock} {i3} {f3}", " ", 0, 0, 1, dict(header=0)),
    ("log_levels", "time,level,message\n%12 {day} {clock},INFO,\"started {name}, pid {i4}\""),
    ("phone_book", "Nom;Prénom;Téléphone;Code postal\n%11 {name};Marie;06 12 {z2} {z2} {z2};{z5}", ";"),
    ("poste_it", "Comune;CAP;Provincia;Abitanti\n%11 {name};{z5};TO;{i5}", ";"),
    ("election_es", """Elecciones generales 2023
Resultados provisionales

Provincia;Censo;Votos;Participación
%10 {name};{i6};{i6};{c2} %
Fuente: Ministerio del Interior
""", ";", 3, 1),
    ("budget_pt", """Orçamento 2024;;;
;;;
Código;Descrição;Dotação;Executado
%10 {z2}.{z2};Despesa {word};{h2};{h2}
""", ";", 2),
    ("cjk", "编号,名称,数量\n%9 {at},产品{name},{i3}"),
    ("japanese", "日付,店舗,売上\n%9 {day},東京{at},{i5}"),
    ("greek", "Ημερομηνία;Πόλη;Τιμή\n%9 {tag};Αθήνα {at};{c2}", ";"),
    ("russian", "Дата;Город;Сумма\n%9 {tag};Казань {at};{c2}", ";"),
    ("arabic", "الاسم,المدينة,العدد\n%9 اسم {at},القاهرة,{i3}"),
    ("polish_quoted", '"Data";"Opis";"Kwota"\n%9 "{day}";"przelew; {name}";"{c2}"', ";"),
    ("mark", "id;naam;bedrag\n%9 {at};{name};{c2}", ";", 0, 0, 1, dict(mark=True)),
    ("swiss", "Konto;Saldo CHF;Datum\n%9 {z4};{i3}'{z3}.{z2};{tag}", ";"),
    ("github_issues", 'number,title,labels,created_at\n%9 {at},"Crash in ""{name}"" when idle","bug, ui",{day}T{clock}Z'),
    ("stripe", "id,Created (UTC),Amount,Currency,Description\n%9 ch_{z6},{day} {clock},{f2},eur,"),
    ("paypal", '"Datum","Uhrzeit","Zeitzone","Name","Brutto"\n%9 "{tag}","{clock}","CET","{name}","{h2}"'),
    ("amazon_preamble", """"Includes Amazon Marketplace, Fulfillment and Webstore transactions"
"All amounts in USD, unless specified"
"Definitions:"
"Sales tax collected: Includes sales tax collected from buyers for product sales."
"date/time","settlement id","type","order id","total"
%10 "Mar {at}, 2024 1:0{i1}:11 AM PST","{i6}","Order","112-{z6}","{f2}"
""", ",", 4),
    ("google_analytics", """# ----------------------------------------
# All Web Site Data
# Audience Overview
# 20240301-20240331
# ----------------------------------------

Day Index,Users
%12 {us},{i4}
""", ",", 6, 0, 1, dict(comment="#", group="comment")),
    ("adwords_report", """Campaign report
"March 1, 2024 - March 31, 2024"
Campaign,Clicks,Impressions,Cost
%9 {name} search,{i3},{i5},{f2}
""", ",", 2),
    ("quote_prices", "Date,Open,High,Low,Close,Adj Close,Volume\n%20 {day},{f2},{f2},{f2},{f2},{f2},{i7}"),
    ("fx_ecb", "Date,USD,JPY,BGN,\n%10 {day},1.{z4},1{z2}.{z2},1.9558,", ",", 0, 0, 1, dict(cut=1)),
    ("gtfs", "stop_id,stop_code,stop_name,stop_lat,stop_lon\n%12 {z4},,\"{name} St, {word}\",52.{z5},13.{z5}"),
    ("gps", "lat;lon;ele;time\n%12 52.{z5};13.{z5};{f1};{day}T{clock}Z", ";"),
    ("vcf_like", "##fileformat=VCFv4.2\n##source=caller\n#CHROM\tPOS\tID\tREF\tALT\n%12 1\t{i6}\trs{i5}\tA\tG", "\t", 2, 0,
     1, dict(comment="#", group="comment", names=["#CHROM", "POS", "ID", "REF", "ALT"])),
    ("bed", "%12 chr1\t{i5}\t{i6}\tpeak{at}\t{i3}", "\t", 0, 0, 1, dict(header=0)),
    ("gene_expression", "\t".join(["gene"] + [f"s{k}" for k in range(1, 7)]) + "\n%15 ENSG0000{z4}\t{f2}\t{f2}\t{f2}\t{f2}\t{f2}\t{f2}", "\t"),
    ("survey_questions", """ID,"Q1. How often do you read, on average?","Q2. Why?",Q3
%12 {at},often,"because I like it, mostly",{i1}
"""),
    ("qualtrics", """StartDate,Q1,Q2
Start Date,How old are you?,Where do you live?
%12 {day} {clock},{i2},{word}
""", ",", 0, 0, 1, dict(header=2)),
    ("timetable", "Line,Mon,Tue,Wed\n%9 {at},{clock},{clock},{clock}"),
    ("scores", "player,score,best of\n%9 {name},{i1}-{i1},1/{i1}"),
    ("yes_no", "name,member,paid\n%9 {name},Y,N"),
    ("all_text_two", "term,meaning\n%9 {name},a {word} thing\n%3 {word},something else"),
    ("all_text_many", "first,last,town\n%9 {name},{word},{word}"),
    ("dictionary_de", "Wort;Bedeutung;Beispiel\n%9 {name};ein {word};So ist es, meistens.", ";"),
    ("repeated_header", "day,site,count\n%6 {day},{word},{i3}\nday,site,count\n%6 {day},{word},{i3}", ",", 0, 0, 1, dict(further=7)),
    ("one_column_names", "email\n%9 user{i4}@mail.example"),
    ("one_column_numbers", "%12 {i5}", ",", 0, 0, 1, dict(header=0)),
    ("one_column_prose", "comment\nVery good, thanks\nToo slow; too loud\nNothing to add\nGreat, really great, thank you\nno", "\t"),
    ("urls", "url\n%9 https://site.example/{word}?a={i2}&b={i2}"),
    ("title_and_units", """Messreihe 7
Zeit;Kraft;Weg
s;N;mm
%15 {c3};{c2};{c3}
""", ";", 1, 0, 1, dict(header=2)),
    ("sql_plus_footer", "id,name,total\n%9 {at},{name},{f2}\n\n(9 rows affected)", ",", 0, 2),
    ("psql", "%1 id|name|total\n%9 {at}|{name}|{f2}\n(9 rows)", "|", 0, 1),
    ("db2_padded", "ID    ,NAME      ,TOTAL\n%9 {at}     ,{name}     ,{f2}"),
    ("nulls", "a,b,c\n%9 {i3},NA,{f2}\nNA,{i2},NULL\n-,{i2},"),
    ("mysql_nulls", "id\tname\tage\n%9 {at}\t{name}\t{i2}\n10\t\\N\t\\N", "\t"),
    ("postcodes", "postcode,ward,count\n%9 0{z4},{word},{i2}"),
    ("negative_money", "account,balance\n%9 {z4},({f2})"),
    ("percent", "party,share,change\n%9 {name},{f1}%,-{f1}%"),
    ("euro", "Posten;Summe\n%9 {name};{c2} €", ";"),
    ("ip_log", "ip,port,bytes\n%9 10.0.{i2}.{i2},{i4},{i6}"),
    ("hex", "address,value\n%9 0x{z4},0x{z2}"),
    ("version_list", "package,version,size\n%9 {name},{i1}.{i2}.{i1},{i5}"),
    ("coordinates", "place,coordinates,height\n%9 {name},\"52.{z3}, 13.{z3}\",{i3}"),
    ("duration", "task,duration,done\n%9 {name},{i2}:{z2},true"),
    ("isbn", "isbn,title,year\n%9 978-3-{z4}-{z3}-{i1},The {word},20{z2}"),
    ("years_wide", "country,2018,2019,2020,2021\n%9 {name},{f1},{f1},{f1},{f1}"),
    ("months_wide", "site,Jan,Feb,Mar\n%9 {name},{i3},{i3},{i3}"),
    ("quarters", "2024 Q1;;;\nFiliale;Januar;Februar;März\n%9 {name};{i4};{i4};{i4}", ";", 1),
    ("author_line", "Prepared by: J. Doe, 3 May 2024\n\nitem,count,weight\n%9 {name},{i2},{f1}", ",", 2),
    ("long_note", "This file holds the counts of vehicles at the permanent stations of the county, as delivered.\n"
     "Counts marked with a star are estimates; see the handbook, chapter 3, for how they were made.\n\n"
     "station,direction,cars,trucks\n%12 {name},{word},{i4},{i3}", ",", 3),
    ("notes_below", "station,cars,trucks\n%12 {name},{i4},{i3}\n\nNotes\n1. Counts are rounded.\n2. Trucks over 3.5 t, without buses.\n", ",", 0, 4),
    ("total_and_note", "Gemeinde;Fläche;Einwohner\n%9 {name};{c2};{i5}\nSumme;{c2};{i5}\n\nQuelle: Landesamt", ";", 0, 2),
    ("two_tables", "name,age,town\n%6 {name},{i2},{word}\n\nproduct,price\n%4 {name},{f2}", ",", 0, 0, 1, dict(further=6)),
    ("no_header_dates", "%12 {day},{word},{i3}", ",", 0, 0, 1, dict(header=0)),
    ("semicolon_text_commas", "id;remark;author\n%9 {at};well, fine, thanks;{name}, {word}", ";"),
    ("tab_text_commas", "id\tremark\tprice\n%9 {at}\twell, fine; thanks\t{f2}", "\t"),
    ("comma_decimals_unquoted_tab", "Zeit\tWert\tWert2\n%12 {c2}\t{c3}\t{c1}", "\t"),
    ("comma_blank_quoted", 'name, note, count\n%9 {name}, "a, b", {i3}', ", "),
    ("tilde", "id~name~text\n%9 {at}~{name}~some, text; here", "~"),
    ("caret", "id^name^value\n%9 {at}^{name}^{f2}", "^"),
    ("double_pipe", "id||name||value\n%9 {at}||{name}||{f2}", "||"),
    ("apostrophes", "id,name,owner\n%9 {at},'{name}, the','it''s mine'", ",", 0, 0, 1, dict(quote="'")),
    ("apostrophe_words", "id,text,who\n%9 {at},don't know,'{name}", ",", 0, 0, 1, dict(quote=None)),
    ("inches", 'size,part,price\n%9 {i1}",bolt {name},{f2}', ",", 0, 0, 1, dict(quote=None)),
    ("nicknames", 'id,name,town\n%9 {at},{name} "Doc" Holl,{word}', ",", 0, 0, 1, dict(quote=None)),
]
