"""Callers as people type them into a list, one by one or pasted (guide 3.4.2).

Read without the digit of the outside line; who types it is offered the number without.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from officesmart.administration.rules import Fault
from officesmart.administration.typed import NO_NUMBER
from officesmart.call_manager.lists import FULL, MOST, TWICE, Entry, LeftOut
from pbx.numbers import digits, is_extension, national, to_e164
from pbx.routing import written
from pbx.routing.dialled import outside
from pbx.routing.office import Office

MOST_LINES = 500  # of a text that is pasted
LONGEST_PASTED = 20_000  # characters
LONGEST_NUMBER = 40  # characters, with what people put between the digits
SHORTEST_PREFIX = 2  # digits: fewer would be half the country
ANONYMOUS = frozenset(("anonimo", "anonimi", "anonymous", "privato", "nascosto", "withheld"))
"How people write that somebody hides his number."

EMPTY = Fault("Scrivi un numero", "Give a number")
TOO_SHORT = Fault(
    "Prima dell'asterisco scrivi almeno due cifre, per esempio 06*",
    "Give at least two digits before the star, such as 06*",
)
STAR_LAST = Fault(
    "L'asterisco sta alla fine: 02555* sono tutti i numeri che iniziano con 02555",
    "The star stands at the end: 02555* is every number that begins with 02555",
)


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed."""

    entry: Entry | None = None
    fault: Fault | None = None
    offer: str = ""
    "What was probably meant, as it is to be typed."


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a pasted text."""

    entries: tuple[Entry, ...] = ()
    "New ones, without an id."
    left_out: tuple[LeftOut, ...] = ()
    fault: Fault | None = None
    "Why nothing was read at all."


def read(text: str, office: Office) -> Read:
    """One entry as somebody types it: a number, 39066*, an extension or 'anonimo'."""
    plain = written.plain(text[: 5 * LONGEST_NUMBER])
    if not plain:
        return Read(fault=EMPTY)
    if plain.casefold() in ANONYMOUS:
        return Read(Entry(0, "anonymous"))
    if len(text.strip()) > LONGEST_NUMBER:
        many = len(digits(text))
        return Read(
            fault=Fault(
                f"Sono {many} cifre: nessun numero ne ha tante",
                f"{many} digits: no number has as many",
            )
            if re.fullmatch(r"\+?[0-9]+", plain)
            else NO_NUMBER
        )
    if "*" in plain:
        return _prefix(plain, text)
    if not re.fullmatch(r"\+?[0-9]+", plain):
        return Read(fault=NO_NUMBER)
    if is_extension(plain) and not plain.startswith("0"):
        return _short(plain, office)
    without = _without_the_0(plain, text, office.outside_prefix)
    if without:
        return Read(
            fault=Fault("Qui si scrive senza lo 0 di uscita", "Here without the 0 for outside"),
            offer=national(without),
        )
    number = to_e164(plain)
    return Read(Entry(0, "number", number)) if number else Read(fault=NO_NUMBER)


def read_many(text: str, present: Sequence[Entry], office: Office) -> Taken:
    """A pasted text, one entry per line (commas and semicolons part too).

    What cannot be taken is told with its reason; a number typed with the outside 0 is taken
    without it, for nobody wants to correct a hundred.
    """
    pieces = [piece.strip() for piece in re.split(r"[\n\r,;\t]+", text[:LONGEST_PASTED])]
    pieces = [piece for piece in pieces if piece]
    lines = text.count("\n") + 1
    if len(text) > LONGEST_PASTED or len(pieces) > MOST_LINES:
        many = max(lines, len(pieces))
        return Taken(
            fault=Fault(
                f"Sono {many} righe: un elenco tiene {MOST} voci. Incollane meno",
                f"{many} lines: a list holds {MOST} entries. Paste fewer",
            )
        )
    known = {each.meant for each in present}
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    for piece in pieces:
        found = read(piece, office)
        if found.offer:
            found = read(found.offer, office)
        entry, fault = found.entry, found.fault
        if entry is not None and entry.meant in known:
            fault = TWICE
        elif entry is not None and len(present) + len(entries) >= MOST:
            fault = FULL
        if entry is None or fault is not None:
            left_out.append(LeftOut(piece[:LONGEST_NUMBER], fault or NO_NUMBER))
            continue
        known.add(entry.meant)
        entries.append(entry)
    return Taken(tuple(entries), tuple(left_out))


def _short(plain: str, office: Office) -> Read:
    person = office.lines.get(plain)
    if person is not None:
        return Read(Entry(0, "extension", plain, person.name))
    number = outside(plain)
    if number:  # 892424 and its like call nobody, but a list may have them
        return Read(Entry(0, "number", to_e164(plain) or number))
    return Read(
        fault=Fault(
            f"{plain} non è un interno; di un numero esterno scrivi anche il prefisso",
            f"{plain} is no extension; of an outside number give the area code too",
        )
    )


def _without_the_0(plain: str, text: str, prefix: str) -> str:
    """The number behind the digit of the outside line, when that was typed; else ""."""
    if not prefix or not plain.startswith(prefix):
        return ""
    apart = re.match(rf"\s*{re.escape(prefix)}\s+\S", text) is not None
    behind = to_e164(plain.removeprefix(prefix))
    # 0039 06... and 06... are numbers as they stand: only a 0 that stands apart is one too many.
    return behind if behind and (apart or not to_e164(plain)) else ""


def _prefix(plain: str, text: str) -> Read:
    if plain.index("*") != len(plain) - 1:
        return Read(fault=STAR_LAST)
    begins = plain[:-1]
    if not re.fullmatch(r"\+?[0-9]*", begins):
        return Read(fault=NO_NUMBER)
    if len(digits(begins)) < SHORTEST_PREFIX:
        return Read(fault=TOO_SHORT)
    if len(digits(begins)) > 15:
        return Read(fault=NO_NUMBER)
    apart = re.match(r"\s*0\s+\S", text) is not None
    # 03...: places of the north; 0330 to 0339 and the like are none, but 0 and a mobile.
    mobile = re.fullmatch(r"03[2-9][0-9]{6,}", begins) is not None
    if apart or mobile:
        return Read(
            fault=Fault("Qui si scrive senza lo 0 di uscita", "Here without the 0 for outside"),
            offer=f"{begins[1:]}*",
        )
    return Read(Entry(0, "prefix", _beginning(begins)))


def _beginning(begins: str) -> str:
    """The beginning of an E.164 number: 39066 and 066 are Rome, 0044 is Britain, 335 a mobile."""
    if begins.startswith("+"):
        return begins
    if begins.startswith("00"):
        return f"+{begins[2:]}"
    if begins.startswith("390") or re.fullmatch(r"393[0-9]{2,}", begins):
        return f"+{begins}"
    return f"+39{begins}"
