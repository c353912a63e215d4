"""The draft of a person's incoming settings: what the panels of Home show until Conferma.

Kept on the server, so that whoever explains calls can explain the draft (`_draft_options`). Another
window, a star code or an administrator may change the settings meanwhile: a draft without changes
follows, one with changes asks whose stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, select

from officesmart.administration.clash import Clash, named, told
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault
from officesmart.auth import Person
from officesmart.call_manager import judging, numbers, panel, wording
from officesmart.call_manager.incoming import (
    FIELDS,
    NAMES,
    Incoming,
    differ,
    merged,
    options_of,
    version,
)
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal
from officesmart.phone import LinkDown
from pbx.routing.office import Office
from pbx.tables import Line, Mailbox

NO_FAULTS = dict.fromkeys((*FIELDS, ""), "")
NO_NUMBERS = dict.fromkeys(("forward", "busy", "no_answer", "plan"), "")
LONGEST = 8  # characters of typed seconds


@dataclass(frozen=True)
class CellCard:
    """Whether one phone rings in one period, for the browser."""

    period: int
    on: bool
    look: str
    "CSS classes: rings, first and last of a run."
    words: str


@dataclass(frozen=True)
class PhoneCard:
    """One phone of the plan, for the browser."""

    index: int
    number: str
    name: str
    detail: str
    glyph: str
    outside: bool
    confirm: bool
    cells: list[CellCard]


@dataclass(frozen=True)
class PeriodCard:
    """One period of the plan, for the browser."""

    index: int
    seconds: int
    words: str
    "'Da 18 a 30 s'."


@dataclass(frozen=True)
class Remark:
    """Something unwise, for the browser."""

    on: str
    words: str
    remedy: str
    "What a click does about it; empty: nothing offered."
    index: int


class Draft(Portal):
    """What is being edited, as the pieces show it."""

    quiet: bool = False
    mode: str = "own"
    "An entry of incoming.MODES."
    plan: str = "own"
    "What rings, also while everything is forwarded: 'own', 'in_order' or 'together'."
    periods: list[PeriodCard] = []
    plan_phones: list[PhoneCard] = []
    seconds: str = ""
    "The lengths, for the script that draws the columns."
    total: int = 0
    free: int = 0
    "Periods that may still be added."
    own_missing: bool = False
    forward_to: str = ""
    picked: dict[str, str] = NO_NUMBERS
    "The numbers as they are kept, by what they are picked for."
    notify: bool = False
    busy: bool = False
    busy_to: str = ""
    no_answer: bool = False
    no_answer_to: str = ""
    no_answer_text: str = ""
    mailbox_text: str = ""
    has_mailbox: bool = False
    changes: list[str] = []
    "What Conferma would change, in words."
    changes_said: str = ""
    before: dict[str, str] = NO_FAULTS
    "'prima 60', by field that was changed."
    only_status: bool = False
    "Nothing but the availability was edited."
    draft: str = ""
    "The draft's version while it differs from what is saved; else empty."
    faults: dict[str, str] = NO_FAULTS
    remedy: str = ""
    "What a click does about a wait that is too short."
    remarks: list[Remark] = []
    clash: str = ""
    stamp: int = 0
    "Another one when fields have to hold something else than what was typed."
    failed: int = 0
    settled: int = 0
    "Moves when the bar goes: the focus then goes to the panel's title."
    announced: str = ""
    _base: Incoming = Incoming()
    _now: Incoming = Incoming()
    _theirs: Incoming = Incoming()
    _typed: dict[str, str] = {}
    _remedies: list[Incoming] = []
    _saved_names: dict[str, str] = {}
    _read_once: bool = False
    _client: str = ""

    # -- what others ask ------------------------------------------------------------------------

    def _draft_options(self) -> dict[str, dict[str, Any]]:
        """The options of the draft by feature, when it differs from what is saved; else none."""
        return options_of(self._now, differ(self._base, self._now)) if self.draft else {}

    async def _look_saved(self, who: Person, *, opened: bool = False) -> None:
        """Read what is saved; opened: the page has just been opened, a left draft is gone."""
        here, client = desk(), self.router.session.session_id
        # Another connection of the same tab is one that was lost and is back: the draft stays.
        if opened and (not self._read_once or client == self._client):
            self._typed, self._read_once, self.draft, self.clash = {}, True, "", ""
            self._base = self._now = Incoming()
            self.stamp += 1
        self._client = client
        line_id = who.line_id

        def read(session: Session) -> tuple[Incoming, Office, bool, dict[str, str], Clash | None]:
            now = panel.read(session, line_id)
            boxes = select(Mailbox).where(Mailbox.line_id == line_id)
            names = numbers.names(session, line_id)
            line, other = session.get(Line, line_id), None
            moved = differ(self._base, now)
            if moved and line is not None:
                other = panel.clash(session, line, now, moved)
            return (
                now,
                here.offices.read(session),
                session.exec(boxes).first() is not None,
                names,
                other,
            )

        try:
            now, office, self.has_mailbox, self._saved_names, other = await here.database.read(read)
        except Gone:
            return  # the session ends with the line
        if not self.draft or now == self._now:
            if now != self._base or now != self._now:
                self._typed = {}
                self.stamp += 1
            self._base = self._now = now
            self.clash = ""
        elif other is not None:
            self._clashed(other)
        self._draw(office)

    # -- editing --------------------------------------------------------------------------------

    async def _edit(self, now: Incoming, *, announced: str = "") -> None:
        """The draft is another one."""
        here = desk()
        self._now, self.announced = now, announced
        self._draw(await here.database.read(here.offices.read))
        here.live.owe([self.extension], "draft")  # it may be explained elsewhere

    async def _keep(self, base: Incoming, values: Incoming) -> None:
        """Save the draft."""
        assert self._person is not None
        here, who = desk(), self._person

        def keep(session: Session) -> Incoming:
            office = here.offices.read(session)
            return panel.save(session, who.line_id, base=base, values=values, office=office)

        try:
            now = await here.database.run(keep)
        except Clash as other:
            self._clashed(other)
            return
        except Refused as refused:
            self._refused(refused.faults)
            return
        self._base = self._now = now
        self._typed, self.clash = {}, ""
        self.stamp += 1
        self.settled += 1
        self._toast("available", it="Modifiche salvate", en="Changes saved")
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe([who.extension], "settings")
        await self._edit(now)

    def _refused(self, faults: dict[str, Fault]) -> None:
        self.faults = NO_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        self.failed += 1

    def _clashed(self, other: Clash) -> None:
        here, language = desk(), self._language
        self._theirs = other.theirs
        if other.who:
            self.clash = told(other, NAMES, language, now=here.now(), zone=here.zone)
            return
        fields = named(other, NAMES, language)
        self.clash = say(
            language,
            it=f"Da un tuo telefono o da un'altra finestra è cambiato: {fields}",
            en=f"From a phone of yours or another window this was changed: {fields}",
        )

    async def _resolve(self, mine: bool) -> None:
        """Whose changes stay."""
        if not self.clash:
            return
        theirs = self._theirs
        values = merged(self._base, self._now, theirs) if mine else theirs
        self.clash, self._base = "", theirs
        if mine:
            self._now = values
            await self._keep(theirs, values)
            return
        self._typed = {}
        self.stamp += 1
        self.settled += 1
        await self._edit(values)

    # -- showing --------------------------------------------------------------------------------

    def _draw(self, office: Office) -> None:
        language, now, base = self._language, self._now, self._base
        names = self._saved_names

        def to(number: str) -> str:
            return wording.in_words(number, office, names, language)

        self.quiet, self.mode, self.plan = now.do_not_disturb, now.chosen, now.mode
        self._draw_plan(office)
        self.picked = NO_NUMBERS | {
            "forward": now.forward_number,
            "busy": now.busy_number,
            "no_answer": now.no_answer_number,
        }
        self.forward_to, self.notify = to(now.forward_number), now.forward_notify
        self.busy, self.busy_to = now.busy, to(now.busy_number)
        self.no_answer, self.no_answer_to = now.no_answer, to(now.no_answer_number)
        self.no_answer_text = self._typed.get("no_answer_seconds", str(now.no_answer_seconds))
        self.mailbox_text = self._typed.get("mailbox_seconds", str(now.mailbox_seconds))
        moved = differ(base, now)
        self.changes = list(
            wording.changes(base, now, office=office, names=names, language=language)
        )
        wrong = [name for name, text in self._typed.items() if not fits(name, text)]
        if wrong and not moved:
            self.changes = [say(language, it="Secondi da correggere", en="Seconds to be mended")]
        self.draft = version(now) + "".join(self._typed.values()) if moved or wrong else ""
        self.only_status = moved == ("do_not_disturb",) and not wrong
        self.changes_said = "; ".join(self.changes)
        self.before = NO_FAULTS | {
            name: say(language, it="prima ", en="was ") + str(getattr(base, name))
            for name in ("do_not_disturb", "no_answer_seconds", "mailbox_seconds")
            if name in moved
        }
        self._judge(office, wrong)

    def _judge(self, office: Office, wrong: list[str]) -> None:
        language, now = self._language, self._now
        found = judging.faults(now, was=self._base, extension=self.extension, office=office)
        # What is only missing is said at Conferma, when it had its chance to be filled in.
        shown = {name: fault for name, fault in found.items() if name == "no_answer_seconds"}
        shown |= {name: judging.bounds(name) for name in wrong}
        self.faults = NO_FAULTS | {
            name: say(language, it=fault.it, en=fault.en) for name, fault in shown.items()
        }
        longer = judging.long_enough(now) if judging.too_short(now) is not None else 0
        self.remedy = say(language, it=f"Porta a {longer} s", en=f"Make it {longer} s")
        if not longer:
            self.remedy = ""
        said = judging.warnings(now, has_mailbox=self.has_mailbox)
        self._remedies = [each.remedy or now for each in said]
        self.remarks = [
            Remark(
                each.on,
                say(language, it=each.it, en=each.en),
                say(language, it=each.remedy_it, en=each.remedy_en),
                index,
            )
            for index, each in enumerate(said)
        ]

    def _draw_plan(self, office: Office) -> None:
        language, now = self._language, self._now
        cards, begins = [], 0
        for index, seconds in enumerate(now.periods):
            ends = begins + seconds
            words = say(language, it=f"Da {begins} a {ends} s", en=f"From {begins} to {ends} s")
            cards.append(PeriodCard(index, seconds, words))
            begins = ends
        self.periods, self.total = cards, sum(now.periods)
        self.seconds = " ".join(str(seconds) for seconds in now.periods)
        self.free = max(0, 6 - len(now.periods))
        self.own_missing = all(row.number for row in now.phones)
        phones = []
        for index, row in enumerate(now.phones):
            outside = wording.is_outside(row.number, office)
            name = row.name or wording.called(row.number, office, self._saved_names)
            number = wording.written(row.number, office, language)
            if not row.number:
                name = say(language, it="I tuoi telefoni", en="Your phones")
                number = say(language, it=f"int. {self.extension}", en=f"ext. {self.extension}")
            cells = [
                CellCard(
                    period,
                    on,
                    _look(row.rings, period),
                    say(
                        language,
                        it=f"{name or number}: squilla nel periodo {period + 1}",
                        en=f"{name or number}: rings in period {period + 1}",
                    ),
                )
                for period, on in enumerate(row.rings)
            ]
            confirm = outside if row.confirm is None else row.confirm
            phones.append(
                PhoneCard(
                    index,
                    row.number,
                    name or number,
                    number if name else "",
                    wording.glyph(row.number, office),
                    outside,
                    outside and confirm,
                    cells,
                )
            )
        self.plan_phones = phones

    def _type(self, name: str, text: str) -> Incoming:
        """The draft with typed seconds, when they are some; the text is kept as it is."""
        text = text[:LONGEST].strip()
        self._typed = {**self._typed, name: text}
        return replace(self._now, **{name: int(text)}) if fits(name, text) else self._now  # type: ignore[arg-type]


def fits(name: str, text: str) -> bool:
    """Whether these are seconds that this field may hold."""
    least, most = judging.SECONDS[name]
    return text.isascii() and text.isdigit() and least <= int(text) <= most


def _look(rings: tuple[bool, ...], period: int) -> str:
    if not rings[period]:
        return "cell"
    before, after = rings[:period][-1:] == (True,), rings[period + 1 : period + 2] == (True,)
    return "cell r" + ("" if before else " a") + ("" if after else " z")
