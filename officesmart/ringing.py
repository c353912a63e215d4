"""The calls that ring at a line now, as its pages show them: who calls, what brought the call here,
what may be done with it, and who that is in the line's own address book.

Names are those of naming.py; `meet` asks the database what else is known of one caller.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, or_, select

from officesmart.auth import Person
from officesmart.contacts.card import words_of
from officesmart.desk import desk
from officesmart.i18n import duration, initials, say, when
from officesmart.line import presence
from pbx.events.board import Board, Call, Rings
from pbx.events.kinds import Party
from pbx.numbers import LAST_DIGITS, digits, is_extension, national
from pbx.store.contacts import Known
from pbx.tables import CallRecord, Contact, Line

if TYPE_CHECKING:
    from officesmart.page import Portal

log = logging.getLogger(__name__)
PATIENCE = 0.4  # seconds that a slow database may keep an incoming call from being shown
SHOWN = 6
"Colleagues under the field; typing finds the others."
LONGEST_SEARCH = 80
NOTES = 240
"Characters of a contact's notes that are shown."


@dataclass(frozen=True)
class Met:
    """What the line's own address book and history tell of who calls, besides the name."""

    role: str = ""
    notes: str = ""
    talked_at: datetime | None = None
    "When they last spoke."
    talked: float = 0.0
    "For how many seconds."


@dataclass(frozen=True)
class Incoming:
    """A call that rings at my phones, for the browser."""

    id: str
    name: str
    "Mine for them, else theirs, else the number; empty when it is withheld."
    number: str
    "As people write it; empty when it adds nothing to the name."
    dial: str
    "To be added to the contacts."
    initials: str
    company: str
    role: str
    notes: str
    last: str
    "When we last spoke, in words."
    contact: int
    can_add: bool
    through: str
    "What brought it here, in words; empty when it was simply dialled."
    said: str
    "All of it in one sentence, for a screen reader."
    own: bool
    "It is for this line; else it rings along for somebody."
    mailbox: bool
    forward: bool
    age: int
    "Milliseconds since my phones began to ring."


@dataclass(frozen=True)
class Colleague:
    """Somebody that a call may be forwarded to."""

    extension: str
    name: str
    initials: str
    presence: str
    place: int


# --- what is known -----------------------------------------------------------------------------


def meet(session: Session, line_id: int, number: str, contact_id: int = 0) -> Met:
    """Who this number is to a line. contact_id: the contact that it was recognised as."""
    found = _last_talk(session, line_id, number) if number else None
    at, seconds = found if found is not None else (None, 0.0)
    contact = session.get(Contact, contact_id) if contact_id else None
    if contact is None or contact.line_id != line_id:
        return Met(talked_at=at, talked=seconds)
    return Met(contact.role, contact.notes[:NOTES], at, seconds)


def _last_talk(session: Session, line_id: int, number: str) -> tuple[datetime, float] | None:
    """When a person of this line and that number last spoke, and for how long."""
    whole, tail = number, digits(number)[-LAST_DIGITS:]
    like = is_extension(number) or len(tail) < LAST_DIGITS
    theirs = col(CallRecord.caller_number)
    dialled = col(CallRecord.dialled)
    row = session.exec(
        select(CallRecord)
        .where(
            col(CallRecord.answered_by) == "person",
            or_(
                (col(CallRecord.to_line_id) == line_id)  # has an index, who answered has none
                & (col(CallRecord.answered_line_id) == line_id)
                & (theirs == whole if like else theirs.endswith(tail)),
                (col(CallRecord.from_line_id) == line_id)
                & (dialled == whole if like else dialled.endswith(tail)),
            ),
        )
        .order_by(col(CallRecord.started_at).desc())
        .limit(1)
    ).first()
    if row is None or row.answered_at is None:
        return None
    return row.answered_at, (row.ended_at - row.answered_at).total_seconds()


# --- in words ----------------------------------------------------------------------------------


def ringing(
    board: Board,
    line: str,
    met: Mapping[str, Met],
    language: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    shown: Callable[[Party], Known],
) -> list[Incoming]:
    """The calls that ring at this line, as they came, so that no button moves from under
    a hand when another call comes. met: by call, of those looked up; shown:
    what the line calls a side."""
    found = [(call, call.rings[line]) for call in board.calls.values() if line in call.rings]
    found.sort(key=lambda each: each[1].since)
    return [
        _incoming(call, rings, shown(call.caller), met.get(call.call, Met()), language, now, zone)
        for call, rings in found
    ]


