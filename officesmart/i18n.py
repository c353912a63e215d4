"""Words on screen, in Italian and English, written where they stand.

`t` is for pieces of pages (the browser switches at once), `say` for sentences made on the server.
Leaving a language out is a TypeError when the module is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import reflex as rx

Language = Literal["it", "en"]
LANGUAGES: tuple[Language, ...] = ("it", "en")
DAYS: Mapping[str, tuple[str, ...]] = {
    "it": ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS: Mapping[str, tuple[str, ...]] = {
    "it": (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
        "settembre", "ottobre", "novembre", "dicembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip


class Words(rx.State):
    """The language of this tab. The root of every state of the portal."""

    english: bool = False
    spoken: bool = False
    "Whether the server has said which language it is."

    def _speak(self, language: str) -> None:
        """Show the page in this language; an unknown one is Italian."""
        self.english, self.spoken = language == "en", True

    @property
    def _language(self) -> Language:
        return "en" if self.english else "it"


def t(*, it: Any, en: Any) -> Any:
    """Both wordings of one text on a page; the browser shows the tab's language."""
    return rx.cond(Words.english, en, it)


def say(language: str, *, it: str, en: str) -> str:
    """One wording, for text made on the server."""
    return en if language == "en" else it


def known(language: str) -> Language:
    """The language that was asked for; Italian when we don't speak it."""
    return "en" if language == "en" else "it"


def day(language: str, moment: date) -> str:
    """'sabato 21 novembre', 'Saturday 21 November'."""
    return f"{DAYS[language][moment.weekday()]} {moment.day} {MONTHS[language][moment.month - 1]}"


def day_heading(language: str, moment: date, today: date) -> str:
    """The heading over a day's rows: today and yesterday by name, older years with the year."""
    words = day(language, moment)
    if moment == today:
        return f"{say(language, it='Oggi', en='Today')}, {words}"
    if moment == today - timedelta(days=1):
        return f"{say(language, it='Ieri', en='Yesterday')}, {words}"
    words = words[0].upper() + words[1:]
    return words if moment.year == today.year else f"{words} {moment.year}"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """'09:41', on the office's clock."""
    return f"{moment.astimezone(zone):%H:%M}"


def when(language: str, moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'oggi alle 09:41', 'ieri alle 17:05', '3 novembre alle 10:00'."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    at = say(language, it="alle", en="at") + f" {local:%H:%M}"
    if local.date() == today:
        return f"{say(language, it='oggi', en='today')} {at}"
    if local.date() == today - timedelta(days=1):
        return f"{say(language, it='ieri', en='yesterday')} {at}"
    return f"{local.day} {MONTHS[language][local.month - 1]} {at}"


def duration(language: str, seconds: float) -> str:
    """'48 s', '1 min 5 s', '2 h 3 min'; rounded to the second, never 0 for something heard."""
    whole = max(round(seconds), 1) if seconds > 0 else 0
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def spoken_duration(language: str, seconds: float) -> str:
    """A duration for a screen reader: '1 minuto e 5 secondi'."""
    minutes, rest = divmod(max(round(seconds), 0), 60)
    words = []
    if minutes:
        words.append(
            say(language, it="1 minuto", en="1 minute")
            if minutes == 1
            else f"{minutes} {say(language, it='minuti', en='minutes')}"
        )
    if rest or not minutes:
        words.append(
            say(language, it="1 secondo", en="1 second")
            if rest == 1
            else f"{rest} {say(language, it='secondi', en='seconds')}"
        )
    return say(language, it=" e ", en=" and ").join(words)


def initials(name: str) -> str:
    """Up to two letters for a picture that isn't there."""
    parts = [part for part in name.replace("-", " ").split() if part[0].isalnum()]
    if not parts:
        return "·"
    letters = parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")
    return letters.upper()
