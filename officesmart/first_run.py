"""The first start on an empty data folder: a small office, and its secrets told once.

Every start calls `prepare`; when the office is there and up to date it costs a few milliseconds.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from pathlib import Path

from sqlmodel import select

from officesmart import enrol, migrate
from officesmart.enrol import Enrolment
from officesmart.private_file import write_private
from pbx.config import Config
from pbx.store.session import Database
from pbx.tables import Line

FILE = "first-run.txt"
SAMPLE = {
    "it": (("200", "Amministratore", "admin"), ("201", "Anna Rossi", "user"),
           ("202", "Bruno Bianchi", "user"), ("203", "Carla Verdi", "user")),
    "en": (("200", "Administrator", "admin"), ("201", "Anna Rossi", "user"),
           ("202", "Bruno Bianchi", "user"), ("203", "Carla Verdi", "user")),
}  # fmt: skip


def prepare(database: Database, config: Config, *, at: datetime) -> str:
    """Bring the database up to date; in an empty one, make the sample office.

    Answers the text with address and secrets to print when it did, else "". The text is in
    `first-run.txt` (mode 0600) before anything is committed. Raises migrate.NewerDatabase, and
    OSError when the folder cannot be written.
    """
    migrate.upgrade(database)
    if not _is_empty(database):
        return ""
    office = [
        Enrolment(
            extension=extension,
            name=name,
            role=role,
            language=config.language,
            secrets=enrol.made_up(extension, name=name),
        )
        for extension, name, role in SAMPLE[config.language]
    ]
    digests = enrol.digests_of(office)
    path = config.data / FILE
    text = _text(config, office, path)
    with database.session() as session:
        # Two first starts at once: the second one finds the first one's office here.
        if session.exec(select(Line.id)).first() is not None:
            return ""
        enrol.write(session, office, digests, at=at)
        write_private(path, text)
    return text


def _is_empty(database: Database) -> bool:
    with database.reading() as session:
        return session.exec(select(Line.id)).first() is None


def addresses(config: Config) -> tuple[str, bool]:
    """Where a browser finds the portal, and whether other machines can."""
    try:
        address = ipaddress.ip_address(config.host)
    except ValueError:
        return f"{config.scheme}://{config.host}:{config.port}/", config.host != "localhost"
    shown = f"[{address}]" if address.version == 6 else str(address)
    if address.is_unspecified:
        shown = "127.0.0.1"
    return f"{config.scheme}://{shown}:{config.port}/", not address.is_loopback


def _text(config: Config, office: list[Enrolment], path: Path) -> str:
    address, is_open = addresses(config)
    words = _ENGLISH if config.language == "en" else _ITALIAN
    width = max(len(each.name or "") for each in office)
    head = (words["line"], words["name"].ljust(width), words["password"], words["sip"], "PIN")
    rows = [
        (each.extension, (each.name or "").ljust(width), each.secrets.password,
         each.secrets.sip_password, each.secrets.pin)
        for each in office
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    table = "\n".join(
        "  " + "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    )
    return words["text"].format(
        address=address,
        table=table,
        sip_port=config.sip_port,
        server=config.advertise or words["this machine"],
        path=path,
        lan=words["open"] if is_open else words["closed"].format(port=config.port),
    )


_ITALIAN = {
    "line": "interno",
    "name": "nome",
    "password": "password",
    "sip": "password SIP",
    "this machine": "l'indirizzo di questo computer",
    "open": "Il portale è raggiungibile dalla rete locale all'indirizzo di questo computer.",
    "closed": (
        "Il portale risponde solo a questo computer. Per aprirlo alla rete locale avviare con\n"
        "OFFICESMART_HOST=0.0.0.0 e usare http://INDIRIZZO-DI-QUESTO-COMPUTER:{port}/"
    ),
    "text": """\
Office Smart: il primo avvio ha creato un piccolo ufficio di esempio.

Portale: {address}
Entrare con l'interno e la password.

{table}

Telefoni: server SIP {server}, porta {sip_port} (UDP o TCP),
utente = interno, password = password SIP. *86 ascolta i messaggi, *600 è la prova dell'eco.

{lan}
Per https mettere davanti un proxy (per esempio Caddy o nginx) che inoltri a {address}
anche i WebSocket; il README mostra come.

Queste credenziali si vedono una volta sola. Sono in {path}
(leggibile solo dal proprietario): conservarle altrove e cancellare il file.
""",
}
_ENGLISH = {
    "line": "line",
    "name": "name",
    "password": "password",
    "sip": "SIP password",
    "this machine": "the address of this machine",
    "open": "The portal can be reached from the LAN at the address of this machine.",
    "closed": (
        "The portal answers this machine only. To open it to the LAN, start with\n"
        "OFFICESMART_HOST=0.0.0.0 and use http://ADDRESS-OF-THIS-MACHINE:{port}/"
    ),
    "text": """\
Office Smart: the first start made a small sample office.

Portal: {address}
Sign in with the line's number and the password.

{table}

Phones: SIP server {server}, port {sip_port} (UDP or TCP),
user = line, password = SIP password. *86 plays your messages, *600 is the echo test.

{lan}
For https put a proxy in front (such as Caddy or nginx) that passes everything, WebSockets too,
to {address}; the README shows how.

These credentials are shown once. They are in {path}
(readable by its owner only): keep them elsewhere and delete the file.
""",
}
