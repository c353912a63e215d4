"""Who somebody may mean while he types a number or a name into the dialler (guide 11).

His own contacts first, then colleagues, short codes, and numbers that he called or that called him.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from officesmart.contacts import book
from officesmart.contacts.card import words_of
from officesmart.i18n import say
from officesmart.naming import people_of
from pbx.numbers import digits, is_extension, national
from pbx.store import records
from pbx.tables import Line, ShortCode

MOST = 8
RECENT = 30
"Calls of each direction that are looked through."


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


def suggest(session: Session, line_id: int, text: str, language: str) -> list[Suggestion]:
    """At most eight that fit; none for an empty text. Each number stands once."""
    if not text.strip():
        return []
    found: list[Suggestion] = []
    seen: set[str] = set()
    for name, number, dial, kind in _candidates(session, line_id, text[:200], language):
        if dial not in seen:
            seen.add(dial)
            found.append(Suggestion(len(found), name, number, dial, kind))
        if len(found) == MOST:
            break
    return found


def _candidates(
    session: Session, line_id: int, text: str, language: str
) -> Iterator[tuple[str, str, str, str]]:
    words = words_of(text)
    plain = digits(text) if not any(sign.isalpha() for sign in text) else ""
    if not (words or plain):
        return
    for row in book.find(session, line_id, text, limit=MOST).rows:
        for each in row.numbers:
            if each.kind != "fax":
                yield row.title, national(each.number), each.number, "contact"
    lines = session.exec(
        select(Line.extension, Line.name).where(col(Line.active)).order_by(col(Line.name))
    ).all()
    for extension, name in lines:
        if _fits(words, plain, f"{name} {extension}", extension):
            shown = say(language, it=f"int. {extension}", en=f"ext. {extension}")
            yield name, shown, extension, "extension"
    for code in session.exec(select(ShortCode).order_by(col(ShortCode.code))).all():
        if _fits(words, plain, f"{code.name} {code.code}", code.code):
            yield code.name, code.code, code.code, "code"
    yield from _recent(session, line_id, words, plain)


def _recent(
    session: Session, line_id: int, words: list[str], plain: str
) -> Iterator[tuple[str, str, str, str]]:
    calls = [
        *records.dialled(session, line_id, limit=RECENT),
        *records.received(session, line_id, limit=RECENT),
        *records.missed(session, line_id, limit=RECENT),
    ]
    calls.sort(key=lambda call: call.at, reverse=True)
    people = people_of(session, line_id, (call.number for call in calls))
    for call in calls:
        number = call.number
        if not number or is_extension(number) or not number.lstrip("+").isdecimal():
            continue
        name = people.name(number, call.name) or national(number)
        if _fits(words, plain, name, digits(number), digits(national(number))):
            yield name, national(number), number, "recent"


def _fits(words: list[str], plain: str, text: str, *numbers: str) -> bool:
    """Every word begins one of the text's, or the digits begin one of the numbers."""
    if plain:
        return any(number.startswith(plain) for number in numbers)
    there = words_of(text)
    return bool(words) and all(any(each.startswith(word) for each in there) for word in words)
