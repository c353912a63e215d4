"""Messages and calls as rows under days, ready for the browser, in one language.

Pure: rows of the store in, plain values out. Moments are shown on the office's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from officesmart import i18n
from officesmart.i18n import say
from officesmart.naming import People
from pbx.numbers import is_extension, looks_external, national
from pbx.routing import limits
from pbx.routing.features import click_to_dial
from pbx.routing.features.click_to_dial import ASKED, OWN_PHONES
from pbx.store.history import CallRow
from pbx.tables import Mailbox, VoiceMessage

BARS = 150
STEP, MIDDLE, TALLEST, SHORTEST = 6, 24, 21, 1.5  # of the wave's 900 x 48 picture
NEARLY = 80  # per cent of a mailbox from which the page warns (behaviour 4.1)

NOT_BEGUN = frozenset({click_to_dial.NAME, limits.NAME})
"Features whose reasons come before anything is decided about the number itself."
R = TypeVar("R")


@dataclass(frozen=True)
class MessageRow:
    """One voice message."""

    id: int
    name: str
    detail: str
    number: str
    "To call back; empty when it was withheld."
    at: str
    iso: str
    lasts: str
    spoken_length: str
    total: str
    "As on a clock: '0:48'."
    seconds: float
    fresh: bool
    heard: bool
    urgent: bool
    wave: str
    "The `d` of an SVG path."
    can_add: bool = False
    "It is a number outside the office that no contact has."


@dataclass(frozen=True)
class MessageDay:
    """The messages of one day."""

    heading: str
    rows: list[MessageRow]


@dataclass(frozen=True)
class CallLine:
    """One call of the past."""

    id: int
    name: str
    detail: str
    number: str
    at: str
    iso: str
    lasts: str
    outcome: str
    "'message', 'no_answer', 'busy', 'declined', 'talked', ...: see pages/_call_rows.py."
    message: int
    "The message it left; 0 for none."
    fresh: bool
    from_web: bool
    first: str = ""
    "Which other telephone rang first for a call made from the web, in words."
    way: str = ""
    "'missed', 'in' or 'out', in a list that mixes them."
    why: list[str] = field(default_factory=list)
    "What decided where the call went, in the order in which it did."
    can_add: bool = False
    "It is a number outside the office that no contact has."
    onward: str = ""
    "Who answered a call that the reader's own line had forwarded."


@dataclass(frozen=True)
class CallDay:
    """The calls of one day."""

    heading: str
    rows: list[CallLine]


@dataclass(frozen=True)
class Fill:
    """How full a mailbox is; all zeros when there is none."""

    messages: int = 0
    most: int = 0
    minutes: int = 0
    most_minutes: int = 0

    @property
    def message_share(self) -> int:
        """Per cent, at most 100."""
        return min(100, round(100 * self.messages / self.most)) if self.most else 0

    @property
    def minute_share(self) -> int:
        """Per cent, at most 100."""
        return min(100, round(100 * self.minutes / self.most_minutes)) if self.most_minutes else 0


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes: the language, the office's zone, and the present moment."""

    language: str
    zone: ZoneInfo
    now: datetime
    people: People = field(default_factory=People)
    "What the reader calls whoever has a number."

    @property
    def today(self) -> date:
        """The office's day."""
        return self.now.astimezone(self.zone).date()


def message_days(found: Iterable[VoiceMessage], reader: Reader) -> list[MessageDay]:
    """Messages under the day they were left on, in the order given."""
    return [
        MessageDay(heading, rows)
        for heading, rows in _days(
            list(found), lambda message: message.left_at, lambda m: _message(m, reader), reader
        )
    ]


def call_days(
    found: Iterable[CallRow],
    reader: Reader,
    *,
    fresh: frozenset[int] = frozenset(),
    ways: Mapping[int, str] | None = None,
) -> list[CallDay]:
    """Calls under their day, in the order given."""
    way_of = ways or {}
    return [
        CallDay(heading, rows)
        for heading, rows in _days(
            list(found),
            lambda call: call.at,
            lambda c: call_line(c, reader, fresh=c.id in fresh, way=way_of.get(c.id, "")),
            reader,
        )
    ]


def _days(
    found: Sequence[R],
    moment: Callable[[R], datetime],
    row: Callable[[R], object],
    reader: Reader,
) -> list[tuple[str, list]]:  # type: ignore[type-arg]
    def day_of(each: R) -> date:
        return moment(each).astimezone(reader.zone).date()

    return [
        (i18n.day_heading(reader.language, day, reader.today), [row(each) for each in group])
        for day, group in groupby(found, key=day_of)
    ]


