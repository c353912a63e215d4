"""What the menu of a number does beside calling: the address book, the priority callers.

Which of it makes sense is asked when a menu opens: a page shows hundreds of numbers, and one menu
at a time.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import reflex as rx
from sqlmodel import Session

from officesmart.call_manager import priority
from officesmart.call_manager.priority import Done
from officesmart.desk import desk
from officesmart.page import Portal, mine

LONGEST = 80  # characters of a number or a SIP address


class NumberDeeds(Portal):
    """The menu that is open."""

    asked: str = ""
    "Its number; empty while none is open."
    own: bool = False
    "It is the reader's own."
    can_add: bool = False
    "His address book has not got it."
    can_call_here: bool = False
    "Somebody may call from it."
    e164: str = ""
    "What any telephone dials for it; empty for what is only known here."

    @mine(reads=True)
    async def ask(self, number: str, opened: bool) -> None:
        """A menu opens or closes."""
        if not opened:
            self.asked = ""
            return
        assert self._person is not None
        who, here, number = self._person, desk(), number[:LONGEST]
        found = await here.database.read(
            lambda session: priority.standing(
                session, who.line_id, who.extension, number, here.offices.read(session)
            )
        )
        self.asked, self.own = number, found.own
        self.can_add, self.can_call_here = found.can_add, found.can_call_here
        self.e164 = found.e164

    @mine(reads=True)
    async def to_contacts(self, number: str, name: str = "") -> Any:
        """Aggiungi ai contatti: the form of a new one, with the number and the known name."""
        assert self._person is not None
        who, here, number = self._person, desk(), number[:LONGEST]
        found = await here.database.read(
            lambda session: priority.standing(
                session, who.line_id, who.extension, number, here.offices.read(session)
            )
        )
        if found.contact:
            self._toast(
                "info",
                it=f"C'è già: è un numero di {found.contact}",
                en=f"It is there already: it is a number of {found.contact}",
            )
            return None
        return rx.redirect(form_of(found.e164 or number, name))

    @mine
    async def put_first(self, number: str, name: str) -> None:
        """Aggiungi ai prioritari."""
        assert self._person is not None
        who, here = self._person, desk()

        def write(session: Session) -> Done:
            office = here.offices.read(session)
            return priority.put_first(
                session, who.line_id, who.extension, number[:LONGEST], office,
                at=here.now(), name=name[:LONGEST],
            )  # fmt: skip

        done = await here.database.run(write)
        if done.fault is not None:
            self._toast("danger", it=done.fault.it, en=done.fault.en)
            return
        if done.there:
            self._toast(
                "info",
                it="C'è già, tra i chiamanti prioritari",
                en="It is there already, among the priority callers",
            )
            return
        here.live.owe([who.extension], "settings")
        if done.warning is not None:
            self._toast(
                "warning",
                it=f"Aggiunto ai prioritari, ma: {done.warning.it}",
                en=f"Added to the priority callers, but: {done.warning.en}",
            )
        elif done.service_on:
            self._toast(
                "available", it="Aggiunto ai prioritari", en="Added to the priority callers"
            )
        else:
            self._toast(
                "info",
                it="Aggiunto ai prioritari. Il servizio è spento: accendilo nel Gestore chiamate",
                en="Added to the priority callers. The service is off: switch it on in the call "
                "manager",
            )


def form_of(number: str, name: str) -> str:
    """Where the form of a new contact opens; a name that is only a number again is left out."""
    asked = {"nuovo": number}
    if name.strip() and not any(sign.isdigit() for sign in name):
        asked["nome"] = name[:LONGEST].strip()
    return "/contatti?" + urlencode(asked)
