"""What a decision costs in an office of 400 lines whose lists are full, and what reading it costs.

    .venv/bin/python bench/decide.py                 # prints one line of JSON, in milliseconds

`decide` is asked for calls of every kind, each thousands of times: plain ones, callers on the last
place of three lists of 100, ring plans of ten phones. The snapshot is built from a database with
400 lines, without lists and with 25 entries a line (10,000 in all). As a yardstick that depends on
the machine alone, the time of reading a JSON text of 1 kB is printed beside; quote ratios to it.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from officesmart import migrate
from pbx.routing.callers import LISTS, Caller
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office, Person, TrunkFacts
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import CallerEntry, Line, Mailbox, SipAccount

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LINES = 400
ENTRIES = 100
ROUNDS = 4000
MARIA = "+393331112222"


def settings(line: int) -> dict[str, dict[str, Any]]:
    """Every service that lets the call ring in the end is on."""
    phones = [
        {"number": "", "rings": [True] * 6},
        *({"number": str(1000 + (line + n) % LINES), "rings": [True] * 6} for n in range(1, 5)),
        *({"number": f"+39347000{line:03d}{n}", "rings": [True] * 6} for n in range(5)),
    ]
    return {
        **{name: {"enabled": True, "number": "1001"} for name in LISTS},
        "anonymous_reject": {"enabled": True},
        "do_not_disturb": {"enabled": False},
        "forward_busy": {"enabled": True, "number": "1002"},
        "forward_unavailable": {"enabled": True, "number": "1003"},
        "forward_no_answer": {"enabled": True, "number": "+39025550000", "seconds": 120},
        "mailbox": {"seconds": 150},
        "ring_plan": {"mode": "in_order", "periods": [18] * 6, "phones": phones},
        "caller_id": {"passes_caller": True},
    }


def full_office() -> Office:
    """400 lines with three lists of 100 and a ring plan of ten phones each."""
    dice = random.Random(1)
    lines = {}
    for at in range(LINES):
        entries = tuple(
            Caller("number", number, f"Caller {n}", n, frozenset((number,)))
            for n, number in enumerate(f"+3933{dice.randrange(10**8):08d}" for _ in range(ENTRIES))
        )
        lines[str(1000 + at)] = Person(
            line_id=at,
            extension=str(1000 + at),
            name=f"Person {at}",
            number=f"+3902555{at:05d}",
            options=settings(at),
            callers=dict.fromkeys(LISTS, entries),
        )
    return Office(
        lines=lines,
        numbers={person.number: line for line, person in lines.items()},
        trunks={1: TrunkFacts(1, "Linea")},
    )


def listed_last(office: Office, service: str) -> Office:
    """The office with Maria on the last place of a list of 1200."""
    person = office.lines["1200"]
    entry = Caller("number", MARIA, "Maria", 0, frozenset((MARIA,)))
    callers = {**person.callers, service: (*person.callers[service][:-1], entry)}
    return replace(office, lines={**office.lines, "1200": replace(person, callers=callers)})


def median_ms(deed: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and 99 % of the processor time of one deed, in milliseconds."""
    deed()
    took = []
    for _ in range(rounds):
        began = time.thread_time()
        deed()
        took.append((time.thread_time() - began) * 1000)
    return round(statistics.median(took), 4), round(statistics.quantiles(took, n=100)[98], 4)


def deciding() -> dict[str, tuple[float, float]]:
    """Calls of every kind."""
    office = full_office()
    registered = frozenset(office.lines)
    stranger = CallFacts(
        "1200", NOW, from_trunk=1, caller_number="+393400000000", registered=registered
    )
    plain = replace(
        office, lines={line: replace(p, options={}, callers={}) for line, p in office.lines.items()}
    )
    maria = replace(stranger, caller_number=MARIA)
    unreadable = replace(stranger, caller_number="9993400000000")
    asked = {
        "nothing set": (stranger, plain),
        "colleague": (replace(stranger, from_trunk=0, from_line="1300"), office),
        "on no list, ring plan of ten": (stranger, office),
        "number without a country": (unreadable, office),
        **{f"last on {name}": (maria, listed_last(office, name)) for name in LISTS},
    }
    return {
        name: median_ms(lambda facts=facts, whole=whole: decide(facts, whole))  # type: ignore[misc]
        for name, (facts, whole) in asked.items()
    }


def reading() -> dict[str, tuple[float, float]]:
    """The snapshot of 400 lines, without caller lists and with 10,000 entries."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/office.db", Path(folder))
        migrate.upgrade(database)
        with database.session() as session:
            for at in range(1, LINES + 1):
                line = Line(id=at, extension=str(1000 + at), name=f"Person {at}", created_at=NOW)
                session.add_all(
                    [line, Mailbox(line_id=at), SipAccount(line_id=at, username=str(1000 + at))]
                )

        def read() -> Office:
            with database.reading() as session:
                return build(session)

        found = {"400 lines": median_ms(read, 40)}
        with database.session() as session:
            session.add_all(
                CallerEntry(
                    line_id=at % LINES + 1,
                    service=sorted(LISTS)[at % 3],
                    kind="number",
                    value=f"+3933{at:08d}",
                    name=f"Caller {at}",
                )
                for at in range(10_000)
            )
        found["400 lines, 10,000 entries"] = median_ms(read, 40)
        database.close()
    return found


def main() -> None:
    """Measure and print."""
    text = json.dumps({str(n): [n, "x" * 40] for n in range(18)})
    yardstick, _ = median_ms(lambda: json.loads(text))
    print(
        json.dumps(
            {
                "milliseconds": "median, 99 %",
                "json of 1 kB": yardstick,
                "decide": deciding(),
                "snapshot": reading(),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
