"""Mail servers of the tests: aiosmtpd that answers as told, and raw ones that misbehave."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, SECRET = "centralino@example.it", "p@ss:w/ord?"
OK = "250 OK"


class Inbox:
    """Keeps what it takes; refuses what it was told to."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answers: dict[str, list[str]] = {}
        "Phase ('MAIL', 'RCPT', 'DATA') -> what to answer next, in turn; then OK."
        self.connections = 0
        self.hello = ""

    def _answer(self, phase: str) -> str:
        waiting = self.answers.get(phase, [])
        return waiting.pop(0) if waiting else OK

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        self.hello = session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL")
        if answer == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT")
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self._answer("DATA")
        if answer.startswith("2"):
            self.envelopes.append(envelope)
        return answer

    def auth(
        self, server: SMTP, session: Session, envelope: Any, how: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            SECRET.encode(),
        )
        # handled=False: aiosmtpd is to say 535 itself.
        return AuthResult(success=right, handled=False)

    @property
    def read(self) -> list[EmailMessage]:
        """The letters, as a mail program reads them."""
        return [
            message_from_bytes(cast(bytes, each.content), policy=default) for each in self.envelopes
        ]

    @property
    def subjects(self) -> list[str]:
        return [str(each["Subject"]) for each in self.read]


@asynccontextmanager
async def server(
    inbox: Inbox, *, tls: ssl.SSLContext | None = None, implicit: bool = False, **options: Any
) -> AsyncIterator[int]:
    """A mail server on a free port, in this loop."""
    loop = asyncio.get_running_loop()
    starting: dict[str, Any] = {}
    if tls is not None and not implicit:
        starting = {"tls_context": tls, "require_starttls": True}

    def connected() -> SMTP:
        with warnings.catch_warnings():
            # It does not see that a connection was encrypted from the start.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(inbox, hostname="mx.test", loop=loop, **starting, **options)

    listening = await loop.create_server(connected, "127.0.0.1", 0, ssl=tls if implicit else None)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await listening.wait_closed()


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw(talk: Talk) -> AsyncIterator[int]:
    """A server that says what the test wants."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        await listening.wait_closed()


async def until(reader: asyncio.StreamReader, word: bytes) -> bytes:
    """The next command, which must be this one."""
    line = await reader.readline()
    assert line.upper().startswith(word), line
    return line


async def up_to_data(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything as it should be, up to the letter's first line."""
    writer.write(b"220 mx.test\r\n")
    for word, answer in (
        (b"EHLO", b"250 mx.test"),
        (b"MAIL", b"250 OK"),
        (b"RCPT", b"250 OK"),
        (b"DATA", b"354 go on"),
    ):
        await until(reader, word)
        writer.write(answer + b"\r\n")


class Authority:
    """Certificates of our own making, for localhost."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.file))

    def server(self, *names: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._ca.issue_cert(*(names or ("localhost", "127.0.0.1"))).configure_cert(context)
        return context
