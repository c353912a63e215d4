"""New secrets in their window, shown once: with a code for a softphone and a sheet to print."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from officesmart import enrol
from officesmart.administration import accounts
from officesmart.administration import lines as store
from officesmart.administration.lines import Refused
from officesmart.administration.rows import Shown, Softphone
from officesmart.administration.rules import LineValues, judge
from officesmart.desk import desk
from officesmart.page import admin
from officesmart.pages._lines_found import NO_FAULTS
from officesmart.pages._lines_one import NEW
from officesmart.pages._lines_services import Services
from officesmart.welcome import softphone as setting_up
from officesmart.welcome.handing import handings
from officesmart.welcome.routes import PHONE, SHEET
from officesmart.welcome.where import is_only_here, sip_server
from pbx.store import settings
from pbx.tables import SipAccount

NO_PHONE = Softphone()


class Handed(Services):
    """What was made just now, until its window is closed."""

    shown: list[Shown] = []
    "New credentials, until their window is closed; only in the tab of whoever made them."
    shown_of: str = ""
    softphone: Softphone = NO_PHONE
    sheet: str = ""
    "Where the sheet with these secrets is printed."
    _handing: str = ""

    @admin
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        if not self.opened:
            return
        form, of_site = await self._with_site(form)
        values, faults = judge(form)
        faults |= of_site
        if faults:
            self._fault(faults)
            return
        if self.opened == NEW:
            await self._create(values)
        else:
            await self._save(self._base, values)

    async def _create(self, values: LineValues) -> None:
        here, author = desk(), self._author()
        # Before the digests are paid for; asked again inside the transaction.
        faults = await here.database.read(lambda s: store.collisions(s, values))
        if faults:
            self._fault(faults)
            return
        new = store.enrolment_of(values)
        digests = (await asyncio.to_thread(enrol.digests_of, [new]))[0]
        try:
            line = await here.database.run(lambda s: store.create(s, author, values, new, digests))
        except Refused as refused:
            self._fault(refused.faults)
            return
        await self._changed([values.extension])
        await self._open(line)
        user, given = values.extension, new.secrets
        await self._hand_out(
            [
                accounts.Fresh("portal", user, given.password),
                accounts.Fresh("sip", user, given.sip_password),
                accounts.Fresh("pin", user, given.pin),
            ]
        )

    async def _hand_out(self, fresh: Sequence[accounts.Fresh]) -> None:
        """Show new secrets of the open line."""
        assert self._person is not None
        self._forget()
        here, line, base = desk(), self.opened, self._base
        sip = next((each for each in fresh if each.kind == "sip"), None)

        def read(session: Session) -> tuple[str, SipAccount | None]:
            owned = accounts.of_line(session, line)
            mine = next((each for each in owned if sip and each.username == sip.user), None)
            return settings.read(session, "portal.address"), mine

        portal, account = await here.database.read(read)
        phone = None
        if sip is not None and account is not None:
            phone = setting_up.Softphone(
                user=sip.user,
                password=sip.secret,
                name=base.name,
                server=sip_server(here.config, portal),
                port=here.config.sip_port,
                transport=account.transport,
                codecs=tuple(account.codecs.split()),
            )
        self._handing = handings.offer(
            self._person.session,
            (line,),
            {(each.kind, each.user): each.secret for each in fresh},
            here.now(),
            softphone=phone,
        )
        self.faults = dict(NO_FAULTS)
        self.shown_of = f"{base.extension} {base.name}"
        self.shown = [Shown(each.kind, each.user, each.secret) for each in fresh]
        self.sheet = f"{SHEET}?con={self._handing}"
        self.softphone = NO_PHONE if phone is None else self._told(phone, portal)

    def _told(self, phone: setting_up.Softphone, portal: str) -> Softphone:
        """What the window says of a softphone."""
        base = portal or _origin(self.router.headers.origin)
        address = f"{base.rstrip('/')}{PHONE}/{self._handing}"
        reachable = bool(base) and not is_only_here(base)
        return Softphone(
            code=setting_up.picture(address) if reachable else "",
            link=f"{setting_up.LINPHONE}{address}" if reachable else "",
            address=setting_up.address(phone),
            server=phone.server,
            port=phone.port,
            transport=phone.transport.upper(),
            portal_set=bool(portal),
        )

    @admin(acts=False)
    async def forget_shown(self) -> None:
        """The window with new credentials is closed, or the page left."""
        self._forget()

    def _forget(self) -> None:
        handings.close(self._handing)
        self.shown, self.shown_of, self._handing = [], "", ""
        self.softphone, self.sheet = NO_PHONE, ""


def _origin(said: str) -> str:
    """The address that the browser itself uses; '' for none."""
    split = urlsplit(said)
    return f"{split.scheme}://{split.netloc}" if split.scheme in ("http", "https") else ""