def _message(message: VoiceMessage, reader: Reader) -> MessageRow:
    number = message.caller_number
    called = reader.people.name(number, message.caller_name)
    name, detail = names_of(called, number, reader.language)
    return MessageRow(
        id=message.id or 0,
        name=name,
        detail=detail,
        number=number,
        can_add=_can_add(number, reader),
        at=i18n.clock(message.left_at, reader.zone),
        iso=message.left_at.isoformat(timespec="seconds"),
        lasts=i18n.duration(reader.language, message.seconds),
        spoken_length=i18n.spoken_duration(reader.language, message.seconds),
        total=f"{round(message.seconds) // 60}:{round(message.seconds) % 60:02d}",
        seconds=round(message.seconds, 2),
        fresh=message.state == "new",
        heard=message.state == "heard",
        urgent=message.urgent,
        wave=wave(message.peaks),
    )


def call_line(call: CallRow, reader: Reader, *, fresh: bool = False, way: str = "") -> CallLine:
    """One call as its reader sees it. fresh: it waits to be called back."""
    called = reader.people.name(call.number, call.name)
    name, detail = names_of(called, call.number, reader.language, short_code=_by_short_code(call))
    return CallLine(
        id=call.id,
        name=name,
        detail=detail,
        number=call.number,
        can_add=_can_add(call.number, reader),
        onward=reader.people.name(call.onward, call.onward_name) or national(call.onward),
        at=i18n.clock(call.at, reader.zone),
        iso=call.at.isoformat(timespec="seconds"),
        lasts=i18n.duration(reader.language, call.seconds) if call.seconds else "",
        outcome=outcome(call),
        message=call.message_id or 0,
        fresh=fresh,
        from_web=call.from_web,
        first=_first(call, reader.language),
        way=way,
        why=[
            say(reader.language, it=each.get("it", ""), en=each.get("en", ""))
            for each in call.because
        ],
    )


def _can_add(number: str, reader: Reader) -> bool:
    return looks_external(number) and number not in reader.people.contacts


def outcome(call: CallRow) -> str:
    """What came of a call, as one word that the page puts into a sentence."""
    if call.onward:
        return "forwarded"
    if call.answered_by == "person":
        return "talked"
    if call.message_left:
        return "message"
    if call.answered_by == "mailbox":
        return "mailbox"
    if call.answered_by == "service":
        return "service"
    if call.why != "cancelled" and _not_begun(call):
        return "not_begun"
    return call.why


def _not_begun(call: CallRow) -> bool:
    """Whether the number was never dialled: nobody took up the telephone that rings before it for
    a call from a page, and its reasons are all there is."""
    reasons = {each.get("feature") for each in call.because}
    return call.from_web and click_to_dial.NAME in reasons and reasons <= NOT_BEGUN


def _first(call: CallRow, language: str) -> str:
    """The telephone from which a call was made on the web; empty for one's own phones."""
    told = [each for each in call.because if each.get("it", "").startswith(ASKED[0])]
    if (
        not call.from_web
        or not told
        or any(each["it"] == ASKED[0] + OWN_PHONES[0] for each in told)
    ):
        return ""
    last = told[-1]
    it, en = last["it"].removeprefix(ASKED[0]), last.get("en", "").removeprefix(ASKED[1])
    return say(language, it=it, en=en)


def _by_short_code(call: CallRow) -> bool:
    """Whether the number of the row is a short code that was dialled: its reasons say so."""
    return any(
        each.get("feature") == "short_code"
        and each.get("it", "").startswith(f"Il codice breve {call.number} ")
        for each in call.because
    )


def names_of(name: str, number: str, language: str, *, short_code: bool = False) -> tuple[str, str]:
    """A title and a detail for the other side of a call, by the name it is called."""
    if not number and not name:
        return (
            say(language, it="Anonimo", en="Withheld"),
            say(language, it="numero non trasmesso", en="no number was sent"),
        )
    if short_code:
        code = say(language, it=f"codice breve {number}", en=f"short code {number}")
        return (name, code) if name and name != number else (code[:1].upper() + code[1:], "")
    shown = national(number)
    if is_extension(number):
        shown = f"{say(language, it='int.', en='ext.')} {number}"
    if name and name != number:
        return name, shown
    return national(number), say(
        language,
        it="interno" if is_extension(number) else "",
        en="extension" if is_extension(number) else "",
    )


def wave(peaks: str) -> str:
    """The levels (0..100, comma-separated) as one path of upright bars, mirrored at the middle."""
    levels = [int(level) for level in peaks.split(",") if level.strip().isdigit()][:BARS]
    if not levels:
        levels = [0] * BARS
    drawn = []
    for place in range(BARS):
        level = min(100, levels[place * len(levels) // BARS])
        half = max(SHORTEST, TALLEST * level / 100)
        x = place * STEP + STEP // 2
        drawn.append(f"M{x} {MIDDLE - half:.1f}V{MIDDLE + half:.1f}")
    return "".join(drawn)


def fill(mailbox: Mailbox | None, number: int, seconds: float) -> Fill:
    """How full the mailbox is; deleted messages count (guide 5.5.2)."""
    if mailbox is None or not mailbox.enabled:
        return Fill()
    return Fill(
        messages=number,
        most=mailbox.max_messages,
        minutes=round(seconds / 60),
        most_minutes=mailbox.max_seconds // 60,
    )
