"""The pieces that composed speech is made of, with what is spoken for each: (Italian, English).

Whatever is short and said often is recorded whole (every number under a hundred, every hour with
its article): a voice that says "ventuno" in one breath is understood, one that says "venti" "uno"
is not. How pieces are put together is `speech.py`.
"""

from __future__ import annotations

_ITALIAN_UNITS = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici "
    "quindici sedici diciassette diciotto diciannove"
).split()
_ITALIAN_TENS = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta".split()
_ENGLISH_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ENGLISH_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()


def italian_under_100(number: int) -> str:
    """The word of a number from 0 to 99: ventuno, ventotto, ventitré."""
    if number < 20:
        return _ITALIAN_UNITS[number]
    tens, unit = _ITALIAN_TENS[number // 10 - 2], number % 10
    if unit in (1, 8):
        return tens[:-1] + _ITALIAN_UNITS[unit]
    if unit == 3:
        return tens + "tré"
    return tens + (_ITALIAN_UNITS[unit] if unit else "")


def english_under_100(number: int) -> str:
    """The word of a number from 0 to 99: twenty-one."""
    if number < 20:
        return _ENGLISH_UNITS[number]
    tens, unit = _ENGLISH_TENS[number // 10 - 2], number % 10
    return f"{tens}-{_ENGLISH_UNITS[unit]}" if unit else tens


def english_ordinal(number: int) -> str:
    """The ordinal of a day of the month, 1 to 31: twenty-first."""
    if number <= 20:
        return _ENGLISH_ORDINALS[number - 1]
    if number == 30:
        return "thirtieth"
    return f"{_ENGLISH_TENS[number // 10 - 2]}-{_ENGLISH_ORDINALS[number % 10 - 1]}"


def _hour(hour: int, *, at: bool) -> tuple[str, str]:
    """An hour with its article: "le una" (docs/decisions/spoken-times.md), "alle quindici"."""
    word = "una" if hour == 1 else italian_under_100(hour)
    italian = f"{'alle' if at else 'le'} {word}"
    english = english_under_100(hour % 12 or 12)
    return italian, f"at {english}" if at else english


COUNTED: dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    # noun: (none, one, several without the number)
    "message": (
        ("nessun messaggio", "no messages"),
        ("un messaggio", "one message"),
        ("messaggi", "messages"),
    ),
    "message.new": (
        ("nessun nuovo messaggio", "no new messages"),
        ("un nuovo messaggio", "one new message"),
        ("nuovi messaggi", "new messages"),
    ),
    "message.urgent": (
        ("nessun messaggio urgente", "no urgent messages"),
        ("un messaggio urgente", "one urgent message"),
        ("messaggi urgenti", "urgent messages"),
    ),
    "message.saved": (
        ("nessun messaggio salvato", "no saved messages"),
        ("un messaggio salvato", "one saved message"),
        ("messaggi salvati", "saved messages"),
    ),
    "message.deleted": (
        ("nessun messaggio eliminato", "no deleted messages"),
        ("un messaggio eliminato", "one deleted message"),
        ("messaggi eliminati", "deleted messages"),
    ),
    "call": (("nessuna chiamata", "no calls"), ("una chiamata", "one call"), ("chiamate", "calls")),
    "person": (
        ("nessuna persona", "nobody"),
        ("una persona", "one person"),
        ("persone", "people"),
    ),
    "hour": (("zero ore", "zero hours"), ("un'ora", "one hour"), ("ore", "hours")),
    "minute": (("zero minuti", "zero minutes"), ("un minuto", "one minute"), ("minuti", "minutes")),
    "second": (
        ("zero secondi", "zero seconds"),
        ("un secondo", "one second"),
        ("secondi", "seconds"),
    ),
}
"Nouns that things are counted in; 'one' has its article inside, so gender is settled here."

WEEKDAYS = (
    ("lunedì", "Monday"),
    ("martedì", "Tuesday"),
    ("mercoledì", "Wednesday"),
    ("giovedì", "Thursday"),
    ("venerdì", "Friday"),
    ("sabato", "Saturday"),
    ("domenica", "Sunday"),
)
MONTHS = (
    ("gennaio", "January"),
    ("febbraio", "February"),
    ("marzo", "March"),
    ("aprile", "April"),
    ("maggio", "May"),
    ("giugno", "June"),
    ("luglio", "July"),
    ("agosto", "August"),
    ("settembre", "September"),
    ("ottobre", "October"),
    ("novembre", "November"),
    ("dicembre", "December"),
)

PIECES: dict[str, tuple[str, str]] = {
    **{f"number.{n}": (italian_under_100(n), english_under_100(n)) for n in range(100)},
    "number.una": ("una", "one"),
    "number.100": ("cento", "one hundred"),
    **{
        f"number.{n}00": (f"{_ITALIAN_UNITS[n]}cento", f"{_ENGLISH_UNITS[n]} hundred")
        for n in range(2, 10)
    },
    "number.1000": ("mille", "one thousand"),
    "number.thousands": ("mila", "thousand"),
    **{f"digit.{n}": (_ITALIAN_UNITS[n], _ENGLISH_UNITS[n]) for n in range(10)},
    "digit.plus": ("più", "plus"),
    "digit.star": ("asterisco", "star"),
    "digit.hash": ("cancelletto", "hash"),
    "word.and": ("e", "and"),
    **{
        f"count.{noun}.{which}": words
        for noun, forms in COUNTED.items()
        for which, words in zip(("none", "one", "many"), forms, strict=True)
    },
    "date.today": ("oggi", "today"),
    "date.yesterday": ("ieri", "yesterday"),
    "date.tomorrow": ("domani", "tomorrow"),
    **{f"date.weekday.{n}": words for n, words in enumerate(WEEKDAYS, 1)},
    **{
        f"date.day.{n}": (
            "primo" if n == 1 else italian_under_100(n),
            f"the {english_ordinal(n)} of",
        )
        for n in range(1, 32)
    },
    **{f"date.month.{n}": words for n, words in enumerate(MONTHS, 1)},
    **{f"time.hour.{n}": _hour(n, at=False) for n in range(24)},
    **{f"time.at.{n}": _hour(n, at=True) for n in range(24)},
    "time.midnight": ("mezzanotte", "midnight"),
    "time.noon": ("mezzogiorno", "noon"),
    "time.at_midnight": ("a mezzanotte", "at midnight"),
    "time.at_noon": ("a mezzogiorno", "at noon"),
    "time.zero_minutes": ("zero", "oh"),
    "time.am": ("del mattino", "A M"),
    "time.pm": ("del pomeriggio", "P M"),
}

PAUSES: dict[str, float] = {"pause.short": 0.25, "pause.long": 0.6}
"Silences between groups, in seconds: sounds like the others, so that a better voice may differ."
