"""The open line's services, changed by an administrator beside the line's own star codes."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from officesmart.administration import line_services as store
from officesmart.administration.clash import Clash, merged
from officesmart.administration.line_services import ServiceValues
from officesmart.administration.lines import Gone, Refused
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import admin
from officesmart.pages._lines_one import One
from officesmart.pages._lines_served import NO_SERVICE_FAULTS
from pbx.routing.office import Office


class Services(One):
    """Do not disturb, forwards, hidden number."""

    _services_theirs: ServiceValues = ServiceValues()
    _services_mine: ServiceValues = ServiceValues()

    @admin
    async def touch_services(self) -> None:
        """Something in the form of the services is being changed."""
        self._touched = True

    @admin
    async def undo_services(self) -> None:
        """Annulla: as they are now."""
        self._services_of = 0
        await self._read_services()

    @admin
    async def save_services(self, form: dict[str, Any]) -> None:
        """Conferma."""
        if self.opened <= 0:
            return
        here, was = desk(), self._services

        def judged(session: Session) -> tuple[ServiceValues, dict[str, Any]]:
            office = here.offices.read(session)
            return store.judge(
                form,
                was,
                prefix=office.outside_prefix,
                extensions=office.lines.keys(),
                codes=office.short_codes.keys(),
            )

        values, faults = await here.database.read(judged)
        if faults:
            self._services_fault(faults)
            return
        await self._save_services(was, values)

    async def _save_services(self, base: ServiceValues, values: ServiceValues) -> None:
        here, line, author = desk(), self.opened, self._author()

        def save(session: Session) -> ServiceValues:
            office: Office = here.offices.read(session)
            return store.save(session, author, line, base=base, values=values, office=office)

        try:
            await here.database.run(save)
        except Clash as conflict:
            # From `base`, as in clashing.py: what a faster one changed before is not mine.
            self._services_theirs = conflict.theirs
            self._services_mine = merged(base, values, conflict.theirs)
            self.services_clash = self._said_of(conflict)
            self.services_moved = False
            return
        except Refused as refused:
            self._services_fault(refused.faults)
            return
        except Gone:
            self._lost()
            await self._read()
            return
        self._services_of = 0
        self._toast("available", it="Servizi salvati", en="Services saved")
        await self._changed([self._base.extension])
        await self._read_services()

    @admin
    async def keep_their_services(self) -> None:
        """Tieni le sue."""
        if self.services_clash:
            self._show_services(self._services_theirs)

    @admin
    async def keep_my_services(self) -> None:
        """Tieni le mie: what I changed goes over what they saved."""
        if self.services_clash:
            self.services_clash = ""
            await self._save_services(self._services_theirs, self._services_mine)

    def _services_fault(self, faults: dict[str, Any]) -> None:
        self.services_faults = NO_SERVICE_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        self.services_failed += 1
