"""How long a key in the search field takes, and an import, in an address book of N contacts.

    python -m bench.contacts [--contacts 5000]

Prints milliseconds: of `find` for a search that grows letter by letter (what a page waits for at
each key), of recognising a caller, and seconds for the trial and the taking over of a CSV file,
for merging a second one into the same contacts, and for looking for doubles.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from officesmart import migrate
from officesmart.contacts import book, csv_file, doubles, incoming
from pbx.store import contacts
from pbx.store.session import Database
from pbx.tables import Line

FIRST = ("Anna", "Bruno", "Carla", "Dario", "Elena", "Franco", "Giada", "Ivo", "Lucia", "Marco")
LAST = ("Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Valli")
COMPANY = ("Cartiera", "Trasporti", "Libreria", "Officina", "Studio", "Editrice", "Panificio")


def sheet(contacts: int) -> bytes:
    """A CSV file as people have it."""
    chance = random.Random(7)
    rows = ["Nome;Cognome;Azienda;Telefono ufficio;Cellulare;E-mail"]
    for n in range(contacts):
        first, last = chance.choice(FIRST), f"{chance.choice(LAST)}{n}"
        company = f"{chance.choice(COMPANY)} {chance.choice(LAST)} Srl"
        rows.append(
            f"{first};{last};{company};02 5{n:07};34{chance.randrange(10)} {n:07};"
            f"{first.lower()}.{last.lower()}@example.it"
        )
    return "\n".join(rows).encode()


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--contacts", type=int, default=5000)
    count = arguments.parse_args().contacts
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database = Database(f"sqlite:///{data}/office.db", data)
        migrate.upgrade(database)
        with database.session() as session:
            session.add(Line(id=1, extension="201", name="A", created_at=datetime.now(UTC)))
        began = time.perf_counter()
        read = csv_file.read(sheet(count))
        with database.session() as session:
            trial = incoming.try_out(session, 1, csv_file.cards(read, read.guess()))
            tried = time.perf_counter()
            incoming.take_over(session, 1, trial.chosen)
        done = time.perf_counter()
        print(f"{count} rows: trial {tried - began:.2f} s, taking over {done - tried:.2f} s")
        read = csv_file.read(sheet(count).replace(b";02 5", b";02 6"))
        with database.session() as session:
            began = time.perf_counter()
            trial = incoming.try_out(session, 1, csv_file.cards(read, read.guess()))
            tried = time.perf_counter()
            incoming.take_over(session, 1, trial.chosen)
        done = time.perf_counter()
        print(f"merged into them: trial {tried - began:.2f} s, taking over {done - tried:.2f} s")
        with database.reading() as session:
            began = time.perf_counter()
            doubles.doubles(session, 1)
            print(f"doubles looked for: {time.perf_counter() - began:.2f} s")
        keys, known = [], []
        with database.reading() as session:
            for word in ("lucia rossi12", "trasp val", "025000", "zzz", "m"):
                for end in range(len(word) + 1):
                    at = time.perf_counter()
                    book.find(session, 1, word[:end])
                    keys.append(1000 * (time.perf_counter() - at))
            for n in range(0, count, max(1, count // 200)):
                at = time.perf_counter()
                assert contacts.known(session, 1, f"+39025{n:07}") is not None
                known.append(1000 * (time.perf_counter() - at))
        print(f"a key: {statistics.median(keys):.1f} ms median, {max(keys):.1f} ms worst")
        print(f"a caller: {statistics.median(known):.2f} ms median, {max(known):.2f} ms worst")
        database.close()


if __name__ == "__main__":
    main()
