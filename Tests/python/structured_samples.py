# SPDX-License-Identifier: Apache-2.0
"""What the samples say that have more than a header and rows, or quotes and delimiters that `csv` does not know: the same
table as RFC 4180 has it. Written by hand, so that nothing of how `ingest` finds it comes in."""

CITIES = "city,visits,rate\nOslo,12,0.5\nBern,7,0.25\n"

# By file name: what the records are, and the table where its header is not one record.
RECORDS = {
    "apostrophe_quotes.csv": 'name,city,visits\n"Lee, Ann",Oslo,12\n"Ray, Bob",Bern,7\n"O\'Hara, Eve",Riga,9\n',
    "backslash_escapes.csv": 'name,remark,visits\nAnn,"said ""no"", twice",12\nBob,C:\\dir,7\n',
    "comma_blank.csv": 'name,city,visits\n"Lee, Ann",Oslo,12\n"Ray, Bob",Bern,7\n',
    "comments.csv": CITIES + "Riga,9,1.75\n",
    "footnotes.csv": CITIES + "Riga,9,1.75\n",
    "header_of_two_rows.csv": ",2019,,2020,\ncity,visits,rate,visits,rate\nOslo,12,0.5,13,0.75\nBern,7,0.25,8,0.5\n",
    "preamble.csv": CITIES + "Riga,9,1.75\n",
    "preamble_padded.csv": CITIES,
    "three_tables.csv": CITIES,
    "two_pipes.csv": CITIES,
    "two_tables.csv": CITIES,
}
TABLES = RECORDS | {"header_of_two_rows.csv": RECORDS["header_of_two_rows.csv"].split("\n", 1)[1]}


# Real files with lines above their header, and how many.
PREAMBLES = {"unemp.csv": 9, "iso3166.tab": 29, "zone1970.tab": 37}


def as_table(path, data, dialect, texts=TABLES):
    """The text of a sample's table and the delimiter that it has there."""
    name = str(path).rsplit("/", 1)[-1]
    if name in texts:
        return texts[name].encode(), dict(dialect, delimiter=",")
    return b"".join(data.splitlines(keepends=True)[PREAMBLES.get(name, 0):]), dialect
