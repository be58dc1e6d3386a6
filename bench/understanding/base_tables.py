# SPDX-License-Identifier: Apache-2.0
"""Clean tables of different kinds, each of which `single_faults.py` writes again and again with one fault."""

import dataclasses
import datetime
import random

from writing import Form


@dataclasses.dataclass(frozen=True)
class Base:
    """A clean table and the form in which it is written."""

    name: str
    names: list
    rows: list
    form: Form = Form()


FIRST = ["Anna", "Bruno", "Chloé", "Dmitri", "Eva", "Farid", "Greta", "Hugo", "Inès", "Jonas", "Kaja", "Luca", "Mia", "Noor"]
LAST = ["Abel", "Berg", "Costa", "Duval", "Eriksen", "Fischer", "García", "Hansen", "Ivanov", "Jansen", "Kowalski", "Lopez"]
CITIES = ["Aachen", "Bilbao", "Cork", "Dijon", "Espoo", "Faro", "Ghent", "Herning", "Izmir", "Jena", "Košice", "Lille"]
GOODS = ["Desk lamp", "Office chair", "Cable, 2 m", "Monitor arm", "Screws, box of 100", "Keyboard", "Rug", "Shelf, oak", "Mouse"]
NOTES = ["", "deliver to the back door", "gift", "paid", "returned once, then kept", "", "call before", "see invoice"]


def orders(random_):
    day = datetime.date(2023, 1, 2)
    rows = []
    for at in range(80):
        day += datetime.timedelta(days=random_.randrange(3))
        good = random_.choice(GOODS)
        rows.append([day.strftime("%d/%m/%Y"), f"{random_.randrange(8, 20):02}:{random_.randrange(60):02}:{random_.randrange(60):02}",
                     str(random_.randrange(1, 12)), f"P{1000 + at * 7}", f"{random_.uniform(2, 400):.2f}",
                     random_.choice(["Home", "Office", "Tools"]), f"{good} ({random_.choice(['new', 'used', 'B-stock'])})",
                     f"http://shop.example/p/{1000 + at * 7}", random_.choice(NOTES)])
    return ["Date", "Time", "Qty", "ProductID", "Price", "Type", "Description", "URL", "Comments"], rows


def people(random_):
    rows = []
    for at in range(40):
        first, last = random_.choice(FIRST), random_.choice(LAST)
        rows.append([f"{first} {last}", random_.choice(CITIES), f"{last}{at}@mail.example".lower(),
                     f"+49 {random_.randrange(200, 900)} {random_.randrange(10**5, 10**6)}",
                     random_.choice(["Sales", "Research", "Legal"]), random_.choice(NOTES)])
    return ["name", "city", "email", "phone", "department", "note"], rows


def readings(random_):
    moment = datetime.datetime(2024, 5, 1, 0, 0)
    rows = []
    for at in range(120):
        moment += datetime.timedelta(minutes=10)
        rows.append([moment.isoformat(sep=" ")] + [f"{random_.gauss(20, 5):.{places}f}" for places in (1, 1, 2, 3, 3, 4)]
                    + [str(random_.randrange(2000))])
    return ["timestamp", "t_in", "t_out", "humidity", "p1", "p2", "drift", "counter"], rows


def sales(random_):
    rows = []
    for at in range(50):
        day = datetime.date(2022, 1, 1) + datetime.timedelta(days=9 * at)
        rows.append([f"R-{2200 + at}", day.strftime("%d.%m.%Y"), random_.choice(LAST) + " GmbH",
                     random_.choice(["Berlin", "Köln", "Graz"]), str(random_.randrange(1, 40)),
                     f"{random_.uniform(1, 900):.2f}".replace(".", ","), random_.choice(["bezahlt", "offen"])])
    return ["Rechnung", "Datum", "Kunde", "Ort", "Menge", "Betrag", "Status"], rows


def pairs(random_):
    return ["code", "value"], [[f"K{at:03}", str(random_.randrange(10_000))] for at in range(30)]


def words(random_):
    return ["station"], [[random_.choice(CITIES) + f" {at}"] for at in range(25)]


def numbers(random_):
    return ["level"], [[f"{random_.uniform(0, 10):.3f}"] for _ in range(25)]


def wide(random_):
    names = ["id", "site"] + [f"m{at:02}" for at in range(1, 39)]
    return names, [[str(at + 1), random_.choice(CITIES)] + [str(random_.randrange(500)) for _ in range(38)] for at in range(12)]


def books(random_):
    titles = ['The "Blue" Door', "Rain, again", "A Map of Salt", 'Say "yes", then go', "Nine Lives; One Death", "Ombre"]
    rows = [[f"{9780000000000 + at * 37}", random_.choice(titles), f"{random_.choice(LAST)}, {random_.choice(FIRST)}",
             str(random_.randrange(1950, 2024)), random_.choice(CITIES), f"{random_.uniform(5, 60):.2f}",
             random_.choice(["in stock", "out of print", ""])] for at in range(60)]
    return ["isbn", "title", "author", "year", "place", "price", "state"], rows


def short(random_):
    return (["country", "capital", "area", "population", "since"],
            [["Ardania", "Vell", "1024.5", "250000", "1911"], ["Belmora", "Port Iss", "88.25", "12000", "1960"],
             ["Corvia", "Nar", "30500.75", "4100000", "1871"]])


def tickets(random_):
    states = ["open", "closed", "waiting"]
    rows = [[str(5000 + at), random_.choice(FIRST), random_.choice(states), random_.choice(["low", "high"]),
             random_.choice(["printer jams", "no network", "password lost", "screen is dark; again"]),
             (datetime.date(2024, 1, 1) + datetime.timedelta(days=at)).isoformat()] for at in range(60)]
    return ["ticket", "owner", "state", "urgency", "subject", "opened"], rows


def libri(random_):
    topics = ["storia; arte", "cucina", "poesia", 'detto "il Rosso"', "viaggi; mappe"]
    rows = [[f"{random_.choice(FIRST)} {random_.choice(LAST)}", random_.choice(topics), random_.choice(CITIES),
             random_.choice(["sì", "no"]), f"scaffale {random_.randrange(40)}"] for at in range(35)]
    return ["autore", "argomento", "luogo", "prestito", "posizione"], rows


FORMS = {
    orders: Form(newline="crlf"), people: Form(), readings: Form(delimiter="\t"),
    sales: Form(delimiter=";", newline="crlf"), pairs: Form(), words: Form(), numbers: Form(), wide: Form(),
    books: Form(quoting="all"), short: Form(), tickets: Form(delimiter="|", quoting="all"),
    libri: Form(delimiter=";", newline="crlf"),
}


def bases(seed):
    """All base tables, the same for the same seed."""
    return [Base(make.__name__, *make(random.Random(f"{seed}/{make.__name__}")), form) for make, form in FORMS.items()]
