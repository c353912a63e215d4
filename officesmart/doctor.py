"""The doctor: looks at everything the office stands on, and says what to do about what is wrong.

Looks only, but for the line test, which signs a phone in and out. Every check answers findings and
raises nothing.
"""

from __future__ import annotations

import fcntl
import ipaddress
import shutil
import socket
import wave
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from sqlalchemy import func, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

import pbx
from officesmart import migrate, reach, tls
from officesmart.tables import Totp
from pbx import config as settings
from pbx import vault
from pbx.config import Config
from pbx.store import settings as kept
from pbx.store.session import Database
from pbx.tables import Line, OutboxItem, ServiceNumber, Trunk

LOCK = "pbx.lock"
ROOM = 500_000_000  # bytes; an hour of messages is 58 MB
SOUNDS = Path(pbx.__file__).parent / "media" / "sounds"
TRIED_RTP_PORTS = 40
ENDING = 21  # days; what renews certificates by itself does so about a month before


class State(Enum):
    """What a finding means."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    state: State
    said: str


def good(what: str, said: str) -> Finding:
    """All right."""
    return Finding(what, State.GOOD, said)


def note(what: str, said: str) -> Finding:
    """Worth knowing, but no fault."""
    return Finding(what, State.NOTE, said)


def bad(what: str, said: str) -> Finding:
    """A fault; `said` names the remedy."""
    return Finding(what, State.BAD, said)


def exists(config: Config) -> bool:
    """Whether there is an office at all; the doctor makes none."""
    url = make_url(config.url)
    is_file = url.get_backend_name() == "sqlite"
    return config.data.is_dir() and (not is_file or Path(url.database or "").is_file())


def is_running(config: Config) -> bool:
    """Whether a PBX holds this data folder."""
    try:
        with (config.data / LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def environment(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that nobody reads."""
    for name in settings.unknown(environ):
        yield note("settings", f"{name} is no setting of ours: misspelt?")


def folder(config: Config) -> Iterator[Finding]:
    """The data folder: ours to write, nobody else's to read, with room."""
    free = shutil.disk_usage(config.data).free
    said = f"{config.data}, {free / 1e9:.1f} GB free"
    if free < ROOM:
        yield bad("data folder", f"{said}: make room, messages will soon not be recorded")
    else:
        yield good("data folder", said)
    if config.data.stat().st_mode & 0o077:
        yield note("data folder", f"others may look into it: chmod 700 {config.data}")
    secret = config.data / "first-run.txt"
    if secret.exists():
        yield note("data folder", f"{secret} still holds the first passwords: delete it")


def rows(config: Config, database: Database) -> Iterator[Finding]:
    """The database: sound, up to date, with somebody to run the office."""
    try:
        step = migrate.at(database)
        if step != migrate.head():
            yield bad("database", f"at step {step or 'none'}: run `officesmart migrate`")
            return
        with database.reading() as session:
            if database.is_sqlite:
                said = session.connection().execute(text("PRAGMA quick_check(1)")).scalar()
                if said != "ok":
                    yield bad("database", f"damaged ({said}): restore the last backup")
                    return
            lines = session.exec(select(func.count()).select_from(Line)).one()
            admins = session.exec(
                select(Line.extension).where(Line.role == "admin", col(Line.active))
            ).all()
            codes = session.exec(select(ServiceNumber.code)).all()
            mails = session.exec(
                select(func.count()).select_from(OutboxItem).where(OutboxItem.state == "waiting")
            ).one()
    except SQLAlchemyError as error:
        yield bad("database", f"cannot be read: {getattr(error, 'orig', error)}")
        return
    yield good("database", f"step {step}, {lines} lines, service numbers {' '.join(codes)}")
    if not admins:
        yield bad("database", "no administrator: import a line with role admin")
    if mails and not config.smtp_url:
        yield note("mail", f"{mails} mails wait in the outbox: set OFFICESMART_SMTP_URL")


