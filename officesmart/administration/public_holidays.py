"""Public holidays of a country, from the `holidays` library, as closing days to choose from.

A holiday that falls on the same day every year becomes one closing day for ever; a movable one
(Easter) becomes one for each of the next years.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import holidays
from sqlmodel import Session, col, select

from officesmart.administration.audit import Author
from officesmart.administration.closings import BOOK, ClosingValues
from officesmart.administration.option import Option
from pbx.tables import ClosingDay

COUNTRIES = {
    "IT": ("Italia", "Italy"),
    "AT": ("Austria", "Austria"),
    "BE": ("Belgio", "Belgium"),
    "VA": ("Città del Vaticano", "Vatican City"),
    "HR": ("Croazia", "Croatia"),
    "DK": ("Danimarca", "Denmark"),
    "FI": ("Finlandia", "Finland"),
    "FR": ("Francia", "France"),
    "DE": ("Germania", "Germany"),
    "GR": ("Grecia", "Greece"),
    "IE": ("Irlanda", "Ireland"),
    "LU": ("Lussemburgo", "Luxembourg"),
    "MT": ("Malta", "Malta"),
    "NL": ("Paesi Bassi", "Netherlands"),
    "PL": ("Polonia", "Poland"),
    "PT": ("Portogallo", "Portugal"),
    "GB": ("Regno Unito", "United Kingdom"),
    "CZ": ("Repubblica Ceca", "Czechia"),
    "RO": ("Romania", "Romania"),
    "SM": ("San Marino", "San Marino"),
    "SI": ("Slovenia", "Slovenia"),
    "ES": ("Spagna", "Spain"),
    "US": ("Stati Uniti", "United States"),
    "SE": ("Svezia", "Sweden"),
    "CH": ("Svizzera", "Switzerland"),
    "HU": ("Ungheria", "Hungary"),
}
"Those offered, Italy first, then by their Italian names."
SEEN = 8  # years that must agree for a holiday to be a fixed one
AHEAD = 3  # years of a movable one


@dataclass(frozen=True, slots=True)
class Holiday:
    """One closing day that may be taken over."""

    name: str
    day: date
    yearly: bool


def places(country: str) -> list[Option]:
    """The provinces or regions of a country that have days of their own (in Italy, the patron)."""
    found = getattr(holidays, country)
    named = {code: name for name, code in found.subdivisions_aliases.items()}
    return sorted(
        (Option(code, named.get(code, code)) for code in found.subdivisions),
        key=lambda each: each.words.casefold(),
    )


def of(country: str, place: str, language: str, year: int) -> list[Holiday]:
    """The holidays of a country from this year on, by date; of an unknown one none."""
    if country not in COUNTRIES:
        return []
    known = getattr(holidays, country)
    found = holidays.country_holidays(
        country,
        subdiv=place if place in known.subdivisions else None,
        years=range(year, year + SEEN),
        observed=False,
        language=_spoken(known, language),
    )
    days: defaultdict[str, list[date]] = defaultdict(list)
    for day in sorted(found):
        for name in found.get_list(day):
            days[name].append(day)
    rows = []
    for name, when in days.items():
        fixed = len(when) == SEEN and len({(day.month, day.day) for day in when}) == 1
        taken = when[:1] if fixed else [day for day in when if day.year < year + AHEAD]
        rows += [Holiday(name[:80], day, fixed) for day in taken]
    return sorted(rows, key=lambda each: (each.day, each.name))


def _spoken(known: type[holidays.HolidayBase], language: str) -> str | None:
    """The form of this language that the country's names come in, else English, else its own."""
    forms: Sequence[str] = known.supported_languages
    for wanted in (language, "en"):
        for form in forms:
            if form.split("_")[0] == wanted:
                return form
    return known.default_language


def there(session: Session) -> set[tuple[date, bool]]:
    """The single days on which all is closed already: once, or (True) yearly, as of 2000."""
    return {
        (_key(each.first, each.yearly), each.yearly)
        for each in session.exec(select(ClosingDay).where(col(ClosingDay.hours_id).is_(None)))
        if each.first == each.last
    }


def is_there(found: set[tuple[date, bool]], each: Holiday) -> bool:
    """Whether a holiday is closed already."""
    return (_key(each.day, True), True) in found or (each.day, False) in found


def take_over(session: Session, author: Author, chosen: Sequence[Holiday]) -> int:
    """Make closing days for all opening hours; those there already are passed over."""
    known, made = there(session), 0
    for each in chosen:
        if is_there(known, each):
            continue
        row = ClosingDay(name=each.name, first=each.day, last=each.day, yearly=each.yearly)
        session.add(row)
        values = ClosingValues(each.name, each.day, each.day, each.yearly)
        BOOK.note(session, author, "imported", values, {}, BOOK.told(session, values))
        known.add((_key(each.day, each.yearly), each.yearly))
        made += 1
    session.flush()
    return made


def _key(day: date, yearly: bool) -> date:
    return day.replace(year=2000) if yearly else day  # a leap year: 29 February is in it
