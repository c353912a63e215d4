"""What stands on a person's welcome sheet, read from the office as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from officesmart.administration.accounts import of_line
from officesmart.i18n import say
from officesmart.welcome.where import sip_server
from pbx.config import Config
from pbx.numbers import national
from pbx.routing.star_codes import APPS, DEEDS, named
from pbx.store import settings
from pbx.tables import Line, Mailbox, ServiceNumber

MOST_CODES = 16
"What fits beside the rest on one page."
MENU = "voicemail_menu"
"The application that reads one's own mailbox out."
SPARED = ("ask", "call")
"Verbs of deeds that a first sheet can do without."
AFTER = {
    "number": (" (poi * numero #)", " (then * number #)"),
    "place": (" (poi * selezione #)", " (then * speed dial #)"),
    "place number": (" (poi * selezione * numero #)", " (then * speed dial * number #)"),
}
"What is dialled after a code, in Italian and English."


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """One SIP account."""

    user: str
    label: str
    transport: str
    "'UDP', 'TCP', or 'UDP o TCP'."
    password: str = field(default="", repr=False)
    "Only when it was made just now."


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """One sheet."""

    language: str
    office: str
    name: str
    extension: str
    number: str
    "As people write it; empty when there is none."
    site: str
    server: str
    port: int
    portal: str
    "Web address; empty when the office has not set one."
    welcomed: bool
    "The first sign-in was done."
    mailbox: bool
    mailbox_code: str
    "What a phone dials for the mailbox; empty when no code does."
    phones: tuple[PhoneFacts, ...]
    codes: tuple[tuple[str, str], ...]
    "(code, what it does)."
    password: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)


def sheets(
    session: Session,
    config: Config,
    ids: Sequence[int],
    *,
    secrets: Mapping[tuple[str, str], str] | None = None,
) -> list[SheetFacts]:
    """The sheets of these lines, by extension; lines that are gone are left out.

    secrets: what was made in the same deed, by (kind, user) as `accounts.Fresh` has them.
    """
    given = secrets or {}
    portal = settings.read(session, "portal.address")
    office = settings.read(session, settings.OFFICE_NAME) or "Office Smart"
    services = session.exec(
        select(ServiceNumber).where(ServiceNumber.enabled).order_by(col(ServiceNumber.code))
    ).all()
    lines = session.exec(select(Line).where(col(Line.id).in_(ids))).all()
    return [
        _sheet(session, config, line, services, office, portal, given)
        for line in sorted(lines, key=lambda each: (len(each.extension), each.extension))
    ]


def _sheet(
    session: Session,
    config: Config,
    line: Line,
    services: Sequence[ServiceNumber],
    office: str,
    portal: str,
    given: Mapping[tuple[str, str], str],
) -> SheetFacts:
    language = line.language if line.language in ("it", "en") else "it"
    box = session.get(Mailbox, line.id)
    any_way = say(language, it="UDP o TCP", en="UDP or TCP")
    has_box = box is not None and box.enabled
    return SheetFacts(
        language=language,
        office=office,
        name=line.name,
        extension=line.extension,
        number=national(line.number) if line.number else "",
        site=line.site,
        server=sip_server(config, portal),
        port=config.sip_port,
        portal=portal,
        welcomed=line.welcomed_at is not None,
        mailbox=has_box,
        mailbox_code=next((each.code for each in services if each.app == MENU), ""),
        phones=tuple(
            PhoneFacts(
                each.username,
                each.label,
                each.transport.upper() or any_way,
                given.get(("sip", each.username), ""),
            )
            for each in of_line(session, line.id or 0)
        ),
        codes=_codes([each for each in services if has_box or each.app != MENU], language),
        password=given.get(("portal", line.extension), ""),
        pin=given.get(("pin", line.extension), ""),
    )


def _codes(services: Sequence[ServiceNumber], language: str) -> tuple[tuple[str, str], ...]:
    """One code for each thing that can be done; the shortest where there are several."""
    chosen: dict[str, ServiceNumber] = {}
    for each in services:
        if each.app.rpartition(".")[2] in SPARED and each.app in DEEDS:
            continue
        before = chosen.get(each.app)
        if before is None or len(each.code) < len(before.code):
            chosen[each.app] = each
    told = []
    # Room for so many: what people dial daily before what is rarer.
    daily = ("do_not_disturb.on", "do_not_disturb.off")
    ours = dict.fromkeys((*APPS, *daily, *DEEDS))
    order = {name: place for place, name in enumerate(ours)}
    ranked = sorted(chosen.values(), key=lambda each: (order.get(each.app, -1), each.code))
    for each in ranked[:MOST_CODES]:
        words = named(each.app)
        deed = DEEDS.get(each.app)
        said = say(language, it=words.it, en=words.en)
        if each.with_extension:
            said += say(language, it=" (poi l'interno)", en=" (then the extension)")
        elif deed is not None and deed.takes:
            said += AFTER.get(deed.takes, AFTER["number"])[language == "en"]
        told.append((each.code, said))
    return tuple(sorted(told, key=_by_code))


def _by_code(each: tuple[str, str]) -> tuple[str, str]:
    # *21 and #21 belong together.
    return each[0].strip("*#"), each[0]