def _incoming(
    call: Call,
    rings: Rings,
    known: Known,
    met: Met,
    language: str,
    now: datetime,
    zone: ZoneInfo,
) -> Incoming:
    who = call.caller
    name = known.name or national(who.number)
    number = national(who.number) if name != national(who.number) else ""
    company = known.company if known.company != name else ""
    last = ""
    if met.talked_at is not None:
        last = when(language, met.talked_at, now, zone) + ", " + duration(language, met.talked)
    way = through(rings, language)
    return Incoming(
        id=call.call,
        name=name,
        number=number,
        dial=who.number,
        initials=initials(name) if known.name else "",
        company=company,
        role=met.role,
        notes=met.notes,
        last=last,
        contact=known.contact_id,
        can_add=bool(who.number) and not known.contact_id and not who.line,
        through=way,
        said=sentence(name, company, way, language),
        own=rings.through.kind != "plan",
        mailbox="mailbox" in rings.may,
        forward="colleague" in rings.may,
        age=max(0, int((now - rings.since).total_seconds() * 1000)),
    )


def through(rings: Rings, language: str) -> str:
    """What brought a call to these phones, in words; empty when it was simply dialled."""
    way = rings.through
    who = _called(way.who)
    match way.kind:
        case "plan":
            return say(
                language,
                it=f"squilla anche da te per {who}",
                en=f"ringing at yours too, for {who}",
            )
        case "forward":
            return say(language, it=f"inoltrata da {who}", en=f"forwarded by {who}")
        case "transfer":
            return say(language, it=f"passata da {who}", en=f"transferred by {who}")
        case "orbit":
            return say(
                language,
                it=f"torna dal parcheggio {way.orbit}",
                en=f"back from parking {way.orbit}",
            )
        case "number":
            return say(language, it=f"sul numero {who}", en=f"to the number {who}")
    return ""


def sentence(name: str, company: str, way: str, language: str) -> str:
    """The call in one sentence, to be heard once."""
    who = name or say(language, it="un numero anonimo", en="a withheld number")
    parts = [say(language, it=f"Chiamata in arrivo da {who}", en=f"Incoming call from {who}")]
    parts += [part for part in (company, way) if part]
    return ", ".join(parts) + "."


def _called(party: Party) -> str:
    return party.name or national(party.number)


def colleagues(
    everybody: Iterable[tuple[str, str]], board: Board, text: str, *, but: Iterable[str]
) -> list[Colleague]:
    """Who a call may be forwarded to, as typed; who can take it first, and who is away last."""
    wanted, left_out = words_of(text[:LONGEST_SEARCH]), set(but)
    order = {"available": 0, "busy": 1, "ringing": 1, "dnd": 2, "offline": 3}
    found = []
    for extension, name in everybody:
        known = " " + " ".join(words_of(f"{name} {extension}"))
        if extension not in left_out and all(f" {word}" in known for word in wanted):
            found.append((presence(board, extension), name, extension))
    found.sort(key=lambda each: (order[each[0]], each[1].casefold(), each[2]))
    return [
        Colleague(extension, name or extension, initials(name or extension), how, place)
        for place, (how, name, extension) in enumerate(found[:SHOWN])
    ]


def everybody(session: Session) -> list[tuple[str, str]]:
    """The office's active lines: extension and name."""
    rows = session.exec(select(Line.extension, Line.name).where(col(Line.active))).all()
    return [(extension, name) for extension, name in rows]


# --- on a page ---------------------------------------------------------------------------------


async def show(page: Portal, who: Person, topics: Iterable[str]) -> None:
    """Bring a page's incoming calls up to date; what is new is said once."""
    here = desk()
    board, line, shown = here.phone.board(), who.extension, page._people.shown
    calls = {call.call: call for call in board.calls.values() if line in call.rings}
    known = {} if "contacts" in topics else page._met
    met = {call: known[call] for call in calls if call in known}
    unknown = {call: calls[call].caller for call in calls if call not in met}
    new = [call for call in calls if call not in page._heard]
    if unknown:
        try:
            met |= await here.database.read(
                lambda s: {
                    call: meet(s, who.line_id, party.number, shown(party).contact_id)
                    for call, party in unknown.items()
                },
                limit=PATIENCE,
            )
        except (TimeoutError, SQLAlchemyError) as error:
            log.warning("who calls cannot be looked up now: %r", error)
    page._met = met
    page._put_away = [call for call in page._put_away if call in calls]
    rows = ringing(board, line, met, page._language, here.now(), here.zone, shown=shown)
    page.incoming = [row for row in rows if row.id not in page._put_away]
    page._heard = list(calls)
    if new:
        page.incoming_said = " ".join(row.said for row in rows if row.id in new)
    elif not calls:
        page.incoming_said = ""
    if page.forwarding and page.forwarding not in calls:
        page.forwarding = ""
    if page.forwarding:
        show_colleagues(page, who)
    else:
        here.live.curious(page.router.session.client_token, False)


def show_colleagues(page: Portal, who: Person) -> None:
    """Who fits what is typed, and how each stands now."""
    board = desk().phone.board()
    call = board.calls.get(page.forwarding)
    but = [who.extension, *((call.caller.line,) if call is not None else ())]
    page.colleagues = colleagues(page._everybody, board, page._forward_text, but=but)
