"""Numbers, counts, dates, times, lengths and telephone numbers as sequences of prompt ids.

Pure, one rule for each language, the same ids in both: `number(21, "it")` is ("number.21",) and
`count(1, "message.new", "it")` is ("count.message.new.one",), spoken "un nuovo messaggio". Every id
that can come out is in `spoken.PIECES` or `spoken.PAUSES`; what is spoken for it stands there.
A language that is not 'en' is spoken as Italian is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pbx.media.spoken import COUNTED

Ids = tuple[str, ...]
"Prompt ids in the order they are spoken."

LARGEST = 999_999


def number(value: int, lang: str, gender: str = "m") -> Ids:
    """A cardinal, 0 to 999,999; `gender` 'f' makes the Italian one "una".

    Greater ones are said digit by digit. Raises ValueError
    under 0.
    """
    if value < 0:
        raise ValueError(f"no number to say: {value}")
    if value > LARGEST:
        return digits(str(value))
    if value == 1 and gender == "f":
        return ("number.una",)
    if value < 100:
        return (f"number.{value}",)
    thousands, rest = divmod(value, 1000)
    if not thousands:
        hundreds, rest = value // 100 * 100, value % 100
        joint = _and(lang) if rest else ()
        return (f"number.{hundreds}", *joint, *(number(rest, lang) if rest else ()))
    head: Ids = (
        ("number.1000",) if thousands == 1 else (*number(thousands, lang), "number.thousands")
    )
    if not rest:
        return head
    # "one thousand and five", but "one thousand two hundred".
    return (*head, *(_and(lang) if rest < 100 else ()), *number(rest, lang))


def count(value: int, noun: str, lang: str) -> Ids:
    """So many of a noun of `spoken.COUNTED`: "nessun messaggio", "un messaggio", "due messaggi".

    Raises KeyError for a noun that is not there.
    """
    if noun not in COUNTED:
        raise KeyError(f"{noun!r} is not counted; known: {', '.join(COUNTED)}")
    if value <= 0:
        return (f"count.{noun}.none",)
    if value == 1:
        return (f"count.{noun}.one",)
    return (*number(value, lang), f"count.{noun}.many")


def listed(parts: Iterable[Ids]) -> Ids:
    """Several sayings with "e"/"and" before the last."""
    every = [part for part in parts if part]
    if len(every) < 2:
        return every[0] if every else ()
    return (*(piece for part in every[:-1] for piece in part), "word.and", *every[-1])


def duration(seconds: float, lang: str = "it") -> Ids:
    """A length: "quarantotto secondi", "un minuto e cinque secondi", "due ore e dieci minuti".

    Rounded to the second; seconds are left out from an hour on.
    """
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if not whole:
        return count(0, "second", lang)
    amounts = [(hours, "hour"), (minutes, "minute")] + ([] if hours else [(rest, "second")])
    return listed(count(amount, noun, lang) for amount, noun in amounts if amount)


def digits(text: str) -> Ids:
    """A telephone number digit by digit, a short pause between its groups.

    Keeps 0-9, `*`, `#` and a leading `+`; everything else (spaces, hyphens, letters) is left out.
    """
    names = {"*": "star", "#": "hash"}
    plus = text.lstrip().startswith("+")
    keys = [key for key in text if key in "0123456789*#"]
    spoken: list[str] = ["digit.plus"] if plus else []
    at = 0
    for size in _groups("".join(keys), plus=plus):
        if at:
            spoken.append("pause.short")
        spoken.extend(f"digit.{names.get(key, key)}" for key in keys[at : at + size])
        at += size
    return tuple(spoken)


def _groups(keys: str, *, plus: bool) -> list[int]:
    """How people read a number aloud: prefix, threes, and two to four at the end."""
    left = len(keys)
    if left <= 4:
        return [left] if left else []
    sizes = []
    if plus:
        sizes.append(2)  # the country; three-digit ones sound no worse for it
    elif keys.startswith(("02", "06")):
        sizes.append(2)  # Milan and Rome; all other area codes have three or four
    left -= sum(sizes)
    while left > 4:
        sizes.append(3)
        left -= 3
    return [*sizes, left]


def time(moment: datetime, lang: str, *, at: bool = False) -> Ids:
    """The time of day: "le quindici e trenta", "three thirty PM"; with `at` "alle ...", "at ...".

    The moment is taken as it is: convert it to the listener's zone before.
    """
    hour, minute = moment.hour, moment.minute
    if not minute and hour in (0, 12):
        return (f"time.{'at_' if at else ''}{'noon' if hour else 'midnight'}",)
    said = f"time.{'at' if at else 'hour'}.{hour}"
    if lang != "en":
        return (said, "word.and", f"number.{minute}") if minute else (said,)
    half = "time.am" if hour < 12 else "time.pm"
    if not minute:
        return (said, half)
    oh = ("time.zero_minutes",) if minute < 10 else ()
    return (said, *oh, f"number.{minute}", half)


def date(moment: datetime, now: datetime, lang: str) -> Ids:
    """The day: "oggi", "ieri", "domani", else weekday, day and month, and a year that is not ours.

    Both are in the listener's zone.
    """
    away = moment.date() - now.date()
    near = {0: "date.today", -1: "date.yesterday", 1: "date.tomorrow"}
    if away.days in near:
        return (near[away.days],)
    day = (
        f"date.weekday.{moment.isoweekday()}",
        f"date.day.{moment.day}",
        f"date.month.{moment.month}",
    )
    return day if moment.year == now.year else (*day, *number(moment.year, lang))


def moment(when: datetime, now: datetime, lang: str) -> Ids:
    """Day and time: "ieri alle quindici e trenta".

    Both are aware; the day and the time are those of the zone of `now`. Raises ValueError for a
    naive datetime.
    """
    if when.tzinfo is None or now.tzinfo is None:
        raise ValueError("a moment to be spoken needs a time zone")
    local = when.astimezone(now.tzinfo)
    return (*date(local, now, lang), *time(local, lang, at=True))


def _and(lang: str) -> Ids:
    return ("word.and",) if lang == "en" else ()
