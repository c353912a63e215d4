"""What the open line's phones and its owner sign in with: made anew, shown once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session

from officesmart.administration import accounts, audit, welcoming
from officesmart.administration.lines import Gone, Refused
from officesmart.desk import desk
from officesmart.page import admin
from officesmart.pages._lines_handed import Handed
from officesmart.phone import LinkDown

T = TypeVar("T")


class Keys(Handed):
    """Accounts, passwords, PIN, and the phones that are signed in with them."""

    asking: str = ""
    "'', 'delete', 'many' or 'account'."
    ask_user: str = ""
    _ask_account: int = 0

    @admin
    async def add_account(self, form: dict[str, Any]) -> None:
        """Aggiungi un telefono."""
        if self.opened <= 0:
            return
        label = str(form.get("label") or "").strip()
        line, author, here = self.opened, self._author(), desk()
        extension = self._base.extension
        user = await here.database.read(lambda s: accounts.free_user(s, extension))
        new = await self._made("sip", user=user)
        if await self._do(lambda s: accounts.add(s, author, line, label, new)) is not None:
            await self._hand_out([new.fresh])

    @admin
    async def label(self, account: int, label: str) -> None:
        """Another name for an account."""
        author = self._author()
        await self._do(lambda s: accounts.rename(s, author, account, label.strip()))

    @admin
    async def direct_audio(self, account: int, on: bool) -> None:
        """Audio diretto."""
        author = self._author()
        await self._do(lambda s: accounts.set_direct_audio(s, author, account, on))

    @admin
    async def transport(self, account: int, transport: str) -> None:
        """Trasporto: the only one its phones may use, or any."""
        author = self._author()
        if transport in accounts.TRANSPORTS:
            await self._do(lambda s: accounts.set_transport(s, author, account, transport))

    @admin
    async def codec(self, account: int, place: int, codec: str) -> None:
        """Codec: which one comes in this place."""
        author = self._author()
        if codec in ("", *accounts.CODECS) and 0 <= place < len(accounts.CODECS):
            await self._do(lambda s: accounts.set_codec(s, author, account, place, codec))

    @admin
    async def send_instructions(self) -> None:
        """Invia di nuovo le istruzioni."""
        if self.opened <= 0:
            return
        line, author = self.opened, self._author()
        try:
            to = await desk().database.run(lambda s: welcoming.send_instructions(s, author, line))
        except Refused as refused:
            self._refuse(refused)
        except Gone:
            self._lost()
            await self._read()
        else:
            self._toast(
                "available", it=f"Istruzioni inviate a {to}", en=f"Instructions sent to {to}"
            )

    @admin
    async def new_sip(self, account: int) -> None:
        """Nuova password SIP."""
        author = self._author()
        user = next((each.user for each in self.sip_accounts if each.id == account), "")
        if user:
            new = await self._made("sip", user=user)
            deed = partial(accounts.reset_sip, author=author, account_id=account, new=new)
            if await self._do(deed):
                await self._hand_out([new.fresh])

    @admin
    async def new_portal(self) -> None:
        """Nuova password del portale."""
        await self._reset("portal", accounts.reset_portal)

    @admin
    async def new_pin(self) -> None:
        """Nuovo PIN."""
        await self._reset("pin", accounts.reset_pin)

    @admin
    async def drop_factors(self) -> None:
        """Togli il secondo passaggio: its owner has lost telephone and paper."""
        if self.opened <= 0:
            return
        line, author, extension = self.opened, self._author(), self._base.extension
        done = await self._do(lambda s: accounts.drop_factors(s, author, line))
        if done:
            self._toast("available", it="Secondo passaggio tolto", en="Second step removed")
            desk().live.owe([extension], "session")
        elif done is False:
            self._toast("info", it="Non ne aveva uno", en="There was none")

    async def _reset(self, kind: str, deed: Callable[..., bool]) -> None:
        if self.opened <= 0:
            return
        line, author, extension = self.opened, self._author(), self._base.extension
        new = await self._made(kind)
        if await self._do(lambda s: deed(s, author, line, new)):
            await self._hand_out([new.fresh])
            if kind == "portal":
                desk().live.owe([extension], "session")

    @admin
    async def ask_account(self, account: int) -> None:
        """Rimuovi: which phones lose it?"""
        row = next((each for each in self.sip_accounts if each.id == account), None)
        if row is not None:
            self._ask_account, self.ask_user, self.asking = account, row.user, "account"

    @admin
    async def remove_account(self) -> None:
        """Rimuovi, confirmed."""
        account, author = self._ask_account, self._author()
        self.asking, self._ask_account = "", 0
        removed = partial(accounts.remove, author=author, account_id=account)
        if account and await self._do(lambda s: removed(s) != ""):
            self._toast("available", it="Account rimosso", en="Account removed")

    @admin
    async def sign_out(self, phone: int) -> None:
        """Scollega."""
        row = next((each for each in self.line_phones if each.id == phone), None)
        try:
            done = await desk().phone.sign_out_phone(phone)
        except LinkDown:
            done = False
        if done and row is not None:
            author, base = self._author(), self._base
            told = {"phone": row.name, "address": row.source}
            await desk().database.run(
                lambda s: audit.note(
                    s,
                    author,
                    "phone_signed_out",
                    line=base.extension,
                    line_name=base.name,
                    before=told,
                )
            )
            self._toast("available", it="Telefono scollegato", en="Phone signed out")
        else:
            self._toast("info", it="Il telefono era già scollegato", en="It was signed out already")
        if self.opened > 0:
            await self._read_phones()

    async def _made(self, kind: str, *, user: str = "") -> accounts.Made:
        base = self._base
        return await asyncio.to_thread(
            partial(
                accounts.made,
                kind,
                extension=base.extension,
                name=base.name,
                number=base.number,
                user=user,
            )
        )

    async def _do(self, deed: Callable[[Session], T]) -> T | None:
        """A change of the open line's accounts; None when it was refused."""
        try:
            answer: T | None = await desk().database.run(deed)
        except Refused as refused:
            self._fault(refused.faults)
            return None
        except Gone:
            self._toast("info", it="Non c'è più", en="It is gone")
            answer = None
        await self._changed([self._base.extension])
        if self.opened > 0:
            await self._read_phones()
        return answer
