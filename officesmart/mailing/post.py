"""One connection to the mail server, and what came of each letter handed to it.

Everything a server or the network can do is an Outcome; nothing raises. Why the phases are walked
by hand: whether a refusal is about the recipient (never again), the letter (never again), our
sender or password (everybody's) or the moment (again later) shows only in which phase it came.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPTimeoutError,
)

from officesmart.mailing.envelope import Parcel
from officesmart.mailing.reasons import Reason
from officesmart.mailing.server import MailServer, trusted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. A server may think for minutes (RFC 5321 s.4.5.3.2), but not hold up everybody."""

    connect: float = 20.0
    answer: float = 60.0
    whole: float = 180.0
    "One letter, from MAIL to the answer to its last dot."


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken the letter over."""

    said: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: to try again would come to the same."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Again:
    """Not now."""

    reason: Reason
    everybody: bool = False
    "The server fails whatever it is given: nobody else needs to try now."
    unheard: bool = False
    "The connection ended before anything of the letter was sent."


Outcome = Accepted | Refused | Again


class Post:
    """The connection: opened by the first letter, kept for the next ones."""

    def __init__(self, server: MailServer, *, limits: Limits | None = None) -> None:
        self._server = server
        self._limits = limits or Limits()
        self._smtp: aiosmtplib.SMTP | None = None
        self._served = 0

    async def __aenter__(self) -> Post:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one letter over."""
        kept = self._smtp is not None and self._smtp.is_connected and self._served > 0
        outcome = await self._once(parcel)
        # Servers end a connection after some letters or some rest, in words (421) or without.
        # That says nothing about this letter: it gets a connection of its own.
        if kept and isinstance(outcome, Again) and outcome.unheard:
            outcome = await self._once(parcel)
        return outcome

    async def close(self) -> None:
        """Say goodbye; a server that does not answer is left alone."""
        smtp, self._smtp, self._served = self._smtp, None, 0
        if smtp is None:
            return
        try:
            if smtp.is_connected:
                await smtp.quit(timeout=min(5.0, self._limits.answer))
        except (SMTPException, OSError):
            pass
        finally:
            smtp.close()

    async def _once(self, parcel: Parcel) -> Outcome:
        smtp = self._smtp if self._smtp is not None and self._smtp.is_connected else None
        if smtp is None:
            opened = await self._open()
            if isinstance(opened, Again):
                return opened
            smtp = self._smtp = opened
            self._served = 0
        try:
            async with asyncio.timeout(self._limits.whole):
                outcome = await self._hand_over(smtp, parcel)
        except TimeoutError:  # asyncio's own: SMTPTimeoutError is dealt with inside
            smtp.close()  # an answer that comes now would be taken for the next one
            outcome = Again(Reason("timeout"))
        if isinstance(outcome, Accepted):
            self._served += 1
        else:
            await self._clean(smtp)
        return outcome

    async def _clean(self, smtp: aiosmtplib.SMTP) -> None:
        """After a refusal the same connection serves the next letter, if the server agrees."""
        try:
            if smtp.is_connected:
                await smtp.rset()
        except (SMTPException, OSError):
            smtp.close()

    # -- opening --------------------------------------------------------------------------------

    async def _open(self) -> aiosmtplib.SMTP | Again:
        server = self._server
        try:
            context = await asyncio.to_thread(trusted, server)
        except OSError as error:
            return Again(Reason("certificate", f"{server.ca}: {error.strerror or error}"), True)
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user.encode() or None,
            password=server.password.encode() if server.user else None,
            local_hostname=server.hello,
            timeout=self._limits.answer,
            use_tls=server.scheme == "smtps",
            start_tls=server.scheme == "smtp+starttls",
            tls_context=context,
        )
        try:
            async with asyncio.timeout(self._limits.connect + self._limits.answer):
                await smtp.connect(timeout=self._limits.connect)
                await _greet(smtp)
        except (SMTPException, OSError, ValueError) as error:
            smtp.close()
            return Again(self._why_closed(error), everybody=True)
        return smtp

    def _why_closed(self, error: BaseException) -> Reason:
        causes = tuple(_causes(error))
        refused = next((each for each in causes if isinstance(each, ssl.SSLError)), None)
        if refused is not None:
            said = getattr(refused, "verify_message", "") or refused.reason or str(refused)
            return Reason("certificate", said)
        if isinstance(error, SMTPAuthenticationError):
            return Reason("auth", _said(error))
        if isinstance(error, SMTPConnectResponseError | SMTPHeloError):
            return Reason("unreachable", _said(error))
        if isinstance(error, TimeoutError):
            return Reason("timeout")
        if isinstance(error, SMTPResponseException):
            return Reason("later" if error.code < 500 else "unreachable", _said(error))
        if type(error) is SMTPException:
            # What the server does not offer, by what we asked it for.
            if "STARTTLS" in str(error):
                return Reason("no_tls")
            return Reason("auth", str(error))
        system = next((each for each in causes if type(each) is not type(error)), error)
        return Reason("unreachable", f"{self._server.host}:{self._server.port}: {_plain(system)}")

    # -- one letter -----------------------------------------------------------------------------

    async def _hand_over(self, smtp: aiosmtplib.SMTP, parcel: Parcel) -> Outcome:
        options: list[str] = []
        encoding = "ascii"
        if parcel.needs_utf8:
            if not smtp.supports_extension("smtputf8"):
                return Refused(Reason("no_utf8", str(parcel.to)))
            options, encoding = ["SMTPUTF8", "BODY=8BITMIME"], "utf-8"
        if smtp.supports_extension("size"):
            options.append(f"SIZE={len(parcel.data)}")
        phase = "sender"
        try:
            await smtp.mail(str(parcel.sender), options=options, encoding=encoding)
            phase = "refused"
            await smtp.rcpt(str(parcel.to), encoding=encoding)
            phase = "broken_off"
            answer = await smtp.data(parcel.data)
        except SMTPResponseException as error:
            return self._refusal(phase, error)
        except SMTPTimeoutError:
            return Again(Reason("timeout"))
        except (SMTPException, OSError) as error:
            return Again(Reason("broken_off", _plain(error)), unheard=phase != "broken_off")
        return Accepted(_said_plainly(answer.code, answer.message))

    def _refusal(self, phase: str, error: SMTPResponseException) -> Outcome:
        said = _said(error)
        if error.code == 421:  # the server closes the connection, whatever it was asked
            return Again(Reason("later", said), unheard=phase != "broken_off")
        if error.code < 500 or error.code >= 600:
            return Again(Reason("later", said))
        if phase == "sender":
            return Again(Reason("sender", said), everybody=True)
        return Refused(Reason("refused", said))


async def _greet(smtp: aiosmtplib.SMTP) -> None:
    """Learn what the server can do, where signing in has not done so already."""
    if not smtp.is_ehlo_or_helo_needed:
        return
    try:
        await smtp.ehlo()
    except SMTPHeloError:
        await smtp.helo()


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield now
        now = now.__cause__ or now.__context__


def _said(error: SMTPResponseException) -> str:
    return _said_plainly(error.code, error.message)


def _said_plainly(code: int, message: str) -> str:
    return f"{code} {' '.join(message.split())}".strip()[:400]


def _plain(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
