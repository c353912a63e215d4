"""Settings of the office as a whole, as an administrator sets them.

The rows are `OfficeSetting` (pbx/store/settings.py has names and defaults). Plain functions over a
session; each change and its entry in the log are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from officesmart.administration import audit, clash
from officesmart.administration.audit import Author
from officesmart.administration.lines import Refused
from officesmart.administration.rules import Fault
from officesmart.administration.trunk_rules import is_place, text, whole
from officesmart.administration.typed import Typed
from pbx.routing import written
from pbx.routing.dialled import outside
from pbx.routing.dialplan import orbits_of
from pbx.store import settings
from pbx.store.dialplan import read_dial_plan
from pbx.tables import Mailbox

ORDERS = ("forward_first", "dnd_first")
MESSAGES = (1, 10_000)
OFFICE_NAME = 80  # characters
MINUTES = (1, 6_000)
MONTHS = (1, 120)
DAYS = (1, 365)
PARK_SECONDS = (10, 900)
OPERATOR = 20  # characters
NAMES = {
    "office_name": ("nome dell'ufficio", "name of the office"),
    "services_order": ("ordine dei servizi", "order of services"),
    "max_messages": ("messaggi per casella", "messages a mailbox"),
    "max_minutes": ("minuti per casella", "minutes a mailbox"),
    "history_months": ("mesi di chiamate", "months of calls"),
    "deleted_days": ("giorni dei messaggi eliminati", "days of deleted messages"),
    "park_range": ("numeri di parcheggio", "park numbers"),
    "park_seconds": ("secondi di parcheggio", "seconds of parking"),
    "park_operator": ("operatore del parcheggio", "operator for parked calls"),
    "pickup_all": ("risposta per chiunque", "answering for anybody"),
    "portal_address": ("indirizzo del portale", "portal address"),
    "mailboxes": ("caselle", "mailboxes"),
    "music": ("musica d'attesa", "music on hold"),
    "records": ("chiamate", "calls"),
    "messages": ("messaggi", "messages"),
}
"The fields as sentences and the change log call them."


@dataclass(frozen=True, slots=True)
class OfficeValues:
    """The office's settings; limits of time in the unit that people think in."""

    office_name: str = ""
    "Empty: nothing beside Office Smart is shown."
    services_order: str = "forward_first"
    max_messages: int = 100
    max_minutes: int = 120
    history_months: int = 12
    deleted_days: int = 30
    park_range: str = "801-820"
    park_seconds: int = 120
    park_operator: str = ""
    "A number as a phone of the office dials it; empty: nobody."
    pickup_all: bool = False
    portal_address: str = ""


KEYS = {
    "office_name": settings.OFFICE_NAME,
    "services_order": settings.SERVICES_ORDER,
    "max_messages": settings.MAX_MESSAGES,
    "max_minutes": settings.MAX_SECONDS,
    "history_months": settings.HISTORY_MONTHS,
    "deleted_days": settings.DELETED_DAYS,
    "park_range": settings.PARK_RANGE,
    "park_seconds": settings.PARK_RECALL,
    "park_operator": settings.PARK_OPERATOR,
    "pickup_all": settings.PICKUP_ALL,
    "portal_address": settings.PORTAL_ADDRESS,
}
FIELDS = tuple(KEYS)
BAD_RANGE = Fault(
    "Scrivi il primo e l'ultimo numero, come 801-820; vuoto: nessun parcheggio",
    "Give the first and the last number, like 801-820; empty: no parking",
)
BAD_OPERATOR = Fault(
    "Scrivi un interno che c'è, come 200, o un numero esterno con lo 0 davanti; vuoto: nessuno",
    "Give an extension that exists, such as 200, or an outside number with its 0; empty: nobody",
)
BAD_ADDRESS = Fault(
    "Scrivilo come https://telefono.azienda.it, senza altro dopo il nome",
    "Write it like https://phone.company.com, with nothing after the name",
)


