"""The door: password, second factor, first sign-in. Guide 2.2, 10.3.

Each step is a method that answers what became of it (door_answers.py). Whatever is wrong counts in
one patience (patience.py), and costs the same time whether the account exists or not. Who has
forgotten the password goes another way (forgotten.py).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlmodel import Session

from officesmart import auth, mail, patience, remembered
from officesmart.auth import FACTOR, WELCOME, Browser, Halfway, Person
from officesmart.door_answers import Faulty, Over, Refused, SignedIn
from officesmart.forgotten import Forgotten
from officesmart.identity import Factors, factors, recovery, totp
from officesmart.identity.told import By, warn
from officesmart.new_password import Faults, keep_password, twice
from officesmart.patience import account_of, place_of
from officesmart.remembered import Known
from pbx import vault
from pbx.config import Config
from pbx.credentials import Fault, proved
from pbx.store.session import Database
from pbx.tables import Line

log = logging.getLogger(__name__)

Check = Callable[[Session, int], bool]
"In a transaction: whether what was shown is right for this line; it is used up then."
AT_ONCE = 2  # hashes; each takes a core for a while


class Door:
    """Signing in: patience with those who are wrong, and the same time for each of them."""

    def __init__(self, database: Database, config: Config) -> None:
        self._database, self._config = database, config
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self.forgotten = Forgotten(database, config, self._at_once)

    # -- number and password --------------------------------------------------------------------

    async def sign_in(
        self,
        typed: str,
        password: str,
        *,
        browser: Browser,
        now: datetime,
        old_token: str = "",
        remember: bool = False,
        browser_token: str = "",
    ) -> SignedIn | Refused:
        """A new session, or why not. The browser's old session ends when a new one begins.

        browser_token: what the remembered browser's cookie holds.
        """
        account, place = account_of(typed), place_of(browser.address)
        seconds = await self._database.run(lambda s: patience.knock(s, account, place, now))
        if seconds > 0:
            return Refused(seconds)
        line = await self._database.read(lambda s: auth.line_of(s, account))
        # With nothing to compare to, verify does the same work: time must not tell who exists.
        known = line.password_hash if line is not None and line.active else ""
        async with self._at_once:
            right, digest = await asyncio.to_thread(proved, known, password)
        if line is None or not right:
            return await self._refused(account, place, now)

        def admit(session: Session) -> SignedIn | None:
            found = session.get(Line, line.id)
            if found is None or not found.active or found.password_hash != known:
                return None  # changed while we looked
            assert found.id is not None
            _keep_digest(session, found, digest)
            means = factors(session, found.id)
            kept = self._kept(session, found.id, browser_token, now)
            asked = means.any and kept is None
            waits = FACTOR if asked else _then(found)
            if asked:
                patience.undo(session, account, place)
            else:
                patience.passed(session, (account, *patience.names_of(found)), place)
            token = auth.new_token()
            person = auth.open_session(
                session,
                found,
                token,
                browser=browser,
                old_token=old_token,
                now=now,
                waits_for=waits,
                proved=kept is None or not means.any,
            )
            told = None
            if not waits:
                told = remembered.settle(
                    session, found.id, kept, remember, browser=browser, old=browser_token, now=now
                )
            return SignedIn(token, person, waits, told)

        return await self._database.run(admit) or await self._refused(account, place, now)

    async def _refused(
        self, account: str, place: str, now: datetime, *, code: bool = False
    ) -> Refused:
        """How long to wait. code: a code was wrong, of which there are only so many in all."""

        def wait(session: Session) -> float:
            seconds = patience.wait(session, account, place, now)
            if code:
                everywhere = patience.shut(session, account, patience.EVERYWHERE, now)
                seconds = max(seconds, everywhere)
            return seconds

        return Refused(await self._database.read(wait))

    def _kept(self, session: Session, line_id: int, token: str, now: datetime) -> Known | None:
        """This line's remembered browser, if it is one."""
        if not token:
            return None
        known = remembered.look(session, auth.hash_of(token), now, partial(_copied, now=now))
        return known if known is not None and known.line_id == line_id else None

    async def prove(
        self, who: Person, check: Check, *, password: str | None, address: str, now: datetime
    ) -> Refused | None:
        """Whether the person who is signed in proves it anew; with the same patience.

        check: the second factor, asked only of a line that has one. password: None when a passkey
        is the whole proof (`check` looks at it): possession and proof at once.
        """
        account, place = who.extension, place_of(address)
        seconds = await self._database.run(lambda s: patience.knock(s, account, place, now))
        if seconds > 0:
            return Refused(seconds)
        line = await self._database.read(lambda session: session.get(Line, who.line_id))
        known = line.password_hash if line is not None and line.active else ""
        digest = known
        if password is not None:
            async with self._at_once:
                right, digest = await asyncio.to_thread(proved, known, password)
            if not right:
                return await self._refused(account, place, now)

        def step(session: Session) -> bool:
            found = session.get(Line, who.line_id)
            if found is None or not found.active or found.password_hash != known:
                return False  # changed while we looked
            asked = password is None or factors(session, who.line_id).any
            if asked and not check(session, who.line_id):
                return False
            _keep_digest(session, found, digest)
            patience.passed(session, patience.names_of(found), place)
            return True

        if await self._database.run(step):
            return None
        return await self._refused(account, place, now, code=True)

    # -- the second factor ----------------------------------------------------------------------

    def check_code(self, code: str, *, recovering: bool, now: datetime) -> Check:
        """The check of a code that was typed: the authenticator's, or one of the paper codes."""

        def check(session: Session, line_id: int) -> bool:
            if recovering:
                return recovery.use_recovery(session, line_id, code, now)
            line = session.get(Line, line_id)
            account = line.extension if line is not None else ""
            if patience.shut(session, account, patience.EVERYWHERE, now) > 0:
                return False
            try:
                right = totp.check_totp(session, self._config.data, line_id, code, now)
            except (vault.Unreadable, OSError) as why:
                log.error("the codes of line id %d cannot be checked: %s", line_id, why)
                return False
            if right:
                patience.right_code(session, account)
            else:
                patience.count(session, account, patience.EVERYWHERE, now, patience.CODES)
            return right

        return check

    async def means(self, hashed: str, now: datetime) -> Factors | None:
        """What the second step of this session may be; None when it waits for none."""

        def look(session: Session) -> Factors | None:
            half = auth.halfway_of(session, hashed, now)
            if half is None or half.waits_for != FACTOR:
                return None
            return factors(session, half.line_id)

        return await self._database.read(look)

    async def give_factor(
        self,
        token: str,
        check: Check,
        *,
        browser: Browser,
        now: datetime,
        remember: bool = False,
        browser_token: str = "",
    ) -> SignedIn | Refused | Over:
        """The second step: `check` says, in a transaction, whether it is right for this line."""
        hashed, place = auth.hash_of(token), place_of(browser.address)

        def look(session: Session) -> tuple[Halfway | None, float]:
            half = auth.halfway_of(session, hashed, now)
            if half is None or half.waits_for != FACTOR:
                return None, 0.0
            return half, patience.knock(session, half.extension, place, now)

        half, seconds = await self._database.run(look)
        if half is None:
            return Over()
        if seconds > 0:
            return Refused(seconds)

        def step(session: Session) -> SignedIn | None:
            row, line = auth.session_row(session, hashed), session.get(Line, half.line_id)
            if row is None or line is None or not check(session, half.line_id):
                return None
            patience.passed(session, patience.names_of(line), place)
            return self._on(
                session,
                line,
                hashed,
                _then(line),
                browser=browser,
                now=now,
                remember=remember,
                old=browser_token,
            )

        done = await self._database.run(step)
        return done or await self._refused(half.extension, place, now, code=True)

    async def by_passkey(
        self,
        find: Callable[[Session], int | None],
        *,
        browser: Browser,
        now: datetime,
        old_token: str = "",
    ) -> SignedIn | Refused:
        """*Accedi con una passkey*: the key is possession and proof at once (WebAuthn, with user
        verification), so nothing else is asked. `find` answers whose key it is, if it is right."""
        place = place_of(browser.address)
        account = patience.PASSKEYS
        seconds = await self._database.run(lambda s: patience.knock(s, account, place, now))
        if seconds > 0:
            return Refused(seconds)

        def admit(session: Session) -> SignedIn | None:
            line_id = find(session)
            line = session.get(Line, line_id) if line_id is not None else None
            if line is None or not line.active:
                return None
            patience.passed(session, (account, *patience.names_of(line)), place)
            token, waits = auth.new_token(), _then(line)
            person = auth.open_session(
                session, line, token, browser=browser, old_token=old_token, now=now, waits_for=waits
            )
            return SignedIn(token, person, waits)

        return await self._database.run(admit) or await self._refused(account, place, now)

    # -- the first sign-in ----------------------------------------------------------------------

    async def welcome(
        self,
        token: str,
        *,
        password: str,
        again: str,
        email: str,
        browser: Browser,
        now: datetime,
        remember: bool = False,
        browser_token: str = "",
    ) -> SignedIn | Faulty | Over:
        """The first sign-in (guide 10.3.3): a password and a security e-mail of one's own."""
        hashed = auth.hash_of(token)

        def step(session: Session) -> SignedIn | Faulty | Over:
            half = auth.halfway_of(session, hashed, now)
            line = session.get(Line, half.line_id) if half is not None else None
            if half is None or line is None or half.waits_for != WELCOME:
                return Over()
            faults = _mail_faults(email) + twice(password, again)
            if faults:
                return Faulty(faults)
            before = line.security_email
            line.security_email = email.strip()  # where the notice of the new password goes
            faults = keep_password(session, line, password, browser, now=now, keep=hashed)
            if faults:
                line.security_email = before
                return Faulty(faults)
            line.welcomed_at = now
            session.add(line)
            auth.end_all(session, half.line_id, but=hashed)
            return self._on(
                session,
                line,
                hashed,
                "",
                browser=browser,
                now=now,
                remember=remember,
                old=browser_token,
            )

        async with self._at_once:
            return await self._database.run(step)

    def _on(
        self,
        session: Session,
        line: Line,
        hashed: str,
        waits: str,
        *,
        browser: Browser,
        now: datetime,
        remember: bool,
        old: str,
    ) -> SignedIn:
        """The waiting session goes on, with a new token."""
        token = auth.rotate(session, hashed, now)
        row = auth.session_row(session, auth.hash_of(token))
        assert row is not None and line.id is not None
        row.waits_for, row.proved_at = waits, None if waits else now
        session.add(row)
        session.flush()
        person = auth._person(line, row)
        told = None
        if not waits:
            told = remembered.settle(
                session, line.id, None, remember, browser=browser, old=old, now=now
            )
        return SignedIn(token, person, waits, told)


# -- pieces -------------------------------------------------------------------------------------


def _then(line: Line) -> str:
    """What a line is asked after it has proved who it is."""
    return "" if line.welcomed_at is not None else WELCOME


def _keep_digest(session: Session, line: Line, digest: str) -> None:
    """The same password; its digest may have been made anew, at today's cost."""
    if digest != line.password_hash:
        line.password_hash = digest
        session.add(line)
        session.flush()


def _copied(session: Session, line_id: int, *, now: datetime) -> None:
    line = session.get(Line, line_id)
    if line is not None:
        warn(session, line, "browser_copied", by=By(line.extension, line.name), now=now)


def _mail_faults(email: str) -> Faults:
    typed = email.strip()
    try:
        mail.read_address(typed)
    except mail.BadAddress:
        fault = (
            Fault(
                "address",
                it="Scrivi un indirizzo e-mail, per esempio nome@azienda.it",
                en="Write an e-mail address, such as name@company.com",
            )
            if typed
            else Fault(
                "missing",
                it="Serve un indirizzo e-mail: senza, la password persa non si recupera da soli",
                en="An e-mail address is needed: without one a lost password cannot be recovered",
            )
        )
        return (("email", fault),)
    return ()
