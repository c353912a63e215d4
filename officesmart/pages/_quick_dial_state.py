"""What Selezione rapida shows and does: a draft of the list, which Applica saves as a whole.

Kept on the server until then. A code dialled meanwhile (*75, #75) or another window may change the
list: a draft without changes follows, one with changes is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from officesmart import quick_dial as store
from officesmart.administration.dialled import shown
from officesmart.administration.lines import Refused
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.naming import people_of
from officesmart.page import Portal, handler_of, mine
from officesmart.phone import LinkDown
from officesmart.quick_dial import Dial, Moved
from pbx.numbers import is_extension
from pbx.routing.dialplan import DialPlan
from pbx.routing.office import Office
from pbx.store.dialplan import read_dial_plan

NO_FAULTS = {"code": "", "number": "", "name": "", "": ""}


@dataclass(frozen=True)
class DialRow:
    """A speed dial of the draft, for the browser."""

    code: str
    name: str
    written: str
    "Its number as a phone dials it."
    dial: str
    fresh: bool
    "Not saved yet."
    warned: list[str]


class QuickDials(Portal):
    """The draft of the list, and what is typed for a new one."""

    rows: list[DialRow] = []
    free: list[str] = []
    draft: str = ""
    "The draft in one text while it differs from what is saved; else empty."
    changes: int = 0
    faults: dict[str, str] = NO_FAULTS
    offer: str = ""
    "The number that was probably meant."
    typed_code: str = ""
    typed_number: str = ""
    typed_name: str = ""
    stamp: int = 0
    "Moves when the form for a new one is to be made anew."
    failed: int = 0
    clash: bool = False
    asking: bool = False
    "Elimina elenco waits for an answer."
    _base: tuple[Dial, ...] = ()
    _now: tuple[Dial, ...] = ()
    _theirs: tuple[Dial, ...] = ()

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(QuickDials.news))
        await self._read()

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"settings", "language", "contacts"} & set(topics):
            await self._read()

    # -- a new one ------------------------------------------------------------------------------

    @mine
    async def add(self, form: dict[str, Any]) -> None:
        """Aggiungi."""
        typed = Typed(form)
        self._keep_typed(form)
        plan, office = await self._around()
        found = store.judge(typed, self._now, plan, office)
        self.offer = found.offer
        if found.faults:
            self._refused(found.faults)
            return
        self._typed_anew()
        await self._edit((*self._now, found.dial), plan, office)

    @mine
    async def take_offer(self) -> None:
        """The number that was probably meant."""
        self.typed_number, self.offer = self.offer, ""
        self.faults = self.faults | {"number": ""}
        self.stamp += 1

    # -- the list -------------------------------------------------------------------------------

    @mine
    async def remove(self, code: str) -> None:
        """The bin of a row."""
        plan, office = await self._around()
        await self._edit(tuple(each for each in self._now if each.code != code), plan, office)

    @mine
    async def ask_clear(self) -> None:
        """Elimina elenco: asked first."""
        self.asking = bool(self._now)

    @mine(reads=True)
    async def spare(self) -> None:
        """Annulla, in the window that asks."""
        self.asking = False

    @mine
    async def clear(self) -> None:
        """Elimina elenco, confirmed: Applica makes it so."""
        self.asking = False
        plan, office = await self._around()
        await self._edit((), plan, office)

    @mine
    async def undo(self) -> None:
        """Annulla."""
        plan, office = await self._around()
        self.clash = False
        self._typed_anew()
        await self._edit(self._base, plan, office)

    @mine
    async def apply(self, form: dict[str, Any]) -> None:
        """Applica."""
        if self.clash:
            return  # which list counts is asked on the page
        if not self.draft:
            self._toast("warning", it="Nessuna modifica da applicare", en="No change to apply")
            return
        await self._save(self._base)

    @mine
    async def keep_mine(self) -> None:
        """Tieni le mie: over what was changed meanwhile."""
        await self._save(self._theirs)

    @mine
    async def keep_theirs(self) -> None:
        """Tieni le altre: the list as it is now."""
        self._base = self._theirs
        plan, office = await self._around()
        self.clash = False
        await self._edit(self._base, plan, office)

    # -- pieces ---------------------------------------------------------------------------------

    async def _around(self) -> tuple[DialPlan, Office]:
        here = desk()

        def read(session: Session) -> tuple[DialPlan, Office]:
            return read_dial_plan(session), here.offices.read(session)

        return await here.database.read(read)

    async def _read(self) -> None:
        assert self._person is not None
        here, line = desk(), self._person.line_id
        saved = await here.database.read(lambda session: store.listed(session, line))
        plan, office = await self._around()
        if self.draft and saved != self._base:
            self._theirs, self.clash = saved, True
        elif not self.draft:
            self._base = self._now = saved
        await self._edit(self._now, plan, office)

    async def _edit(self, now: tuple[Dial, ...], plan: DialPlan, office: Office) -> None:
        """The draft is another one."""
        assert self._person is not None
        language, extension = self._language, self._person.extension
        self._now = store.in_order(now)
        line, numbers = self._person.line_id, [each.number for each in self._now]
        people = await desk().database.read(lambda s: people_of(s, line, numbers))
        self.changes = len({*self._now} ^ {*self._base})
        self.draft = repr(self._now) if self.changes else ""
        self.free = list(store.free(self._now))
        self.rows = [
            DialRow(
                code=each.code,
                name=each.name or people.name(each.number),
                written=_written(each.number, office),
                dial=each.number,
                fresh=each not in self._base,
                warned=[
                    say(language, it=fault.it, en=fault.en)
                    for fault in store.warnings(each, extension, plan, office)
                ],
            )
            for each in self._now
        ]

    async def _save(self, base: tuple[Dial, ...]) -> None:
        assert self._person is not None
        here, who, wanted = desk(), self._person, self._now

        def keep(session: Session) -> tuple[Dial, ...]:
            return store.save(
                session,
                who.line_id,
                base=base,
                wanted=wanted,
                plan=read_dial_plan(session),
                office=here.offices.read(session),
            )

        try:
            self._base = await here.database.run(keep)
        except Moved as moved:
            self._theirs, self.clash = moved.now, True
            return
        except Refused as refused:
            self._refused(refused.faults)
            return
        self.clash, self.faults = False, self.faults | {"": ""}
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe([who.extension], "settings")
        plan, office = await self._around()
        await self._edit(self._base, plan, office)
        self._toast("available", it="Selezione rapida salvata", en="Speed dials saved")

    def _refused(self, faults: dict[str, Fault]) -> None:
        self.faults = NO_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        self.failed += 1

    def _keep_typed(self, form: dict[str, Any]) -> None:
        """What was typed stays in the form when it is refused."""
        said = {name: form.get(name) for name in ("code", "number", "name")}
        text = {name: each[:80] if isinstance(each, str) else "" for name, each in said.items()}
        self.typed_code, self.typed_number = text["code"], text["number"]
        self.typed_name = text["name"]

    def _typed_anew(self) -> None:
        self.typed_code = self.typed_number = self.typed_name = self.offer = ""
        self.faults = dict(NO_FAULTS)
        self.stamp += 1


def _written(number: str, office: Office) -> str:
    if is_extension(number) or number in office.short_codes:
        return number
    return shown(number, office.outside_prefix)
