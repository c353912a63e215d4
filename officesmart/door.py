"""The door: password, second factor, first sign-in, a forgotten password. Guide 2.2, 10.3.

Each step is a method that answers what became of it; the routes (session_routes.py) turn that into
cookies and words. Whatever is wrong counts in one patience (patience.py), and costs the same time
whether the account exists or not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session

from officesmart import auth, mail, patience, remembered, resets
from officesmart.auth import FACTOR, WELCOME, Browser, Halfway, Person
from officesmart.identity import Factors, factors, recovery, totp
from officesmart.identity.secrets import set_password
from officesmart.identity.told import By, warn
from officesmart.patience import account_of, place_of
from officesmart.remembered import Known
from pbx import vault
from pbx.config import Config
from pbx.credentials import LONGEST, Fault, verify
from pbx.store.session import Database
from pbx.tables import Line

log = logging.getLogger(__name__)

Check = Callable[[Session, int], bool]
"In a transaction: whether what was shown is right for this line; it is used up then."
AT_ONCE = 2  # hashes; each takes a core for a while


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The door opened, perhaps only to its next step."""

    token: str
    "For the cookie only."
    person: Person
    waits_for: str = ""
    "What is still asked: 'factor', 'welcome', or nothing."
    browser_token: str | None = None
    "For the cookie of a remembered browser; '' takes it away, None leaves it as it is."


@dataclass(frozen=True, slots=True)
class Refused:
    """The door stayed shut; the same words for an unknown number and a wrong password."""

    seconds: float = 0.0
    "How long to wait before trying again; 0: at once."


@dataclass(frozen=True, slots=True)
class Over:
    """The session does not wait for this, or no longer: begin again at the sign-in page."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """What was typed breaks rules; nothing was changed."""

    faults: tuple[tuple[str, Fault], ...]
    "Field and rule."


@dataclass(frozen=True, slots=True)
class Changed:
    """The password is new; these sessions ended."""

    ended: tuple[str, ...]


class Door:
    """Signing in: patience with those who are wrong, and the same time for each of them."""

    def __init__(self, database: Database, config: Config) -> None:
        self._database, self._config = database, config
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._later: set[asyncio.Task[None]] = set()

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
            right = await asyncio.to_thread(verify, known, password)
        if line is None or not right:
            return await self._refused(account, place, now)

        def admit(session: Session) -> SignedIn | None:
            found = session.get(Line, line.id)
            if found is None or not found.active or found.password_hash != known:
                return None  # changed while we looked
            assert found.id is not None
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
                told = _remembering(
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
        if password is not None:
            async with self._at_once:
                right = await asyncio.to_thread(verify, known, password)
            if not right:
                return await self._refused(account, place, now)

        def step(session: Session) -> bool:
            found = session.get(Line, who.line_id)
            if found is None or not found.active or found.password_hash != known:
                return False  # changed while we looked
            asked = password is None or factors(session, who.line_id).any
            if asked and not check(session, who.line_id):
                return False
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
            faults = _mail_faults(email) + _twice(password, again)
            if faults:
                return Faulty(faults)
            before = line.security_email
            line.security_email = email.strip()  # where the notice of the new password goes
            faults = _new_password(session, line, password, browser, now=now, keep=hashed)
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
            told = _remembering(session, line.id, None, remember, browser=browser, old=old, now=now)
        return SignedIn(token, person, waits, told)

    # -- a forgotten password -------------------------------------------------------------------

    async def ask_reset(self, typed: str, *, browser: Browser, now: datetime) -> Refused | None:
        """A link by mail, if there is whom to send it to; None whether there is or not.

        What an existing account costs more is done after the answer.
        """
        place = place_of(browser.address)

        def knock(session: Session) -> float:
            seconds = patience.shut(session, patience.RESETS, place, now)
            if seconds <= 0:
                patience.count(session, patience.RESETS, place, now, patience.ASKING)
            return seconds

        seconds = await self._database.run(knock)
        if seconds > 0:
            return Refused(seconds)
        account = account_of(typed)

        def owe(session: Session) -> None:
            resets.ask(session, account, self._config, now=now)

        task = asyncio.create_task(self._quietly(owe), name="reset-asked")
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        return None

    async def _quietly(self, work: Callable[[Session], None]) -> None:
        try:
            await self._database.run(work)
        except Exception:  # nobody waits for it any more
            log.exception("a reset link could not be noted")

    async def settled(self) -> None:
        """Wait for what is done after an answer."""
        while self._later:
            await asyncio.gather(*self._later)

    async def reset_is_good(self, code: str, now: datetime) -> bool:
        """Whether this link still opens anything."""
        return await self._database.read(lambda s: resets.find(s, code, now) is not None)

    async def reset(
        self, code: str, *, password: str, again: str, browser: Browser, now: datetime
    ) -> Changed | Faulty | Over:
        """A new password by a link: every session and remembered browser of the line ends."""

        def step(session: Session) -> Changed | Faulty | Over:
            found = resets.find(session, code, now)
            if found is None:
                return Over()
            _, line = found
            faults = _twice(password, again)
            ended = auth.sessions_of(session, line.id or 0)
            faults = faults or _new_password(session, line, password, browser, now=now)
            if faults:
                return Faulty(faults)
            auth.end_all(session, line.id or 0)  # which takes this link away, too
            patience.passed(session, patience.names_of(line), place_of(browser.address))
            return Changed(ended)

        async with self._at_once:
            return await self._database.run(step)


# -- pieces -------------------------------------------------------------------------------------


def _then(line: Line) -> str:
    """What a line is asked after it has proved who it is."""
    return "" if line.welcomed_at is not None else WELCOME


def _remembering(
    session: Session,
    line_id: int,
    kept: Known | None,
    remember: bool,
    *,
    browser: Browser,
    old: str,
    now: datetime,
) -> str | None:
    """What becomes of the cookie of the remembered browser (see SignedIn.browser_token)."""
    if remember:
        if kept is not None:
            return remembered.change(session, kept, browser=browser, now=now) or None
        if old:
            remembered.forget(session, auth.hash_of(old))
        return remembered.remember(session, line_id, browser=browser, now=now)
    if kept is not None:  # the box was emptied
        remembered.forget(session, auth.hash_of(old))
        return ""
    return None


def _copied(session: Session, line_id: int, *, now: datetime) -> None:
    line = session.get(Line, line_id)
    if line is not None:
        warn(session, line, "browser_copied", by=By(line.extension, line.name), now=now)


def _new_password(
    session: Session, line: Line, new: str, browser: Browser, *, now: datetime, keep: str = ""
) -> tuple[tuple[str, Fault], ...]:
    """Judged and kept, noted and told; () when it was good."""
    by = By(line.extension, line.name, browser.address)
    faults = set_password(session, line, new, now=now, by=by, keep=keep)
    return tuple(("password", fault) for fault in faults)


def _mail_faults(email: str) -> tuple[tuple[str, Fault], ...]:
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


def _twice(password: str, again: str) -> tuple[tuple[str, Fault], ...]:
    if password[: LONGEST + 1] == again[: LONGEST + 1]:
        return ()
    fault = Fault(
        "again",
        it="Le due password non sono uguali",
        en="The two passwords are not the same",
    )
    return (("again", fault),)
