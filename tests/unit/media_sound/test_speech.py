"""What is said for numbers, dates, times and lengths: read back as written words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pbx.media import speech
from pbx.media.prompts import PROMPTS

ROME = ZoneInfo("Europe/Rome")
UTC = ZoneInfo("UTC")


def words(ids: speech.Ids, lang: str) -> str:
    """The sentences of these prompts in a row; a pause is a comma."""
    column = 1 if lang == "en" else 0
    return " ".join(PROMPTS[name][column] or "," for name in ids).replace(" ,", ",")


@pytest.mark.parametrize(
    ("value", "italian", "english"),
    [
        (0, "zero", "zero"),
        (1, "uno", "one"),
        (8, "otto", "eight"),
        (21, "ventuno", "twenty-one"),
        (23, "ventitré", "twenty-three"),
        (28, "ventotto", "twenty-eight"),
        (30, "trenta", "thirty"),
        (88, "ottantotto", "eighty-eight"),
        (99, "novantanove", "ninety-nine"),
        (100, "cento", "one hundred"),
        (101, "cento uno", "one hundred and one"),
        (215, "duecento quindici", "two hundred and fifteen"),
        (1000, "mille", "one thousand"),
        (1005, "mille cinque", "one thousand and five"),
        (1200, "mille duecento", "one thousand two hundred"),
        (2026, "due mila ventisei", "two thousand and twenty-six"),
        (21_000, "ventuno mila", "twenty-one thousand"),
        (100_100, "cento mila cento", "one hundred thousand one hundred"),
        (
            999_999,
            "novecento novantanove mila novecento novantanove",
            "nine hundred and ninety-nine thousand nine hundred and ninety-nine",
        ),
    ],
)
def test_numbers(value: int, italian: str, english: str) -> None:
    assert words(speech.number(value, "it"), "it") == italian
    assert words(speech.number(value, "en"), "en") == english


def test_a_million_is_said_digit_by_digit() -> None:
    assert words(speech.number(1_000_000, "it"), "it") == "uno zero zero, zero zero zero zero"


def test_one_has_a_gender_in_italian() -> None:
    assert words(speech.number(1, "it", "f"), "it") == "una"
    assert words(speech.number(1, "it", gender="m"), "it") == "uno"
    assert words(speech.number(1, "en", "f"), "en") == "one"
    with pytest.raises(ValueError):
        speech.number(-1, "it")


@pytest.mark.parametrize(
    ("value", "noun", "italian", "english"),
    [
        (0, "message.new", "nessun nuovo messaggio", "no new messages"),
        (1, "message.new", "un nuovo messaggio", "one new message"),
        (21, "message", "ventuno messaggi", "twenty-one messages"),
        (1, "call", "una chiamata", "one call"),
        (3, "call", "tre chiamate", "three calls"),
        (0, "call", "nessuna chiamata", "no calls"),
        (120, "message.saved", "cento venti messaggi salvati",
         "one hundred and twenty saved messages"),
    ],
)  # fmt: skip
def test_counts(value: int, noun: str, italian: str, english: str) -> None:
    assert words(speech.count(value, noun, "it"), "it") == italian
    assert words(speech.count(value, noun, "en"), "en") == english


def test_an_unknown_noun_is_told() -> None:
    with pytest.raises(KeyError, match="message"):
        speech.count(2, "penguin", "it")


@pytest.mark.parametrize(
    ("seconds", "italian", "english"),
    [
        (0, "zero secondi", "zero seconds"),
        (0.6, "un secondo", "one second"),
        (48, "quarantotto secondi", "forty-eight seconds"),
        (59.7, "un minuto", "one minute"),
        (65, "un minuto e cinque secondi", "one minute and five seconds"),
        (121, "due minuti e un secondo", "two minutes and one second"),
        (3600, "un'ora", "one hour"),
        (7805, "due ore e dieci minuti", "two hours and ten minutes"),
        (-3, "zero secondi", "zero seconds"),
    ],
)
def test_lengths(seconds: float, italian: str, english: str) -> None:
    assert words(speech.duration(seconds), "it") == italian
    assert words(speech.duration(seconds, "en"), "en") == english


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("201", "due zero uno"),
        ("0612", "zero sei uno due"),
        ("06 1234 5678", "zero sei, uno due tre, quattro cinque sei, sette otto"),
        ("333-1234567", "tre tre tre, uno due tre, quattro cinque sei sette"),
        ("+39 02 123456", "più tre nove, zero due uno, due tre quattro, cinque sei"),
        ("*86#", "asterisco otto sei cancelletto"),
        ("", ""),
        ("anonymous", ""),
    ],
)  # fmt: skip
def test_telephone_numbers(number: str, spoken: str) -> None:
    assert words(speech.digits(number), "it") == spoken


def test_no_digit_of_a_number_is_lost() -> None:
    for length in range(1, 20):
        for first in ("0", "02", "3", "+39"):
            text = (first + "4" * length)[: length + len(first)]
            keys = [name for name in speech.digits(text) if name.startswith("digit.")]
            assert len(keys) == len(text)


@pytest.mark.parametrize(
    ("hour", "minute", "italian", "at", "english"),
    [
        (1, 30, "le una e trenta", "alle una e trenta", "one thirty A M"),
        (1, 0, "le una", "alle una", "one A M"),
        (13, 1, "le tredici e uno", "alle tredici e uno", "one oh one P M"),
        (21, 21, "le ventuno e ventuno", "alle ventuno e ventuno", "nine twenty-one P M"),
        (0, 5, "le zero e cinque", "alle zero e cinque", "twelve oh five A M"),
        (0, 0, "mezzanotte", "a mezzanotte", "midnight"),
        (12, 0, "mezzogiorno", "a mezzogiorno", "noon"),
        (12, 45, "le dodici e quarantacinque", "alle dodici e quarantacinque",
         "twelve forty-five P M"),
        (9, 0, "le nove", "alle nove", "nine A M"),
    ],
)  # fmt: skip
def test_times(hour: int, minute: int, italian: str, at: str, english: str) -> None:
    moment = datetime(2026, 3, 3, hour, minute, tzinfo=ROME)
    assert words(speech.time(moment, "it"), "it") == italian
    assert words(speech.time(moment, "it", at=True), "it") == at
    assert words(speech.time(moment, "en"), "en") == english


NOW = datetime(2026, 3, 3, 10, 0, tzinfo=ROME)


@pytest.mark.parametrize(
    ("when", "italian", "english"),
    [
        (datetime(2026, 3, 3, 9, 15, tzinfo=ROME), "oggi alle nove e quindici",
         "today at nine fifteen A M"),
        (datetime(2026, 3, 2, 23, 59, tzinfo=ROME), "ieri alle ventitré e cinquantanove",
         "yesterday at eleven fifty-nine P M"),
        (datetime(2026, 3, 4, 8, 0, tzinfo=ROME), "domani alle otto", "tomorrow at eight A M"),
        (datetime(2026, 3, 1, 12, 0, tzinfo=ROME), "domenica primo marzo a mezzogiorno",
         "Sunday the first of March at noon"),
        (datetime(2025, 8, 31, 17, 40, tzinfo=ROME),
         "domenica trentuno agosto due mila venticinque alle diciassette e quaranta",
         "Sunday the thirty-first of August two thousand and twenty-five at five forty P M"),
    ],
)  # fmt: skip
def test_moments(when: datetime, italian: str, english: str) -> None:
    assert words(speech.moment(when, NOW, "it"), "it") == italian
    assert words(speech.moment(when, NOW, "en"), "en") == english


def test_the_day_is_that_of_the_listener() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # half past midnight in Rome
    assert words(speech.moment(late, NOW, "it"), "it") == "oggi alle zero e trenta"
    summer = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    now = datetime(2026, 7, 1, 20, 0, tzinfo=ROME)
    assert words(speech.moment(summer, now, "it"), "it") == "oggi a mezzogiorno"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        speech.moment(datetime(2026, 3, 3), NOW, "it")


def test_what_is_listed_is_joined() -> None:
    parts = [speech.count(n, "message", "it") for n in (1, 2)]
    assert words(speech.listed(parts), "it") == "un messaggio e due messaggi"
    assert speech.listed([]) == () and speech.listed([parts[0], ()]) == parts[0]
