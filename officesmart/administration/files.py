"""Files that administrators send and take: lines as CSV, made-up credentials, backups.

Routes beside the live connection, because a message there is capped at a megabyte. What was sent
waits here for the page of the same browser session, and for nobody else; what is taken once is
gone. routes.py has already refused other sites; each route asks who is there.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from officesmart import backup, import_csv
from officesmart.administration import audit, code_sheet, short_codes
from officesmart.administration.audit import Author
from officesmart.auth import Person
from officesmart.csv_rows import MOST_BYTES
from officesmart.desk import desk
from officesmart.welcome.routes import SHEET, sheets_out

LARGEST_BACKUP = 8 * 1024**3  # bytes
KEPT = timedelta(minutes=30)
SPARE = 200_000_000  # bytes of disk that a backup sent here must leave free
ON_THE_WAY = (".sent-*.tar.gz", ".download-*.tar.gz", ".music-*")
"What these files are called in the data folder."
NO_STORE = {"Cache-Control": "no-store"}

Who = Callable[[Request], Awaitable[Person | None]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that waits for its page."""

    name: str
    at: datetime
    content: bytes = b""
    path: Path | None = None
    size: int = 0


class Waiting:
    """What was sent and not used yet, and what is to be taken once; by browser session."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], Sent] = {}
        self._once: dict[str, tuple[datetime, str]] = {}

    def put(self, session: str, kind: str, sent: Sent) -> None:
        """Keep a file; the one before it is forgotten."""
        self._forget_old(sent.at)
        self.drop(session, kind)
        self._sent[session, kind] = sent

    def get(self, session: str, kind: str) -> Sent | None:
        """The file that this session sent."""
        return self._sent.get((session, kind))

    def drop(self, session: str, kind: str) -> None:
        """It is used, or not wanted any more."""
        sent = self._sent.pop((session, kind), None)
        if sent is not None and sent.path is not None:
            sent.path.unlink(missing_ok=True)

    def offer(self, session: str, text: str, at: datetime) -> None:
        """A text that this session may take once."""
        self._forget_old(at)
        self._once[session] = (at, text)

    def take(self, session: str) -> str:
        """The text, and it is gone; "" for none."""
        return self._once.pop(session, (None, ""))[1]

    def _forget_old(self, now: datetime) -> None:
        for session, kind in [key for key, sent in self._sent.items() if now - sent.at > KEPT]:
            self.drop(session, kind)
        self._once = {key: kept for key, kept in self._once.items() if now - kept[0] <= KEPT}


waiting = Waiting()


def forget_leftovers(data: Path) -> int:
    """Delete what was on its way when the portal last ended, or when a browser went away: whole
    offices with their key may be among it. Answers how many files. Raises OSError.

    Only at the start, before anybody sends anything.
    """
    found = [path for kind in ON_THE_WAY for path in data.glob(kind) if path.is_file()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def file_routes(person: Who) -> list[Route]:
    """The routes; `person` says who asks (see routes.py)."""

    guarded = partial(for_admins, person)

    return [
        Route("/admin/file/interni.csv", guarded(lines_out), methods=["GET"]),
        Route("/admin/file/interni", guarded(lines_in), methods=["POST"]),
        Route("/admin/file/codici-brevi.csv", guarded(codes_out), methods=["GET"]),
        Route("/admin/file/codici-brevi", guarded(codes_in), methods=["POST"]),
        Route("/admin/file/credenziali.csv", guarded(credentials_out), methods=["GET"]),
        Route(SHEET, guarded(sheets_out), methods=["GET"]),
        Route("/admin/file/copia.tar.gz", guarded(backup_out), methods=["GET"]),
        Route("/admin/file/copia", guarded(backup_in), methods=["POST"]),
    ]


def for_admins(
    person: Who, deed: Callable[[Request, Person], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    """A route that only administrators may use."""

    async def route(request: Request) -> Response:
        who = await person(request)
        if who is None:
            return _refused(request, 401, "Sign in first.")
        if not who.elevated:
            return _refused(request, 403, "For administrators only.")
        return await deed(request, who)

    return route


def for_persons(
    person: Who, deed: Callable[[Request, Person], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    """A route about whoever asks. An administrator who sees as somebody else takes files, and
    sends none."""

    async def route(request: Request) -> Response:
        who = await person(request)
        if who is None or (who.viewed_by and request.method == "POST"):
            return _refused(request, 401, "Sign in first.")
        return await deed(request, who)

    return route


def _refused(request: Request, status: int, words: str) -> Response:
    if request.method == "POST":
        return JSONResponse({"error": "away"}, status)
    return PlainTextResponse(words, status)


def _author(who: Person) -> Author:
    return Author(who.extension, who.name, desk().now())


async def lines_out(request: Request, who: Person) -> Response:
    """Every line, as a file that the import reads."""
    here, author = desk(), _author(who)
    text = await here.database.read(import_csv.export)
    await here.database.run(lambda s: audit.note(s, author, "exported"))
    name = f"interni-{author.at.astimezone(here.zone):%Y-%m-%d}.csv"
    return _attachment(text, name)


async def lines_in(request: Request, who: Person) -> Response:
    """A CSV file of lines; the page judges it."""
    return await _csv_in(request, who, "lines")


async def codes_in(request: Request, who: Person) -> Response:
    """A CSV file of short codes; the page judges it."""
    return await _csv_in(request, who, "codes")


async def _csv_in(request: Request, who: Person, kind: str) -> Response:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            return JSONResponse({"error": "large"}, 413)
    if not content:
        return JSONResponse({"error": "empty"}, 400)
    sent = Sent(name_of(request), desk().now(), bytes(content), size=len(content))
    waiting.put(who.session, kind, sent)
    return JSONResponse({"size": len(content)})


async def codes_out(request: Request, who: Person) -> Response:
    """Every short code, as a file that the import reads."""
    here, author = desk(), _author(who)
    rows = await here.database.read(short_codes.listed)
    return _attachment(
        code_sheet.export(rows), f"codici-brevi-{author.at.astimezone(here.zone):%Y-%m-%d}.csv"
    )


async def credentials_out(request: Request, who: Person) -> Response:
    """What an import made up, once."""
    text = waiting.take(who.session)
    if not text:
        return PlainTextResponse("Already taken, or never made.", 410)
    at = desk().now().astimezone(desk().zone)
    return _attachment(text, f"credenziali-{at:%Y-%m-%d-%H%M}.csv")


async def backup_out(request: Request, who: Person) -> Response:
    """The whole office in one file, made now."""
    here, author = desk(), _author(who)
    file = here.database.data / f".download-{secrets.token_hex(8)}.tar.gz"
    await here.database.run(lambda s: audit.note(s, author, "backed_up"))
    try:
        await asyncio.to_thread(backup.backup, here.database, file, at=author.at)
    except (backup.NotPossible, OSError) as failure:
        return PlainTextResponse(str(failure), 500)
    local = author.at.astimezone(here.zone)
    return FileResponse(
        file,
        media_type="application/gzip",
        filename=f"officesmart-{local:%Y-%m-%d-%H%M}.tar.gz",
        headers=NO_STORE,
        background=BackgroundTask(file.unlink, missing_ok=True),
    )


async def backup_in(request: Request, who: Person) -> Response:
    """A backup to be restored; nothing happens to it until somebody confirms."""
    here = desk()
    handle, name = tempfile.mkstemp(prefix=".sent-", suffix=".tar.gz", dir=here.database.data)
    path, size = Path(name), 0
    try:
        with os.fdopen(handle, "wb") as out:
            async for piece in request.stream():
                size += len(piece)
                if size > LARGEST_BACKUP or size > _room(here.database.data, size):
                    _discard(path)
                    return JSONResponse({"error": "large"}, 413)
                await asyncio.to_thread(out.write, piece)
    except BaseException:
        _discard(path)
        raise
    if not size:
        _discard(path)
        return JSONResponse({"error": "empty"}, 400)
    sent = Sent(name_of(request), here.now(), path=path, size=size)
    waiting.put(who.session, "backup", sent)
    return JSONResponse({"size": size})


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)


def _room(folder: Path, size: int) -> int:
    """How large the file may be altogether with what the disk has left."""
    if size % (1 << 24) > (1 << 17):  # asking for every piece would cost more than it tells
        return LARGEST_BACKUP
    disk = os.statvfs(folder)
    return size + disk.f_bavail * disk.f_frsize - SPARE


def name_of(request: Request) -> str:
    """What the file was called where it came from; to be shown, never opened."""
    told = unquote(request.headers.get("x-file-name", ""))[:120]
    return "".join(letter for letter in told if letter.isprintable()) or "file"


def _attachment(text: str, name: str) -> Response:
    # With a mark of its encoding, or spreadsheets read it as Latin-1; the import reads both.
    return Response(
        b"\xef\xbb\xbf" + text.encode(),
        media_type="text/csv; charset=utf-8",
        headers={**NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'},
    )
