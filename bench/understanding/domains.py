# SPDX-License-Identifier: Apache-2.0
"""Base tables as people export them: for each domain its columns, and what a cell of each looks like."""

from values import *  # noqa: F403 (the vocabulary of this file)

COUNT = object()  # a running number

DOMAINS = {
    "spending": [("department", choice("Health", "Education", "Transport", "Home Office")), ("supplier", product),
                 ("invoice_date", date), ("amount", decimal(10, 90000, 2)), ("reference", code("INV-999999"))],
    "schools": [("School ID", leading_zeros), ("School name", product), ("City", choice(*CITIES)),
                ("Pupils", integer(30, 2000)), ("Inspected", date), ("Open", choice("true", "false"))],
    "lab_plate": [("well", code("A9")), ("sample", code("S-9999")), ("absorbance", decimal(0, 3, 4)),
                  ("replicate", integer(1, 3)), ("passed", choice("TRUE", "FALSE"))],
    "spectra": [("wavelength_nm", integer(400, 800)), ("intensity", decimal(0, 1, 6)), ("dark", decimal(0, 0.1, 6)),
                ("ratio", decimal(0, 9, 5))],
    "ledger": [("Posting date", date_as("%d.%m.%Y")), ("Account", code("9999")), ("Text", product),
               ("Debit", sometimes(decimal(1, 5000, 2), 0.5)), ("Credit", sometimes(decimal(1, 5000, 2), 0.5)),
               ("Currency", choice("EUR", "USD", "CHF"))],
    "stock_prices": [("Date", date), ("Open", decimal(90, 110, 2)), ("High", decimal(110, 120, 2)),
                     ("Low", decimal(80, 90, 2)), ("Close", decimal(90, 110, 2)), ("Volume", integer(10**5, 10**8))],
    "bank": [("Booked", date), ("IBAN", code("DE99999999999999999999")), ("Counterparty", name),
             ("Purpose", sentence), ("Amount", decimal(-2000, 2000, 2)), ("Balance", decimal(0, 9000, 2))],
    "web_log": [("time", moment_as("%Y-%m-%dT%H:%M:%SZ")), ("ip", ip), ("method", choice("GET", "POST", "PUT")),
                ("path", url), ("status", choice("200", "301", "404", "500")), ("bytes", integer(0, 10**6)),
                ("agent", choice("Mozilla/5.0 (X11; Linux)", "curl/8.4", "Bot (compatible; +https://example.org)"))],
    "system_log": [("timestamp", moment_as("%Y-%m-%d %H:%M:%S")), ("level", choice("INFO", "WARN", "ERROR")),
                   ("module", choice("core.net", "core.db", "ui")), ("message", sentence)],
    "matches": [("date", date), ("home", choice(*CITIES)), ("away", choice(*CITIES)), ("home_goals", integer(0, 6)),
                ("away_goals", integer(0, 6)), ("kick_off", clock), ("attendance", integer(200, 80000))],
    "races": [("rank", COUNT), ("runner", surname_first), ("club", choice(*CITIES)), ("net", clock_seconds),
              ("born", integer(1950, 2006))],
    "weather": [("station", code("ST999")), ("date", date), ("tmax", decimal(-10, 38, 1)),
                ("tmin", decimal(-20, 20, 1)), ("rain_mm", sometimes(decimal(0, 40, 1), 0.1)), ("wind", integer(0, 90)),
                ("weather", choice("sun", "rain", "snow", "fog"))],
    "tide": [("moment", moment_as("%Y-%m-%d %H:%M")), ("gauge", choice("north", "south")),
             ("level", decimal(-3, 3, 3)), ("quality", integer(0, 4))],
    "survey": [("respondent", COUNT), ("age", integer(18, 90)), ("q1", integer(1, 5)), ("q2", integer(1, 5)),
               ("q3", sometimes(integer(1, 5))), ("comment", sometimes(sentence, 0.4)), ("country", choice(*ISO2))],
    "catalogue": [("sku", code("AA-9999-x")), ("title", product), ("colour", colour), ("price", decimal(1, 999, 2)),
                  ("in_stock", choice("true", "false")), ("tags", words_list), ("url", url)],
    "addresses": [("id", COUNT), ("name", name), ("street", street), ("city", choice(*CITIES)),
                  ("postcode", code("09999")), ("country", choice(*COUNTRIES)), ("email", email)],
    "contacts": [("Name", surname_first), ("Address", address), ("Phone", code("+49 999 9999999")), ("Email", email),
                 ("Born", date)],
    "genes": [("gene", code("ENSG00000999999")), ("chromosome", choice("1", "2", "X", "Y", "MT")),
              ("start", integer(1, 10**8)), ("strand", choice("+", "-")), ("motif", dna), ("log2fc", decimal(-4, 4, 5)),
              ("p_value", lambda r: f"{r.uniform(1, 9):.3f}e-{r.randint(2, 30):02}")],
    "proteins": [("accession", code("P99999")), ("mass_da", decimal(5000, 90000, 3)), ("charge", integer(-9, 9)),
                 ("peptides", words_list), ("length", integer(50, 3000))],
    "census": [("region", choice(*CITIES)), ("year", choice("1990", "2000", "2010", "2020")), ("women", integer(0, 10**6)),
               ("men", integer(0, 10**6)), ("share", decimal(0, 1, 4))],
    "elections": [("constituency", choice(*CITIES)), ("candidate", name), ("party", choice("A", "B", "C", "D")),
                  ("votes", integer(0, 60000)), ("turnout", percent)],
    "movies": [("title", sentence), ("year", integer(1930, 2024)), ("director", name), ("genres", words_list),
               ("rating", decimal(1, 10, 1)), ("votes", integer(10, 10**6))],
    "library": [("isbn", code("978-9-9999-9999-9")), ("author", surname_first), ("title", quotation),
                ("year", integer(1900, 2024)), ("shelf", code("A99.9"))],
    "sensors": [("device", code("xxxxxxxx")), ("ts", integer(1_600_000_000, 1_700_000_000)), ("temp", decimal(0, 40, 2)),
                ("volt", decimal(3, 4, 3)), ("ok", choice("true", "false"))],
    "flights": [("flight", code("AA999")), ("from", code("AAA")), ("to", code("AAA")), ("departs", clock),
                ("arrives", clock), ("date", date), ("delay_min", sometimes(integer(-10, 180)))],
    "patients": [("patient", code("P-99999")), ("sex", choice("F", "M")), ("admitted", date), ("dose_mg", decimal(0, 50, 1)),
                 ("notes", apostrophes), ("smoker", choice("yes", "no"))],
    "energy": [("meter", leading_zeros), ("from", moment_as("%Y-%m-%d %H:%M")), ("kwh", decimal(0, 9, 3)),
               ("tariff", choice("day", "night")), ("estimated", choice("True", "False"))],
    "parking": [("plate", code("AA-A 999")), ("zone", integer(1, 9)), ("entered", moment_as("%Y-%m-%d %H:%M:%S")),
                ("fee", decimal(0, 30, 2)), ("paid", choice("true", "false"))],
    "coordinates": [("place", choice(*CITIES)), ("lat", decimal(-90, 90, 6)), ("lon", decimal(-180, 180, 6)),
                    ("elevation", integer(-50, 5000)), ("feature", choice("peak", "lake", "town"))],
    "payroll": [("employee", name), ("grade", code("A9")), ("hired", date), ("salary", money_thousands),
                ("bonus", money), ("manager", sometimes(name, 0.3))],
    "tickets": [("ticket", code("#9999")), ("opened", moment_as("%Y-%m-%dT%H:%M:%S")), ("subject", sentence),
                ("priority", choice("low", "high")), ("details", json_text)],
    "inventory": [("part", code("9E99")), ("bin", code("A-99-99")), ("count", integer(0, 500)),
                  ("weight_kg", decimal(0, 20, 3)), ("supplier", product)],
}


def table(domain, rows, r):
    """Names and rows of a domain's table."""
    columns = DOMAINS[domain]
    body = [[str(index + 1) if make is COUNT else make(r) for _, make in columns] for index in range(rows)]
    return [name for name, _ in columns], body