def sealed(config: Config, database: Database) -> Iterator[Finding]:
    """The key in the data folder opens what is sealed in the database."""
    try:
        if migrate.at(database) != migrate.head():
            return  # said already
        with database.reading() as session:
            found = [
                *((f"trunk {name}", secret) for name, secret in session.execute(
                    select(Trunk.name, Trunk.sealed_password)
                )),
                *((f"authenticator of {line}", secret) for line, secret in session.execute(
                    select(Line.extension, Totp.sealed_secret).join(
                        Totp, col(Totp.line_id) == col(Line.id)
                    )
                )),
            ]  # fmt: skip
    except SQLAlchemyError:
        return  # said already
    found = [(what, secret) for what, secret in found if secret]
    path = config.data / vault.KEY
    if not found:
        return
    if not path.is_file():  # unsealing would make a new one
        yield bad("key", f"{path} is gone: bring it back from a backup (it is part of every one)")
        return
    if path.stat().st_mode & 0o077:
        yield note("key", f"others may read it: chmod 600 {path}")
    shut = []
    for what, secret in found:
        try:
            vault.unseal(config.data, secret)
        except vault.Unreadable:
            shut.append(what)
        except OSError as error:
            yield bad("key", f"{path} cannot be read: {error.strerror}")
            return
    if shut:
        yield bad(
            "key",
            f"{path} does not open {', '.join(shut[:5])}: bring it back from a backup, or enter "
            "these secrets again",
        )
    else:
        yield good("key", f"opens what is sealed ({len(found)})")


def certificate(config: Config, now: datetime) -> Iterator[Finding]:
    """The portal's certificate: good, of this key, and not about to end."""
    try:
        shown = tls.judge(config, now)
    except settings.BadSetting as fault:
        yield bad("certificate", str(fault))
        return
    if shown is None:
        return
    left = (shown.ends - now).days
    said = f"good until {shown.ends:%Y-%m-%d}, {left} days from now"
    if left < ENDING:
        yield bad("certificate", f"{said}: renew it (a new file is taken without a restart)")
    else:
        yield good("certificate", said)


def outside(config: Config, database: Database) -> Iterator[Finding]:
    """What the office needs towards the world: its own address, and trunks that can sign in."""
    try:
        if migrate.at(database) != migrate.head():
            return  # said already
        with database.reading() as session:
            address = kept.read(session, kept.PORTAL_ADDRESS)
            without = session.exec(
                select(Trunk.name).where(
                    col(Trunk.enabled), col(Trunk.registers), Trunk.sealed_password == ""
                )
            ).all()
    except SQLAlchemyError:
        return  # said already
    if address:
        yield good("portal address", address)
    else:
        yield note(
            "portal address",
            "not set, so mails carry no links: Amministrazione > Impostazioni",
        )
    for name in without:
        yield bad(
            "trunk",
            f"{name} signs in at its provider but has no password: Amministrazione > Linee esterne",
        )


