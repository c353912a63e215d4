"""How long a key in the search field takes, and an import, in an address book of N contacts.

    python -m bench.contacts [--contacts 10000]

Prints seconds, as the clock and as the processor has them, for judging a file of N rows and for
taking it over: all new, all merged into contacts of the same name, all skipped, all there already,
every row twice, and as vCards. Beside them how late a loop was that shares the process, as the
exchange's does: at worst, and in 99 of 100 times; the first line is of doing nothing, for what the
machine itself keeps a loop waiting. Then the milliseconds of `find` for a search that grows letter
by letter (what a page waits for at each key) and of recognising a caller.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from officesmart import migrate
from officesmart.contacts import book, csv_file, doubles, incoming, vcards
from officesmart.contacts.incoming import Incoming, SameName, Trial
from pbx.store import contacts
from pbx.store.session import Database
from pbx.tables import Line

FIRST = ("Anna", "Bruno", "Carla", "Dario", "Elena", "Franco", "Giada", "Ivo", "Lucia", "Marco")
LAST = ("Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Valli")
COMPANY = ("Cartiera", "Trasporti", "Libreria", "Officina", "Studio", "Editrice", "Panificio")
TICK = 0.002
"Seconds between two looks of the loop that is to stay quick."


def sheet(contacts: int, *, twice: bool = False) -> bytes:
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
        if twice:
            rows.append(rows[-1])
    return "\n".join(rows).encode()


@contextmanager
def lag(late: list[float]) -> Iterator[None]:
    """A loop on a thread of its own; how late it was each time (ms) is put in a list."""
    over = threading.Event()

    async def tick() -> None:
        while not over.is_set():
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            late.append(1000 * (time.perf_counter() - due))

    thread = threading.Thread(target=lambda: asyncio.run(tick()))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def measured(yardstick: float, words: str, deed: Callable[[], Any]) -> Any:
    """Do something and print what it took."""
    late: list[float] = []
    with lag(late):
        clock, cpu = time.perf_counter(), time.process_time()
        answer = deed()
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    late.sort()
    print(
        f"{words:34} {clock:6.2f} s {cpu:6.2f} s of processor {cpu / yardstick:6.0f} yardsticks, "
        f"loop late {late[-1]:5.1f} ms at worst, {late[len(late) * 99 // 100]:4.1f} ms",
        flush=True,
    )
    return answer


def yard() -> float:
    """Seconds of processor for 1,000 readings of 1 kB of JSON: what this machine is worth now."""
    text = json.dumps([{"name": f"Nome {n}", "number": n} for n in range(30)])[:1024] + '"}]'
    text = json.dumps({"text": text, "rows": list(range(100))})
    began = time.process_time()
    for _ in range(1000):
        json.loads(text)
    return time.process_time() - began


def main() -> None:
    """Measure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--contacts", type=int, default=10_000)
    count = arguments.parse_args().contacts
    yardstick = min(yard() for _ in range(5))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        database = Database(f"sqlite:///{data}/office.db", data)
        migrate.upgrade(database)
        with database.session() as session:
            session.add(Line(id=1, extension="201", name="A", created_at=datetime.now(UTC)))
            session.add(Line(id=2, extension="202", name="B", created_at=datetime.now(UTC)))

        def rows_of(content: bytes) -> Iterable[Incoming]:
            read = csv_file.read(content)
            return csv_file.cards(read, read.guess())

        def run(
            words: str,
            source: Callable[[], Iterable[Incoming]],
            *,
            line: int = 1,
            same_name: SameName = "merge",
            keeps: bool = True,
        ) -> None:
            def judged() -> Trial:
                with database.reading() as session:
                    return incoming.try_out(session, line, source(), same_name=same_name)

            def taken() -> None:
                with database.session() as session:
                    incoming.take_over(session, line, trial.chosen)

            trial = measured(yardstick, f"{words}, judged", judged)
            if trial.chosen and keeps:
                measured(yardstick, f"{words}, taken over", taken)

        measured(yardstick, "nothing", lambda: time.sleep(2))
        new = sheet(count)
        other = new.replace(b";02 5", b";02 6")
        run("new", lambda: rows_of(new))
        run("skipped", lambda: rows_of(other), same_name="skip")
        run("merged", lambda: rows_of(other))
        run("there already", lambda: rows_of(other))
        run("each twice", lambda: rows_of(sheet(count // 2, twice=True)), line=2)
        with database.reading() as session:
            cards = vcards.write(book.cards(session, 1)).encode()
        with database.session() as session:
            book.remove(session, 2, book.ids(session, 2))
        run("vCards", lambda: vcards.cards(vcards.split(cards)), line=2)

        with database.reading() as session:
            measured(yardstick, "doubles", lambda: doubles.doubles(session, 1))
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
