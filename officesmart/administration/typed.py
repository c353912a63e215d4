"""A form as it was sent: its fields read one by one, and what is wrong with them gathered.

    typed = Typed(form)
    name = typed.text("name", most=80, needed=Fault("Scrivi un nome", "Give a name"))
    if typed.faults: ...

A browser can send anything by hand: what is not there, is no text, or is endless is answered like a
slip of the hand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from officesmart.administration.rules import TOO_LONG, UNPRINTABLE, Fault
from pbx.numbers import LONGEST
from pbx.printable import printable
from pbx.routing.typed import e164_of

NO_NUMBER = Fault(
    "Non è un numero di telefono valido: scrivilo come 02 5550 1201 o +39 02 5550 1201",
    "This is no valid telephone number: write it like 02 5550 1201 or +39 02 5550 1201",
)


class Typed:
    """The fields of a form."""

    def __init__(self, form: Mapping[str, object]) -> None:
        self._form = form
        self.faults: dict[str, Fault] = {}
        "By field, the first of each."

    def wrong(self, name: str, fault: Fault | None) -> None:
        """Note what is wrong with a field; None: nothing."""
        if fault is not None:
            self.faults.setdefault(name, fault)

    def text(self, name: str, *, most: int, needed: Fault | None = None) -> str:
        """A line of text without its margins; "" when it is wrong. needed: said when empty."""
        said = self._form.get(name)
        # Half a surrogate pair cannot be kept; no browser sends one, a hand-made message may.
        text = said.strip().encode("utf-8", "replace").decode() if isinstance(said, str) else ""
        if len(text) > most:
            self.wrong(name, at_most(most) if len(text) <= 3 * most else TOO_LONG)
            return ""
        if not printable(text):
            self.wrong(name, UNPRINTABLE)
            return ""
        if not text:
            self.wrong(name, needed)
        return text

    def number(self, name: str, *, needed: Fault | None = None) -> str:
        """A telephone number as E.164; "" for none."""
        text = self.text(name, most=LONGEST, needed=needed)
        number = e164_of(text)
        if text and not number:
            self.wrong(name, NO_NUMBER)
        return number

    def on(self, name: str) -> bool:
        """A switch: on when it was sent at all and says nothing like "no"."""
        said = self._form.get(name)
        return said is True or (isinstance(said, str) and said not in ("", "false", "off"))

    def choice(self, name: str, among: Collection[str], default: str = "") -> str:
        """One of a few; what is none of them is the default."""
        said = self._form.get(name)
        return said if isinstance(said, str) and said in among else default

    def id(self, name: str) -> int:
        """The id that a list's entry stands for; 0 for none."""
        said = self._form.get(name)
        if not isinstance(said, str) or not re.fullmatch(r"[0-9]{1,9}", said):
            return 0
        return int(said)


def at_most(most: int) -> Fault:
    """Too long, and by what."""
    return Fault(
        f"Al massimo {most} caratteri: accorcialo", f"At most {most} characters: shorten it"
    )
