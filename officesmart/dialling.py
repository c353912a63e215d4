"""The call that is made from the portal: asked for, followed, told alike on each page of its line.

Where a call is stands on the board and nowhere else. A page shows the call that it asked for, and
the one that another tab or window of the same line has asked for.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from officesmart import line
from officesmart.auth import Person
from officesmart.desk import desk
from officesmart.expected import standing
from officesmart.i18n import Words, initials, say
from officesmart.naming import People
from officesmart.phone import LinkDown
from pbx.events.board import Board, Call, Phone
from pbx.numbers import SEPARATORS, is_extension, national
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Reject
from pbx.routing.typed import Typed, read_typed

LONGEST_NUMBER = 200
"Characters of what is typed or pasted: a number in a line of a signature."


class Dialling(Words):
    """What a page knows of the call that its person makes here."""

    dialler: bool = False
    "The window of the dialler is open on this page."
    dialled: str = ""
    "What is typed, or was called."
    dialled_name: str = ""
    dialled_shown: str = ""
    "The number as people write it, once it is called."
    dialled_company: str = ""
    dialled_letters: str = ""
    dial_stage: str = ""
    dial_end: str = ""
    dial_why: str = ""
    "Of an end: the PBX's own words for it; may be empty."
    dial_fault: str = ""
    "'number' when it cannot be dialled, 'down' when the PBX is not there."
    dial_wrong: str = ""
    "Why not, in words."
    dial_offers: list[str] = []
    "What was probably meant."
    dial_age: int = 0
    origin: str = ""
    "The other telephone that rings first in the next call; empty: my own number."
    origin_shown: str = ""
    dial_first: str = ""
    "The other telephone that rings first in this call, as people read it; empty: my own."
    my_phone: str = ""
    "Which of my phones rings first, where it is one; else how many are connected."
    _alone: bool = False
    "The dialler is this page, not a dialog over it."
    _dial_call: str = ""
    _dial_key: str = ""
    _dial_origin: str = ""
    _only_phone: str = ""
    "The one of my phones that rings for calls from here, by its key; empty: all."
    _person: Person | None = None
    _people: People = People()
    "Whoever is in a call or parked now, as this person calls them."

    def _compose(self, number: str, name: str = "") -> None:
        """Begin anew, from my own number."""
        self.dialled, self.dialled_name = number, name
        self.dialled_shown = self.dialled_company = self.dialled_letters = ""
        self.dial_stage = self.dial_end = self.dial_fault = self.dial_why = self.dial_wrong = ""
        self.dial_offers = []
        self.origin = self.origin_shown = ""
        self._dial_key = secrets.token_hex(8)
        self.dialler = True

    def _refuse_number(self, *, it: str, en: str, offers: Sequence[str] = ()) -> None:
        self.dial_stage, self.dial_fault = "", "number"
        self.dial_wrong, self.dial_offers = say(self._language, it=it, en=en), list(offers)

    async def _dial(self) -> None:
        """Componi: what is typed, from the origin that was chosen. A click that comes twice, and a
        call that is on its way already, ask for nothing."""
        assert self._person is not None
        if self.dial_stage not in ("", "ended"):
            return
        here, extension, text = desk(), self._person.extension, self.dialled[:LONGEST_NUMBER]
        facts = standing(here.phone.board(), here.now())
        found = await here.database.read(
            lambda s: to_dial(text, extension, here.offices.read(s), facts)
        )
        if found.wrong is not None:
            self._refuse_number(it=found.wrong.it, en=found.wrong.en, offers=found.offers)
            return
        self.dial_fault, self.dial_wrong, self.dial_offers = "", "", []
        self.dial_end, self.dial_why, self.dial_stage, self.dial_age = "", "", "asked", 0
        self.dialled_shown, self.dialled_letters = found.shown, initials(self.dialled_name)
        self._dial_key = self._dial_key or secrets.token_hex(8)
        self._dial_origin, self.dial_first = self.origin, self.origin_shown
        try:
            placed = await here.phone.call(
                extension, found.dial, key=self._dial_key, origin=self.origin
            )
        except LinkDown:
            self.dial_stage, self.dial_fault = "", "down"
            return
        except ValueError:  # the PBX cannot dial this
            self._refuse_number(
                it="Il centralino non può comporre questo numero.",
                en="The PBX cannot dial this number.",
            )
            return
        if placed.wait:
            self._refuse_number(
                it=f"Troppe chiamate una dopo l'altra: riprova tra {_seconds(placed.wait, 'it')}.",
                en=f"Too many calls one after the other: try again in "
                f"{_seconds(placed.wait, 'en')}.",
            )
            return
        self._dial_call, self._dial_key = placed.call, ""
        self._follow_dialled(extension)

    def _follow_dialled(self, extension: str) -> None:
        """Where the call is now, whichever page of this line has asked for it."""
        here = desk()
        board = here.phone.board()
        self.my_phone = phone_of(board.phones_of(extension), self._only_phone, self._language)
        if self.dial_stage in ("", "ended"):
            other = newest(board, extension)
            typing = self.dialler and self.dial_stage == "" and self.dialled != ""
            if other is None or other.call == self._dial_call or typing:
                return
            self._dial_call, self.dial_stage, self.dial_end = other.call, "", ""
            self.dial_fault = self.dial_why = self.dialled_name = ""
            self.dialled = other.callee.number
        call = board.calls.get(self._dial_call)
        stage = line.stage(board, self._dial_call, extension)
        if call is not None and stage:
            self._show_call(call, stage, extension)
            return
        ended = here.live.ended(self._dial_call, extension)
        if ended is None and self.dial_stage in ("", "asked"):
            return
        self.dial_end, self.dial_why = "done", ""
        if ended is not None:
            reached, phones = self.dial_stage, len(board.phones_of(extension))
            self.dial_end = line.end_kind(
                ended.end, reached, phones=phones, origin=self._dial_origin
            )
            self.dial_why = say(self._language, it=ended.why.it, en=ended.why.en)
        self.dial_stage = "ended"

    def _show_call(self, call: Call, stage: line.Stage, extension: str) -> None:
        began = call.answered_at if stage in ("talking", "held") else call.started_at
        age = desk().now() - (began or call.started_at)
        self.dial_age = max(0, int(age.total_seconds() * 1000))  # a page loaded anew counts from it
        self.dial_stage = stage
        self._dial_origin = call.origin
        self.dial_first = telephone(call.origin, self._language) if call.origin else ""
        other = call.caller if call.callee.line == extension else call.callee
        if other.line == extension or not other.number:
            return
        known = self._people.shown(other)
        self.dialled_name = known.name or self.dialled_name
        self.dialled_company = known.company if known.company != known.name else ""
        self.dialled_letters = initials(self.dialled_name)
        self.dialled_shown = telephone(other.number, self._language)


def _seconds(number: int, language: str) -> str:
    one, many = ("secondo", "secondi") if language == "it" else ("second", "seconds")
    return f"{number} {one if number == 1 else many}"


def to_dial(text: str, extension: str, office: Office, now: CallFacts) -> Typed:
    """What this line dials for what was typed. A short number that is nobody's extension may be a
    service of the office, a group or a place where a call is parked: routing knows.

    now: how the lines stand. Never raises, whatever the text is.
    """
    found = read_typed(text, office, extension=extension)
    plain = SEPARATORS.sub("", text[:LONGEST_NUMBER])
    if found.wrong is None or not is_extension(plain):
        return found
    plan = decide(replace(now, dialled=plain, from_line=extension), office)
    if not plan.steps or isinstance(plan.steps[0], Announce | Reject):
        return found
    return Typed(plain, plain, plain, "service")


def newest(board: Board, extension: str) -> Call | None:
    """The latest call in progress that this line has made on its pages."""
    mine = [
        call
        for call in board.calls_of(extension)
        if call.from_web and call.caller.line == extension
    ]
    return mine[-1] if mine else None


def telephone(number: str, language: str) -> str:
    """A number as people read it: "int. 203", "02 5550 0000"."""
    if is_extension(number):
        return say(language, it=f"int. {number}", en=f"ext. {number}")
    return national(number)


def phone_of(phones: Sequence[Phone], only: str, language: str) -> str:
    """Which of these phones of a line rings first, in words; "" for a single one without a name.

    only: the key of the one that was chosen; empty: all of them ring.
    """
    ringing = [phone for phone in phones if not only or phone.key == only]
    if len(ringing) > 1:
        return say(language, it=f"{len(ringing)} telefoni", en=f"{len(ringing)} phones")
    return line.device(ringing[0].user_agent) if ringing else ""


__all__ = ["LONGEST_NUMBER", "Dialling", "newest", "phone_of", "telephone"]
