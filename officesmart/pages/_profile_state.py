"""Il mio profilo: what the page knows. Never a secret: those pass through identity/posts.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from officesmart import auth, devices
from officesmart import line as lines
from officesmart.auth import Person
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.identity import passkeys, secrets, sessions
from officesmart.identity.overview import Overview, overview
from officesmart.identity.passkeys import NoSite
from officesmart.identity.posting import TOPIC
from officesmart.identity.told import By, note
from officesmart.mailing.server import BadServer, read_server
from officesmart.page import Portal, handler_of, mine
from pbx.tables import Line

DONE = {
    "password": ("Password cambiata: gli altri browser sono usciti",
                 "Password changed: the other browsers are signed out"),
    "mailbox": ("PIN della casella vocale cambiato", "Mailbox PIN changed"),
    "email": ("Codice mandato: scrivilo qui quando arriva",
              "Code sent: type it here when it comes"),
    "email-code": ("E-mail di sicurezza confermata", "Security e-mail confirmed"),
    "totp": ("Accesso in due passaggi attivo", "Two-step sign-in is on"),
    "totp-off": ("Accesso in due passaggi disattivato", "Two-step sign-in is off"),
    "paper": ("Nuovi codici di recupero", "New recovery codes"),
    "passkey": ("Passkey aggiunta", "Passkey added"),
    "passkey-off": ("Passkey tolta", "Passkey removed"),
}  # fmt: skip
"What the page says once a post has been accepted, by the form's name."

HAPPENED = {
    "password_changed": ("Password cambiata", "Password changed", "key-round"),
    "portal_reset": ("Nuova password del portale", "New portal password", "key-round"),
    "pin_changed": ("PIN della casella vocale cambiato", "Mailbox PIN changed", "key-round"),
    "pin_reset": ("Nuovo PIN della casella vocale", "New mailbox PIN", "key-round"),
    "security_email_asked": ("Nuova e-mail di sicurezza da confermare",
                             "New security e-mail to be confirmed", "mail"),
    "security_email_changed": ("E-mail di sicurezza cambiata", "Security e-mail changed", "mail"),
    "two_factor_on": ("Accesso in due passaggi attivato", "Two-step sign-in switched on",
                      "shield-check"),
    "two_factor_off": ("Accesso in due passaggi disattivato", "Two-step sign-in switched off",
                       "shield-off"),
    "recovery_codes_made": ("Nuovi codici di recupero", "New recovery codes", "file-key"),
    "recovery_code_used": ("Codice di recupero usato", "Recovery code used", "file-key"),
    "passkey_added": ("Passkey aggiunta", "Passkey added", "fingerprint"),
    "passkey_removed": ("Passkey tolta", "Passkey removed", "fingerprint"),
    "browser_signed_out": ("Browser scollegato", "Browser signed out", "unplug"),
    "browser_forgotten": ("Browser dimenticato", "Browser forgotten", "unplug"),
    "signed_out_everywhere": ("Uscita da tutti i browser", "Signed out everywhere", "log-out"),
    "phone_signed_out": ("Telefono scollegato", "Phone signed out", "unplug"),
    "sip_reset": ("Nuova password di un telefono", "New password of a phone", "key-round"),
    "account_added": ("Nuovo account per i telefoni", "New account for phones", "plus"),
    "account_removed": ("Account dei telefoni tolto", "Account for phones removed", "trash-2"),
}  # fmt: skip
"What happened, as its owner reads it, and its drawing."


@dataclass(frozen=True)
class PhoneCard:
    """A phone registered now."""

    id: int
    kind: str
    glyph: str
    name: str
    agent: str
    "All that it says of itself."
    source: str
    transport: str
    account: str
    seen: str


@dataclass(frozen=True)
class BrowserCard:
    """A browser signed in, or remembered."""

    id: int
    name: str
    pocket: bool
    address: str
    seen: str
    since: str
    here: bool = False


@dataclass(frozen=True)
class KeyCard:
    """A passkey."""

    id: int
    name: str
    made: str
    used: str
    "Empty: never."


@dataclass(frozen=True)
class DeedCard:
    """Something that happened to how one signs in."""

    what: str
    glyph: str
    who: str
    "Empty: oneself."
    at: str
    iso: str
    address: str


class Profile(Portal):
    """Il mio profilo."""

    opened: str = ""
    "The form that is open; '' for none."
    asks_everywhere: bool = False
    site: str = ""
    post: str = ""
    "The address for messages."
    phones_here: list[PhoneCard] = []
    browsers: list[BrowserCard] = []
    remembered: list[BrowserCard] = []
    safe_post: str = ""
    "The security address."
    waiting_post: str = ""
    mail_works: bool = True
    changed_at: str = ""
    "When the portal's secret word was changed; empty: never."
    box: bool = False
    box_locked: bool = False
    "The mailbox has a number to be opened with."
    box_changed_at: str = ""
    two_step: bool = False
    two_step_since: str = ""
    paper_left: int = 0
    keys: list[KeyCard] = []
    no_keys: str = ""
    "Why passkeys do not work at this address; empty: they do."
    deeds: list[DeedCard] = []

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Profile.news))
        self.opened, self.asks_everywhere = "", False
        await self._read(self._person)

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of this line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"phones", "session", "language", "link", TOPIC} & set(topics):
            if "language" in topics:
                self._speak(self._person.language)
            await self._read(self._person)

    # -- forms ----------------------------------------------------------------------------------

    @mine
    async def open(self, form: str) -> None:
        """The pencil: a form opens in its place; the one that was open closes."""
        self.opened = "" if form == self.opened else form[:40]

    @mine
    async def close(self) -> None:
        """Annulla."""
        self.opened = ""

    @mine
    async def settled(self, form: str) -> None:
        """The page's script says that a post was accepted."""
        assert self._person is not None
        self.opened = ""
        name = form.split(":")[0]
        if name in DONE:
            it, en = DONE[name]
            self._toast("available", it=it, en=en)
        await self._read(self._person)

    @mine
    async def drop_waiting(self) -> None:
        """Lascia perdere: the address that waits for its code is not wanted any more."""
        assert self._person is not None
        line_id = self._person.line_id
        await desk().database.run(lambda s: secrets.cancel_security_email(s, line_id))
        desk().live.owe([self._person.extension], TOPIC)
        await self._read(self._person)

    # -- devices --------------------------------------------------------------------------------

    @mine
    async def sign_out_phone(self, phone: int) -> None:
        """Scollega: a phone of mine signs out."""
        assert self._person is not None
        card = next((card for card in self.phones_here if card.id == phone), None)
        if await self._sign_out_phone(phone, extension=self._person.extension) and card:
            told = {"phone": card.name or card.agent, "address": card.source}
            await self._write(
                lambda s, line, by, now: note(
                    s, line, "phone_signed_out", by=by, now=now, before=told
                )
            )

    @mine
    async def sign_out_browser(self, which: int) -> None:
        """Esci, on another browser."""
        ended = await self._write(
            lambda s, line, by, now: sessions.sign_out(s, line, which, by=by, now=now)
        )
        self._said_out(bool(ended))

    @mine
    async def forget_browser(self, which: int) -> None:
        """Dimentica: a remembered browser needs the second step again."""
        self._said_out(
            await self._write(
                lambda s, line, by, now: sessions.forget(s, line, which, by=by, now=now)
            )
        )

    @mine
    async def ask_everywhere(self) -> None:
        """Esci ovunque: asked first."""
        self.asks_everywhere = True

    @mine
    async def spare(self) -> None:
        """No."""
        self.asks_everywhere = False

    @mine
    async def everywhere(self) -> None:
        """Yes: every browser, this one too."""
        self.asks_everywhere = False
        await self._write(
            lambda s, line, by, now: sessions.sign_out_everywhere(s, line, by=by, now=now)
        )
        self._send_away()

    # -- within ---------------------------------------------------------------------------------

    def _said_out(self, done: bool) -> None:
        if done:
            self._toast("available", it="Browser scollegato", en="Browser signed out")
        else:
            self._toast("info", it="Era già scollegato", en="It was signed out already")

    async def _write(self, deed: Callable[[Session, Line, By, datetime], Any]) -> Any:
        """Do something to one's own line; its open pages look again."""
        assert self._person is not None
        here, who = desk(), self._person

        def write(session: Session) -> Any:
            own = auth.session_row(session, who.session)
            by = By(who.extension, who.name, own.ip if own is not None else "")
            return deed(session, session.get_one(Line, who.line_id), by, here.now())

        answer = await here.database.run(write)
        here.live.owe([who.extension], "session")
        await self._read(who)
        return answer

    async def _read(self, who: Person) -> None:
        """Everything, anew."""
        here, now = desk(), desk().now()
        origin = self.router.headers.origin
        found, place = await here.database.read(
            lambda s: (overview(s, who.line_id, now), passkeys.site_of(s, origin))
        )
        self._show_devices(found, who)
        self._show_safety(found)
        self.no_keys = ""
        if isinstance(place, NoSite):
            self.no_keys = say(self._language, it=place.it, en=place.en)
        try:
            self.mail_works = read_server(here.config.smtp_url) is not None
        except BadServer:
            self.mail_works = False

    def _when(self, moment: datetime | None) -> str:
        here = desk()
        return when(self._language, moment, here.now(), here.zone) if moment is not None else ""

    def _show_devices(self, found: Overview, who: Person) -> None:
        self.site, self.post = found.line.site, found.line.email
        board, language = desk().phone.board(), self._language
        self.phones_here = []
        for phone in sorted(board.phones_of(who.extension), key=lambda each: each.since):
            it, en, glyph = devices.KINDS[devices.phone_kind(phone.user_agent)]
            known = found.phones.get(phone.phone)
            self.phones_here.append(
                PhoneCard(
                    id=phone.phone,
                    kind=say(language, it=it, en=en),
                    glyph=glyph,
                    name=lines.device(phone.user_agent),
                    agent=phone.user_agent[:120],
                    source=phone.source,
                    transport=phone.transport.upper(),
                    account=known.account if known is not None else "",
                    seen=self._when(known.seen_at if known is not None else phone.since),
                )
            )
        self.browsers = [
            self._card(
                row.id, row.user_agent, row.ip, row.last_activity_at, row.created_at,
                here=row.token_hash == who.session,
            )
            for row in found.sessions
        ]  # fmt: skip
        self.browsers.sort(key=lambda card: not card.here)
        self.remembered = [
            self._card(row.id, row.user_agent, row.ip, row.used_at, row.created_at)
            for row in found.remembered
        ]

    def _card(
        self,
        which: int | None,
        agent: str,
        address: str,
        seen: datetime,
        since: datetime,
        *,
        here: bool = False,
    ) -> BrowserCard:
        known = devices.browser(agent)
        on = say(self._language, it="su", en="on")
        name = f"{known.name} {on} {known.system}" if known.name and known.system else ""
        unknown = say(self._language, it="Browser sconosciuto", en="Unknown browser")
        return BrowserCard(
            id=which or 0,
            name=name or known.name or known.system or agent[:60] or unknown,
            pocket=known.pocket,
            address=address,
            seen=self._when(seen),
            since=self._when(since),
            here=here,
        )

    def _show_safety(self, found: Overview) -> None:
        language = self._language
        self.safe_post = found.line.security_email
        self.waiting_post = found.waits.address if found.waits is not None else ""
        self.changed_at = self._when(found.password_at)
        self.box = found.box is not None
        self.box_locked = found.box is not None and found.box.pin_hash != ""
        self.box_changed_at = self._when(found.pin_at)
        self.two_step, self.paper_left = found.factors.totp, found.factors.recovery_left
        self.two_step_since = self._when(found.totp_since)
        self.keys = [
            KeyCard(
                id=row.id or 0,
                name=row.name,
                made=self._when(row.created_at),
                used=self._when(row.used_at),
            )
            for row in found.keys
        ]
        self.deeds = []
        for row in found.deeds:
            it, en, glyph = HAPPENED[row.what]
            self.deeds.append(
                DeedCard(
                    what=say(language, it=it, en=en),
                    glyph=glyph,
                    who="" if row.who == found.line.extension else row.who_name,
                    at=self._when(row.at),
                    iso=row.at.isoformat(timespec="seconds"),
                    address=str(row.after.get("address", ""))[:45],
                )
            )