def values_of(session: Session) -> OfficeValues:
    """The settings as they are; one that cannot be read counts as not set."""
    kept, plain = settings.read_all(session), OfficeValues()

    def number(name: str, usual: int) -> int:
        said = kept.get(KEYS[name], "")
        return int(said) if said.isascii() and said.isdigit() and int(said) > 0 else usual

    seconds = number("max_minutes", plain.max_minutes * 60)
    order = kept[settings.SERVICES_ORDER]
    return OfficeValues(
        office_name=kept[settings.OFFICE_NAME],
        services_order=order if order in ORDERS else plain.services_order,
        max_messages=number("max_messages", plain.max_messages),
        max_minutes=max(1, seconds // 60),
        history_months=number("history_months", plain.history_months),
        deleted_days=number("deleted_days", plain.deleted_days),
        park_range=kept[settings.PARK_RANGE],
        park_seconds=number("park_seconds", plain.park_seconds),
        park_operator=kept[settings.PARK_OPERATOR],
        pickup_all=kept[settings.PICKUP_ALL] == "yes",
        portal_address=kept[settings.PORTAL_ADDRESS],
    )


def judge(typed: Mapping[str, object]) -> tuple[OfficeValues, dict[str, Fault]]:
    """A form as it was sent: the values of what is right, and what is wrong by field."""
    faults: dict[str, Fault] = {}
    numbers = {}
    plain = OfficeValues()
    for name, (least, most) in (
        ("max_messages", MESSAGES),
        ("max_minutes", MINUTES),
        ("history_months", MONTHS),
        ("deleted_days", DAYS),
        ("park_seconds", PARK_SECONDS),
    ):
        numbers[name], wrong = whole(typed.get(name), least, most, getattr(plain, name))
        if wrong is not None:
            faults[name] = wrong
    park = text(typed.get("park_range")).replace(" ", "")
    try:
        orbits_of(park[:40])
    except ValueError:
        faults["park_range"] = BAD_RANGE
    address = text(typed.get("portal_address")).rstrip("/").lower()
    if address and not _is_address(address):
        faults["portal_address"] = BAD_ADDRESS
    order = text(typed.get("services_order"))
    form = Typed(typed)
    office_name = form.text("office_name", most=OFFICE_NAME)
    operator = written.plain(form.text("park_operator", most=OPERATOR))
    if operator and not operator.removeprefix("+").isdecimal():
        form.wrong("park_operator", BAD_OPERATOR)
    return (
        OfficeValues(
            office_name=office_name,
            services_order=order if order in ORDERS else ORDERS[0],
            park_range=park[:40],
            park_operator=operator,
            pickup_all=form.on("pickup_all"),
            portal_address=address[:300],
            **numbers,
        ),
        {**form.faults, **faults},
    )


def save(
    session: Session, author: Author, *, base: OfficeValues, values: OfficeValues
) -> OfficeValues:
    """Set the settings, which were made from `base`. Raises clash.Clash, Refused."""
    now = values_of(session)
    clash.refuse_old(session, base, now, deeds=("office_changed",))
    moved = clash.differ(now, values)
    if not moved:
        return now
    if "park_range" in moved:
        taken = read_dial_plan(session).orbits_conflict(values.park_range, but=now.park_range)
        if taken is not None:
            raise Refused({"park_range": Fault(taken.it, taken.en)})
    if "park_operator" in moved and not _is_reached(session, values.park_operator):
        raise Refused({"park_operator": BAD_OPERATOR})
    for name in moved:
        value = getattr(values, name)
        settings.write(session, KEYS[name], _kept(name, value))
    audit.note(session, author, "office_changed", before=asdict(now), after=asdict(values))
    return values


def other_mailboxes(session: Session) -> int:
    """How many mailboxes have another room than the office's."""
    now = values_of(session)
    count = select(func.count()).select_from(Mailbox).where(_unlike(now))
    return session.scalar(count) or 0


def set_mailboxes(session: Session, author: Author) -> int:
    """Give every mailbox the office's room; answers how many had another."""
    now = values_of(session)
    rows = session.exec(select(Mailbox).where(_unlike(now))).all()
    for row in rows:
        row.max_messages, row.max_seconds = now.max_messages, now.max_minutes * 60
        session.add(row)
    if rows:
        audit.note(
            session,
            author,
            "mailboxes_set",
            after={
                "mailboxes": len(rows),
                "max_messages": now.max_messages,
                "max_minutes": now.max_minutes,
            },
        )
    return len(rows)


def _kept(name: str, value: object) -> str:
    """A value as its row has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(str(value)) * 60) if name == "max_minutes" else str(value)


def _is_reached(session: Session, number: str) -> bool:
    """Whether a number means something: nobody, a line, a short code, or a number outside."""
    plan = read_dial_plan(session)
    return (
        not number
        or number in plan.extensions
        or number in plan.short_codes
        or bool(outside(number, plan.outside_prefix))
    )


def _unlike(now: OfficeValues) -> Any:
    return or_(
        col(Mailbox.max_messages) != now.max_messages,
        col(Mailbox.max_seconds) != now.max_minutes * 60,
    )


def _is_address(address: str) -> bool:
    """http(s)://host[:port], and nothing else."""
    try:
        split = urlsplit(address)
    except ValueError:
        return False
    whole_of_it = f"{split.scheme}://{split.netloc}" == address
    return split.scheme in ("https", "http") and whole_of_it and is_place(split.netloc)
