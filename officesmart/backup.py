"""Backup and restore of a running office: the database and the sounds, in one file.

A backup is a gzipped tar: `manifest.json`, `office.db` (a copy at one moment, by SQLite's online
backup), the messages' sounds that this copy names, the music on hold, and the key that opens what
is sealed in the database (pbx/vault.py): without it trunks and authenticators would be lost. A
restore writes all rows in one transaction, so whoever reads sees the old office or the restored
one, never a mixture, and the running PBX follows at its next call.

What is about the present is not brought back: phones stay registered as they are now (those whose
account still exists), every browser has to sign in again, and none is remembered.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import SQLModel

from officesmart import migrate
from officesmart.tables import EmailProof, PasswordReset, RememberedBrowser, WebSession
from pbx import vault
from pbx.store import music, settings
from pbx.store.session import Database
from pbx.tables import Registration, Revision, SipAccount, VoiceMessage

MANIFEST, DATABASE = "manifest.json", "office.db"
KIND = "office-smart-backup"
SOUND = re.compile(r"messages/[0-9]{2,6}/[0-9TZ]{1,20}-[A-Za-z0-9_-]{1,64}\.wav")
MUSIC = re.compile(rf"{music.FOLDER}/{music.NAME.pattern}")
FORMAT = 1
BATCH = 1000  # rows
OF_THE_PRESENT = (WebSession, RememberedBrowser, PasswordReset, EmailProof)
"What opens a door for a while: whatever was ended since the backup stays so."
LONGEST_READ = 4 * 1024 * 1024  # bytes at once; names and times of a file are some hundred


class NotPossible(Exception):
    """This cannot be backed up or restored; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds."""

    made_at: str
    lines: int
    messages: int
    missing: int = 0
    "Sounds that were gone when the backup was made."


def backup(database: Database, file: Path, *, at: datetime) -> Contents:
    """Write a backup, mode 0600, whole or not at all; the office goes on meanwhile.

    Raises NotPossible, or OSError.
    """
    _only_sqlite(database)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with (
            open(handle, "wb") as out,
            tempfile.TemporaryDirectory(dir=database.data, prefix=".backup-") as folder,
        ):
            copy = Path(folder) / DATABASE
            _copy_database(database, copy)
            contents = _pack(out, copy, database.data, at)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return contents


def _only_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        raise NotPossible(
            "only SQLite is backed up and restored here: use your database's own tools (such as "
            f"pg_dump and pg_restore) and copy {database.data / 'messages'}"
        )


def _copy_database(database: Database, copy: Path) -> None:
    # All pages in one step: under WAL a long read holds no writer up, and a copy in small steps
    # would begin anew with every write.
    with (
        _closing(sqlite3.connect(database.engine.url.database or "")) as source,
        _closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


def _pack(out: IO[bytes], copy: Path, data: Path, at: datetime) -> Contents:
    with _closing(sqlite3.connect(copy)) as rows:
        lines = rows.execute("SELECT count(*) FROM line").fetchone()[0]
        sounds = [row[0] for row in rows.execute("SELECT file FROM voicemessage ORDER BY id")]
        hold = rows.execute(
            "SELECT value FROM officesetting WHERE name = ?", (settings.HOLD_MUSIC,)
        ).fetchone()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
        tar.add(copy, DATABASE)
        missing = 0
        for sound in sounds:
            try:
                member = tar.gettarinfo(data / sound, sound)
                if not member.isreg() or not SOUND.fullmatch(sound):
                    raise NotPossible(f"{data / sound} is no file of a message: look at it")
                with (data / sound).open("rb") as content:
                    tar.addfile(member, content)
            except FileNotFoundError:  # purged since the copy was made
                missing += 1
        if hold is not None and music.NAME.fullmatch(hold[0]):
            piece = f"{music.FOLDER}/{hold[0]}"
            if (data / piece).is_file():  # else somebody has just taken another: ours is played
                tar.add(data / piece, piece, recursive=False)
        _pack_key(tar, data)
        contents = Contents(at.isoformat(), lines, len(sounds) - missing, missing)
        manifest = Path(copy).with_name(MANIFEST)
        manifest.write_text(
            json.dumps(
                {"kind": KIND, "format": FORMAT, "made_at": contents.made_at, "lines": lines,
                 "messages": contents.messages, "missing": missing}
            ),
            encoding="utf-8",
        )  # fmt: skip
        tar.add(manifest, MANIFEST)
    return contents


def _pack_key(tar: tarfile.TarFile, data: Path) -> None:
    """What opens the sealed secrets; there is none before there is a secret."""
    try:
        member = tar.gettarinfo(data / vault.KEY, vault.KEY)
        if not member.isreg():
            raise NotPossible(f"{data / vault.KEY} is no file: look at it")
        with (data / vault.KEY).open("rb") as content:
            tar.addfile(member, content)
    except FileNotFoundError:
        pass


def restore(database: Database, file: Path, *, before: Path, at: datetime) -> Contents:
    """Bring a backup back, in force at once. The present state is backed up to `before` first.

    Raises NotPossible for a file that is no whole backup of ours, migrate.NewerDatabase, OSError.
    """
    _only_sqlite(database)
    with tempfile.TemporaryDirectory(dir=database.data, prefix=".restore-") as name:
        folder = Path(name)
        contents = _unpack(file, folder)
        _check(folder / DATABASE)
        old = Database(f"sqlite:///{folder / DATABASE}", folder)
        try:
            migrate.upgrade(old)
            backup(database, before, at=at)
            _place_sounds(folder, database.data)
            with (
                old.engine.connect() as source,
                _with_key(folder, database.data),
                database.session() as session,
            ):
                gone = _replace_rows(source, session.connection())
        finally:
            old.close()
    for sound in gone:
        # Said in `before`; nothing points there any more.
        (database.data / sound).unlink(missing_ok=True)
    return contents


def _unpack(file: Path, folder: Path) -> Contents:
    """Unpack only what a backup of ours can hold: no links, no paths that lead elsewhere."""
    told: dict[str, Any] = {}
    try:
        with file.open("rb") as packed:
            if packed.read(2) != b"\x1f\x8b":  # RFC 1952 s.2.3.1
                raise tarfile.ReadError("not a gzip file")
        with gzip.open(file) as unpacked, _opened(unpacked) as tar:
            for member in tar:
                known = member.name in (MANIFEST, DATABASE, vault.KEY) or any(
                    kind.fullmatch(member.name) for kind in (SOUND, MUSIC)
                )
                if not member.isreg() or not known:
                    raise NotPossible(f"{file} holds {member.name!r}, which no backup of ours does")
                _room_for(member.size, folder)
                target = folder / member.name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                content = tar.extractfile(member)
                assert content is not None  # a regular file has content
                with content, target.open("xb") as out:
                    shutil.copyfileobj(content, out)
            # To the very end, where gzip's checksum of everything stands.
            while unpacked.read(1 << 16):
                pass
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, EOFError, FileNotFoundError, FileExistsError, ValueError) as error:
        if isinstance(error, FileNotFoundError) and not file.exists():
            raise
        raise NotPossible(f"{file} is no whole backup of Office Smart ({error})") from error
    except OSError as error:  # zlib and gzip say so of a file that was cut short or changed
        if error.errno is not None:
            raise
        raise NotPossible(f"{file} is damaged ({error})") from error
    if not isinstance(told, dict) or told.get("kind") != KIND:
        raise NotPossible(f"{file} is no backup of Office Smart")
    if told.get("format") != FORMAT:
        raise NotPossible(f"{file} was made by a newer Office Smart: restore it with that one")
    return Contents(
        str(told.get("made_at", "")), int(told.get("lines", 0)), int(told.get("messages", 0))
    )


def _opened(unpacked: gzip.GzipFile) -> tarfile.TarFile:
    sparing: Any = _Sparing(unpacked)  # what reading a tar needs of a file
    return tarfile.open(fileobj=sparing, mode="r:")


class _Sparing:
    """What is unpacked, never much of it at once: tarfile reads a member's names and times whole,
    as long as the file says they are, and a few packed kilobytes may say gigabytes."""

    def __init__(self, unpacked: gzip.GzipFile) -> None:
        self._unpacked = unpacked
        self.seek, self.tell = unpacked.seek, unpacked.tell

    def read(self, size: int = -1) -> bytes:
        """Raises tarfile.ReadError."""
        if not 0 <= size <= LONGEST_READ:
            raise tarfile.ReadError("it claims names of millions of letters")
        return self._unpacked.read(size)


def _room_for(size: int, folder: Path) -> None:
    if size > shutil.disk_usage(folder).free - 50_000_000:
        raise NotPossible(f"{folder.parent} has no room for what the backup holds")


def _check(path: Path) -> None:
    """Refuse a database that is damaged, or that is none of ours."""
    try:
        with _closing(sqlite3.connect(path)) as rows:
            (said,) = rows.execute("PRAGMA integrity_check(1)").fetchone()
            ours = rows.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'table' "
                "AND name IN ('line', 'alembic_version')"
            ).fetchone()
            foreign = rows.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise NotPossible(f"the database in the backup is damaged ({error})") from error
    if said != "ok" or ours != (2,) or foreign is not None:
        raise NotPossible(f"the database in the backup is damaged ({said})")


def _place_sounds(folder: Path, data: Path) -> None:
    for sound in sorted([*folder.glob("messages/*/*.wav"), *folder.glob(f"{music.FOLDER}/*.wav")]):
        target = data / sound.relative_to(folder)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sound.replace(target)


@contextmanager
def _with_key(folder: Path, data: Path) -> Iterator[None]:
    """The backup's key in place of the present one, unless what is done with it fails.

    A backup of days before there was a key leaves the present one.
    """
    restored, path = folder / vault.KEY, data / vault.KEY
    if not restored.is_file():
        yield
        return
    present = path.read_bytes() if path.is_file() else None
    restored.chmod(0o600)
    restored.replace(path)
    try:
        yield
    except BaseException:
        if present is None:
            path.unlink()
        else:
            undone = folder / f"{vault.KEY}.undone"
            undone.touch(0o600)
            undone.write_bytes(present)
            undone.replace(path)
        raise


def _replace_rows(source: Connection, target: Connection) -> Sequence[str]:
    """All rows of `source` in place of the target's; answers the sounds nobody names any more."""
    accounts, phones = _table(SipAccount), _table(Registration)
    sounds = select(_table(VoiceMessage).c.file)
    was = set(target.scalars(sounds))
    revision = target.scalar(select(_table(Revision).c.value)) or 0
    registered = [
        dict(row)
        for row in target.execute(
            select(accounts.c.username, *phones.c).join_from(phones, accounts)
        ).mappings()
    ]
    for table in reversed(SQLModel.metadata.sorted_tables):
        target.execute(delete(table))
    for table in SQLModel.metadata.sorted_tables:
        if table in (phones, *map(_table, OF_THE_PRESENT)):
            continue
        for batch in source.execute(select(table)).mappings().partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in batch])
    known = {name: number for name, number in target.execute(
        select(accounts.c.username, accounts.c.id)
    )}  # fmt: skip
    back = [
        row | {"account_id": known[name]}
        for row in registered
        if (name := row.pop("username")) in known
    ]
    if back:
        target.execute(insert(phones), back)
    # Beyond both, so that whoever knew either sees that it moved.
    restored = target.scalar(select(_table(Revision).c.value)) or 0
    target.execute(update(Revision).values(value=max(revision, restored) + 1))
    return sorted(was - set(target.scalars(sounds)))


def _table(row: type) -> Any:
    return row.__table__  # type: ignore[attr-defined]
