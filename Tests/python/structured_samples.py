# SPDX-License-Identifier: Apache-2.0
"""What the samples say that have more than a header and rows, or quotes and delimiters that `csv` does not know: the same
table as RFC 4180 has it. Written by hand, so that nothing of how `ingest` finds it comes in."""

CITIES = "city,visits,rate\nOslo,12,0.5\nBern,7,0.25\n"

# By file name: what the records are, and the table where its header is not one record.
RECORDS = {
    "aligned_blanks.csv": "day,n,share\n2024-03-01,12,0.50\n2024-03-02,7,-0.25\n2024-03-03,130,1.00\n",
    "apostrophe_quotes.csv": 'name,city,visits\n"Lee, Ann",Oslo,12\n"Ray, Bob",Bern,7\n"O\'Hara, Eve",Riga,9\n',
    "backslash_escapes.csv": 'name,remark,visits\nAnn,"said ""no"", twice",12\nBob,C:\\dir,7\n',
    "comma_blank.csv": 'name,city,visits\n"Lee, Ann",Oslo,12\n"Ray, Bob",Bern,7\n',
    "comments.csv": CITIES + "Riga,9,1.75\n",
    "dos_end_mark.csv": CITIES,
    "footnotes.csv": CITIES + "Riga,9,1.75\n",
    "header_with_gaps.csv": (
        "day,travel,,total\n,air,rail,\n2024-03-01,,5.5,5.5\n2024-03-02,,6.25,6.25\n2024-03-03,,7.75,7.75\n"),
    "keys_above_short_table.csv": "time,volt,amp\n0.5,1.25e+00,2.5\n1.0,1.5e+00,2.75\n",
    "note_of_two_cells.csv": CITIES + "Riga,9,1.75\n",
    "padded_end.csv": CITIES + "Riga,9,1.75\n",
    "table_right_below.csv": "day,visits\n2024-03-01,12\n2024-03-02,7\n",
    "blank_cells.csv": "name, count,rate\nAnna,   12, 1.5\nBerta,     ,    \nCarla,    7,12.5\n",
    "blank_first_column.csv": (
        ",Vendor,Name,Amount,\n,10016,AMAS,1673.50,\n,10017,LOCOG,700.00,\n,10018,COLT,31.25,\n,10019,EDF,27.75,\n"),
    "names_of_rows.csv": "city,visits\n1,Oslo,12\n2,Bern,7\n3,Riga,9\n",
    "pairs_above_statement.csv": (
        "day,text,debit,credit\n2024-03-04,rent,850.5,\n2024-03-11,wages,,2100.25\n"),
    "quote_missing.csv": 'id,name,town\n1,Anna,Aachen\n2,"""Berta",Bilbao\n3,"Carla""",Cork\n4,Dora,Dijon\n',
    "quote_too_many.csv": 'id,name,town\n1,Anna,Aachen\n2,"Berta""",Bilbao\n3,"""Carla",Cork\n4,Dora,Dijon\n',
    "header_of_two_rows.csv": ",2019,,2020,\ncity,visits,rate,visits,rate\nOslo,12,0.5,13,0.75\nBern,7,0.25,8,0.5\n",
    "preamble.csv": CITIES + "Riga,9,1.75\n",
    "preamble_padded.csv": CITIES,
    "separator_line.csv": 'name,city\nAnna,Köln\nBert,"Ulm, Donau"\n',
    "rule_below_names.csv": "city,visits\n-----,-----:\nOslo,12\nBern,7\nRiga,9\n",
    "text_behind_quotes.csv": 'id,name,town\n1,"Abel, Anna",Aachen\n2,"Berg, BertaBilbao"\n3,"Costa, Carla",Cork\n',
    "three_tables.csv": CITIES,
    "two_pipes.csv": CITIES,
    "two_tables.csv": CITIES,
}
TABLES = RECORDS | {
    "names_of_rows.csv": "column_1," + RECORDS["names_of_rows.csv"],
    "rule_below_names.csv": RECORDS["rule_below_names.csv"].replace("-----,-----:\n", ""),
    "header_of_two_rows.csv": RECORDS["header_of_two_rows.csv"].split("\n", 1)[1],
    "header_with_gaps.csv": RECORDS["header_with_gaps.csv"].replace(",travel,,total\n,air,rail,", ",travel air,travel rail,total"),
    "blank_cells.csv": "name,count,rate\nAnna,12,1.5\nBerta,,\nCarla,7,12.5\n",
    "blank_first_column.csv": RECORDS["blank_first_column.csv"].replace(",\n", "\n"),
    "text_behind_quotes.csv": RECORDS["text_behind_quotes.csv"].replace('Bilbao"\n', 'Bilbao",\n'),
    "units_with_gaps.csv": (
        "day,time,temperature °C,humidity %\n2024-03-01,10:00,4.5,81\n2024-03-01,11:00,5.5,79\n2024-03-01,12:00,6.5,75\n"),
}


# A real file whose names stand between apostrophes.
QUOTES = {"anes96.csv": "'"}
# Real files with lines above their header, and how many.
PREAMBLES = {"pairs_above.csv": 4, "unemp.csv": 9, "iso3166.tab": 29, "zone1970.tab": 37}


def as_table(path, data, dialect, texts=TABLES):
    """The text of a sample's table and the delimiter that it has there."""
    name = str(path).rsplit("/", 1)[-1]
    if name in texts:
        return texts[name].encode(), dict(dialect, delimiter=",")
    return b"".join(data.splitlines(keepends=True)[PREAMBLES.get(name, 0):]), dialect
