"""A list of calls as a CSV file: what the page lists, or all of it that the office keeps.

Whose calls they are, which tab, and what the search means is judged here, whatever the address
says. The file is written while it is read, a piece at a time: a year of a busy line is never in
memory at once, and nobody else's page waits for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from officesmart.administration.files import NO_STORE, Who, for_persons
from officesmart.auth import Person
from officesmart.call_lists import KINDS, MOST_LISTED, PIECE, Sought, sought
from officesmart.cells import written
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.lists import Reader, call_line
from officesmart.naming import people_of
from officesmart.outcomes import in_words
from pbx.store.history import PAGE, CallRow, Kind

PATH = "/messaggi/file/chiamate.csv"
NAMES = {
    "perse": ("chiamate-perse", "missed-calls"),
    "effettuate": ("chiamate-effettuate", "dialled-calls"),
    "ricevute": ("chiamate-ricevute", "received-calls"),
    "rifiutate": ("chiamate-rifiutate", "rejected-calls"),
}
KIND_WORDS = {
    "missed": ("persa", "missed"),
    "dialled": ("effettuata", "dialled"),
    "received": ("ricevuta", "received"),
    "rejected": ("rifiutata", "rejected"),
}
HEADINGS = (
    ("Data e ora", "Date and time"),
    ("Tipo", "Kind"),
    ("Nome", "Name"),
    ("Azienda", "Company"),
    ("Numero", "Number"),
    ("Esito", "Outcome"),
    ("Durata", "Duration"),
    ("Partita da", "Made from"),
    ("Come è andata", "How it went"),
)
MOMENT = "%Y-%m-%d %H:%M:%S"
"As spreadsheets of every language read a moment."

Piece = tuple[list[tuple[str, ...]], CallRow | None]
"Rows of the file, and the last call of them when there may be more."


def call_routes(person: Who) -> list[Route]:
    """The route; `person` says who asks (see routes.py)."""
    return [Route(PATH, for_persons(person, calls_out), methods=["GET"])]


async def calls_out(request: Request, who: Person) -> Response:
    """The calls of one tab of whoever asks.

    `scheda`: the tab; `cerca`: what the page searches for; `righe`: how many it lists; `tutte=1`:
    all that are kept, in place of the two.
    """
    here, asked = desk(), request.query_params
    tab, every = asked.get("scheda", ""), asked.get("tutte") == "1"
    if tab not in KINDS:
        return PlainTextResponse("No such list.", 404)
    text = "" if every else asked.get("cerca", "")
    reader = Reader(who.language, here.zone, here.now())
    found = await sought(here.database, who.line_id, KINDS[tab], text, language=who.language)
    left = None if every else _listed(asked.get("righe", ""))
    # Read before the answer begins: what fails then is said on a page that can be read.
    first = await here.database.read(partial(_piece, found, reader, left, None))
    name = say(who.language, it=NAMES[tab][0], en=NAMES[tab][1])
    name = f"{name}-{reader.now.astimezone(here.zone):%Y-%m-%d}.csv"
    return StreamingResponse(
        _file(found, reader, left, first),
        media_type="text/csv; charset=utf-8",
        headers={**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'},
    )


def _listed(rows: str) -> int:
    known = rows.isascii() and rows.isdecimal() and len(rows) < 6
    return min(MOST_LISTED, max(1, int(rows))) if known else PAGE


async def _file(
    found: Sought, reader: Reader, left: int | None, first: Piece
) -> AsyncIterator[str]:
    """left: how many rows at most; None for all."""
    headings = tuple(say(reader.language, it=it, en=en) for it, en in HEADINGS)
    yield "".join(written([headings]))
    rows, last = first
    while rows:
        yield "".join(written(rows, begins=False))
        left = None if left is None else left - len(rows)
        if last is None or left == 0:
            return
        rows, last = await desk().database.read(partial(_piece, found, reader, left, last))


def _piece(
    found: Sought, reader: Reader, left: int | None, beyond: CallRow | None, session: Session
) -> Piece:
    limit = PIECE if left is None else min(PIECE, left)
    calls = found.piece(session, limit=limit, beyond=beyond)
    named = replace(
        reader,
        people=people_of(session, found.line_id, {n for call in calls for n in call.numbers}),
    )
    rows = [row(call, named, found.kind) for call in calls]
    return rows, calls[-1] if len(calls) == limit else None


def row(call: CallRow, reader: Reader, kind: Kind) -> tuple[str, ...]:
    """One call, in the words of the page."""
    told = call_line(call, reader)
    contact = reader.people.contacts.get(call.number)
    company = contact.company if contact is not None else ""
    named = reader.people.name(call.number, call.name) not in ("", call.number)
    name = told.name if named or not call.number else ""
    it, en = KIND_WORDS[kind]
    return (
        _moment(call, reader.zone),
        say(reader.language, it=it, en=en),
        name,
        company if company != name else "",
        call.number,
        in_words(reader.language, told.outcome, missed=kind == "missed", onward=told.onward),
        _clock(call.seconds),
        _from(told.first, call, reader.language) if kind == "dialled" else "",
        "; ".join(told.why),
    )


def _moment(call: CallRow, zone: ZoneInfo) -> str:
    return call.at.astimezone(zone).strftime(MOMENT)


def _clock(seconds: float) -> str:
    """'0:03:12'; empty when nobody talked."""
    whole = max(round(seconds), 1) if seconds > 0 else 0
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}" if whole else ""


def _from(first: str, call: CallRow, language: str) -> str:
    if not call.from_web:
        return say(language, it="telefono", en="phone")
    return f"web: {first}" if first else "web"