def ports(config: Config, *, running: bool) -> Iterator[Finding]:
    """The ports: in use by the running office, or free for it."""
    host = config.sip_host or "0.0.0.0"
    wanted = (
        ("portal port", config.host, config.port, socket.SOCK_STREAM, "OFFICESMART_PORT"),
        ("SIP port (UDP)", host, config.sip_port, socket.SOCK_DGRAM, "OFFICESMART_SIP_PORT"),
        ("SIP port (TCP)", host, config.sip_port, socket.SOCK_STREAM, "OFFICESMART_SIP_PORT"),
    )
    for what, address, port, kind, variable in wanted:
        fault = _bind(address, port, kind)
        if running and fault:
            yield good(what, f"{address}:{port} in use, as the office runs")
        elif running and variable == "OFFICESMART_PORT":
            # `python -m pbx` answers phones alone.
            yield note(what, f"nobody answers browsers on {address}:{port}")
        elif running:
            yield bad(
                what, f"the office runs, but not on {address}:{port}: was {variable} changed?"
            )
        elif fault:
            yield bad(what, f"{address}:{port} cannot be used ({fault}): choose with {variable}")
        else:
            yield good(what, f"{address}:{port} is free")
    low, high = config.rtp_ports
    tried = range(low, high + 1, max(1, (high - low) // TRIED_RTP_PORTS))
    taken = [port for port in tried if _bind(host, port, socket.SOCK_DGRAM)]
    if len(taken) > len(tried) // 2:
        yield bad("audio ports", f"most of {low}-{high} are taken: see OFFICESMART_RTP_PORTS")
    else:
        yield good("audio ports", f"{low}-{high}, {len(taken)} of {len(tried)} tried are in use")


def _bind(host: str, port: int, kind: int) -> str:
    """Why this port cannot be bound, or "" (it is free again when this returns)."""
    try:
        family = socket.getaddrinfo(host, port, type=kind)[0][0]
        with socket.socket(family, kind) as one:
            if kind == socket.SOCK_STREAM:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((host, port))
    except OSError as error:
        return error.strerror or str(error)
    return ""


def sounds(config: Config) -> Iterator[Finding]:
    """Every prompt has a sound in both languages, and it can be read."""
    ids = {path.name for language in ("it", "en") for path in (SOUNDS / language).glob("*.wav")}
    if not ids:
        yield bad("sounds", f"there are none in {SOUNDS}: install Office Smart anew")
        return
    missing, broken = [], []
    for language in ("it", "en"):
        for name in sorted(ids):
            better = config.sounds / language / name if config.sounds else None
            path = better if better is not None and better.is_file() else SOUNDS / language / name
            if not path.is_file():
                missing.append(f"{language}/{name}")
            elif not _is_speech(path):
                broken.append(str(path))
    for wrong, said in ((missing, "missing"), (broken, "not 16-bit mono at 8 or 16 kHz")):
        if wrong:
            yield bad("sounds", f"{len(wrong)} {said}, such as {wrong[0]}")
    if not missing and not broken:
        where = f" (first from {config.sounds})" if config.sounds else ""
        yield good("sounds", f"{len(ids)} prompts in Italian and English{where}")


def _is_speech(path: Path) -> bool:
    try:
        with wave.open(str(path), "rb") as sound:
            form = (sound.getnchannels(), sound.getsampwidth())
            return form == (1, 2) and sound.getframerate() in (8000, 16000)
    except (OSError, EOFError, wave.Error):
        return False


def workers(config: Config) -> Iterator[Finding]:
    """The media workers and the troubles of the running PBX, by the door in the data folder."""
    board = reach.board(config.data)
    if board is None:
        yield bad("PBX", "it runs, but does not answer at its door: see its log")
        return
    alive = [worker for worker in board.workers.values() if worker.alive]
    said = f"{len(alive)} of {config.media_workers} alive"
    if len(alive) < config.media_workers:
        yield bad("media workers", f"{said}: see the server's log")
    else:
        yield good("media workers", said)
    yield good("PBX", f"{len(board.phones)} phones registered, {len(board.calls)} calls")
    for trouble in board.troubles:
        if not trouble.over:
            yield bad("trouble", trouble.en)


def mail(config: Config) -> Iterator[Finding]:
    """Whether the mail server can be reached."""
    from urllib.parse import urlsplit

    if not config.smtp_url:
        yield note("mail", "OFFICESMART_SMTP_URL is not set: mail stays in the outbox")
        return
    parts = urlsplit(config.smtp_url)
    port = parts.port or {"smtp": 25, "smtp+starttls": 587, "smtps": 465}[parts.scheme]
    try:
        with socket.create_connection((parts.hostname, port), timeout=5):
            yield good("mail", f"{parts.hostname}:{port} answers")
    except OSError as error:
        yield bad("mail", f"{parts.hostname}:{port}: {error.strerror or error}")


def line_test(config: Config, database: Database, tell: Callable[[Finding], None]) -> bool:
    """Ring the office with a stranger's phone; each step is told as it happens. True: all good."""
    from officesmart.guest_phone import NoLine, guest_of
    from pbx.probe import Step, run_probe

    def told(step: Step) -> None:
        finding = good if step.ok else bad
        tell(finding(f"test call: {step.name}", f"{step.en} ({step.seconds:.1f} s)"))

    try:
        with guest_of(database) as phone:
            if not phone.echo:
                tell(bad("test call", "the office has no number for the echo"))
                return False
            steps = run_probe(
                host=reachable(config.sip_host),
                port=config.sip_port,
                username=phone.username,
                password=phone.password,
                target=phone.echo,
                on_step=told,
            )
    except (NoLine, SQLAlchemyError, OSError) as error:
        tell(bad("test call", str(error)))
        return False
    return all(step.ok for step in steps)


def reachable(host: str) -> str:
    """The address at which this machine reaches itself, when we listen on `host`."""
    if not host or ipaddress.ip_address(host).is_unspecified:
        return "127.0.0.1"
    return host
