"""Who somebody may mean while he types a number or a name into the dialler (guide 11).

His own contacts first, then colleagues, short codes, and numbers that he called or that called him.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlmodel import Session, col, select

from officesmart.contacts import book
from officesmart.contacts.card import joined, words_of
from officesmart.i18n import say
from officesmart.naming import people_of
from pbx.numbers import digits, is_extension, national
from pbx.routing.dialled import outside
from pbx.store import history, settings
from pbx.tables import Line, ShortCode

MOST = 60
"Of the list, which scrolls."
MOST_CONTACTS = 40
"Of them, so that colleagues and codes of the same beginning are found as well."
FEW = 5
"Recent calls at the top of it."
WORD = re.compile(r"\w+")
LABELS = {
    "work": ("lavoro", "work"),
    "home": ("casa", "home"),
    "mobile": ("cellulare", "mobile"),
    "other": ("altro", "other"),
    "sip": ("SIP", "SIP"),
    "code": ("codice breve", "short code"),
    "recent": ("recente", "recent"),
}
RECENT = 30
"Calls of each direction that are looked through."


@dataclass(frozen=True)
class Piece:
    """Some letters of a name or a number, for the browser."""

    text: str
    hit: bool
    "What was typed fits them."


@dataclass(frozen=True)
class Suggestion:
    """Somebody to call, for the browser."""

    place: int
    name: str
    number: str
    "As people read it."
    dial: str
    kind: str
    "'contact', 'extension', 'code' or 'recent'."
    label: str
    "What kind of number it is: work, mobile, ..."
    title: list[Piece]
    written: list[Piece]


def suggest(session: Session, line_id: int, text: str, language: str) -> list[Suggestion]:
    """Whoever fits, his own contacts first; none for an empty text. Each number stands once."""
    if not text.strip():
        return []
    text = text[:200]
    found = _told(_candidates(session, line_id, text, language), text, language, MOST)
    prefix = settings.read(session, settings.OUTSIDE_PREFIX)
    behind = digits(text).removeprefix(prefix)
    if not found and prefix and len(behind) > 2 and text.strip().startswith(prefix):
        # 0 02 5550: the digit of the outside line is no part of anybody's number.
        found = _told(_candidates(session, line_id, behind, language), behind, language, MOST)
    return found


def everybody(session: Session, line_id: int, language: str) -> list[Suggestion]:
    """Whom somebody may choose who types nothing: called lately, his contacts, colleagues."""
    return _told(_everybody(session, line_id, language), "", language, MOST)


Candidate = tuple[str, str, str, str, str]
"Name, number as people read it, as it is dialled, kind, and the kind of a contact's number."


def _told(candidates: Iterator[Candidate], text: str, language: str, most: int) -> list[Suggestion]:
    words = words_of(text)
    plain = digits(text) if not any(sign.isalpha() for sign in text) else ""
    found: list[Suggestion] = []
    seen: set[str] = set()
    for name, number, dial, kind, sort in candidates:
        if dial in seen:
            continue
        seen.add(dial)
        it, en = LABELS.get(sort or kind, ("", ""))
        title = [Piece(name, False)] if plain else marked(name, words)
        written = marked_number(number, plain)
        found.append(
            Suggestion(
                len(found), name, number, dial, kind, say(language, it=it, en=en), title, written
            )
        )
        if len(found) == most:
            break
    return found


def marked(text: str, words: list[str]) -> list[Piece]:
    """The text in pieces: the beginnings of its words that the typed ones fit stand out."""
    pieces: list[Piece] = []
    at = 0
    for found in WORD.finditer(text):
        folded = "".join(words_of(found[0]))
        length = max((len(word) for word in words if folded.startswith(word)), default=0)
        if length:
            start = found.start()
            pieces += [Piece(text[at:start], False), Piece(text[start : start + length], True)]
            at = start + length
    pieces.append(Piece(text[at:], False))
    return [piece for piece in pieces if piece.text]


def marked_number(shown: str, plain: str) -> list[Piece]:
    """A number in pieces: the digits it begins with that were typed stand out."""
    if not plain:
        return [Piece(shown, False)]
    there = [place for place, sign in enumerate(shown) if sign.isdigit()]
    if len(there) < len(plain) or "".join(shown[place] for place in there)[: len(plain)] != plain:
        return [Piece(shown, False)]
    start, end = there[0], there[len(plain) - 1] + 1
    pieces = (Piece(shown[:start], False), Piece(shown[start:end], True), Piece(shown[end:], False))
    return [piece for piece in pieces if piece.text]


def _everybody(session: Session, line_id: int, language: str) -> Iterator[Candidate]:
    yield from islice(_recent(session, line_id, [], ""), FEW)
    yield from _contacts(session, line_id, "", MOST // 2)
    for extension, name in _lines(session, line_id):
        yield _colleague(extension, name, language)


def _contacts(session: Session, line_id: int, text: str, limit: int) -> Iterator[Candidate]:
    for row in book.find(session, line_id, text, limit=limit).rows:
        for each in row.numbers:
            if each.kind != "fax":
                yield row.title, national(each.number), each.number, "contact", each.kind


def _lines(session: Session, line_id: int) -> list[tuple[str, str]]:
    """Everybody's extension and name but one's own."""
    rows = session.exec(
        select(Line.extension, Line.name)
        .where(col(Line.active), Line.id != line_id)
        .order_by(col(Line.name))
    ).all()
    return [(extension, name) for extension, name in rows]


def _colleague(extension: str, name: str, language: str) -> Candidate:
    shown = say(language, it=f"int. {extension}", en=f"ext. {extension}")
    return name, shown, extension, "extension", ""


def _candidates(session: Session, line_id: int, text: str, language: str) -> Iterator[Candidate]:
    words = words_of(text)
    plain = digits(text) if not any(sign.isalpha() for sign in text) else ""
    if not (words or plain):
        return
    yield from islice(_contacts(session, line_id, text, MOST_CONTACTS), MOST_CONTACTS)
    for extension, name in _lines(session, line_id):
        if _fits(words, plain, f"{name} {extension}", extension):
            yield _colleague(extension, name, language)
    for code in session.exec(select(ShortCode).order_by(col(ShortCode.code))).all():
        if _fits(words, plain, f"{code.name} {code.code}", code.code):
            yield code.name, code.code, code.code, "code", ""
    yield from _recent(session, line_id, words, plain)


def _recent(session: Session, line_id: int, words: list[str], plain: str) -> Iterator[Candidate]:
    calls = [
        *history.dialled(session, line_id, limit=RECENT),
        *history.received(session, line_id, limit=RECENT),
        *history.missed(session, line_id, limit=RECENT),
    ]
    calls.sort(key=lambda call: call.at, reverse=True)
    people = people_of(session, line_id, (call.number for call in calls))
    prefix = settings.read(session, settings.OUTSIDE_PREFIX)
    for call in calls:
        number = call.number
        if not number or is_extension(number) or not number.lstrip("+").isdecimal():
            continue
        name = people.name(number, call.name)
        if (meant := outside(number, prefix)).startswith("+"):
            number = meant  # dialled with a 0 and received without it: one and the same
        name = name or national(number)
        anybody = not (words or plain)
        if anybody or _fits(words, plain, name, digits(number), digits(national(number))):
            yield name, national(number), number, "recent", ""


def _fits(words: list[str], plain: str, text: str, *numbers: str) -> bool:
    """Every word begins one of the text's, or the digits begin one of the numbers."""
    if plain:
        return any(number.startswith(plain) for number in numbers)
    there = [*words_of(text), *joined(text)]
    return bool(words) and all(any(each.startswith(word) for each in there) for word in words)
