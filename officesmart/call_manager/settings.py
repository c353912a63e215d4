"""Impostazioni di chiamata (guide 4.1): what a line shows of itself, and what its codes ask for.

The rows are those that routing and the star codes read. A form is saved against the values it was
opened with; an administrator or a code that came in between is told to who saves second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from officesmart.administration import dialled
from officesmart.administration.clash import blamed, differ
from officesmart.administration.trunk_rules import on
from pbx.routing.feature import options_for
from pbx.routing.features import caller_id, click_to_dial, mailbox
from pbx.routing.forwarding import CodedForwardOptions, destination, followed
from pbx.routing.office import Office
from pbx.routing.outward import Refusal
from pbx.store import options
from pbx.tables import AuditEntry, Line

CODED = {
    "needs_all": "forward_all",
    "needs_busy": "forward_busy",
    "needs_no_answer": "forward_no_answer",
}
"The three flags of guide 4.1.2, and whose star code each is about."
PORTAL = {"answers": "auto_answer", "phone": "phone"}
"The two of calls from the portal, as `click_to_dial` calls them."
NAMES = {
    "hide": ("nascondi identificativo", "hide caller ID"),
    "passes_caller": (
        "mostra chi chiama a chi riceve l'inoltro",
        "show the caller when forwarding",
    ),
    "shows_caller": ("mostra chi chiama sui tuoi telefoni", "show the caller on your phones"),
    "needs_all": ("numero per l'inoltro immediato", "number for the immediate forward"),
    "needs_busy": ("numero per l'inoltro su occupato", "number for the forward when busy"),
    "needs_no_answer": (
        "numero per l'inoltro per mancata risposta",
        "number for the forward on no answer",
    ),
    "answers": ("risposta automatica", "automatic answer"),
    "phone": ("quale telefono squilla", "which phone rings"),
}
"The fields as sentences call them."


@dataclass(frozen=True, slots=True)
class CallSettings:
    """What the person decides."""

    hide: bool = False
    "On every call outside; codes before the number override it both ways."
    passes_caller: bool = True
    shows_caller: bool = True
    needs_all: bool = False
    needs_busy: bool = False
    needs_no_answer: bool = False
    answers: bool = False
    "For a call from the portal my own phone picks up by itself."
    phone: str = ""
    "The only one that rings for it, by its key; empty: all."


LONGEST_KEY = 300
FIELDS = tuple(CallSettings.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where 0 leads from the mailbox, which the administrator sets."""

    number: str = ""
    "As a phone dials it; empty: 0 does nothing."
    name: str = ""
    "The colleague's, or the short code's."
    it: str = ""
    en: str = ""
    "Why a call would not get there now; empty: it would."


def read(session: Session, line_id: int) -> CallSettings:
    """The settings in force."""
    identity = options.read(session, caller_id.Options, "caller_id", line_id)
    portal = options.read(session, click_to_dial.Options, "click_to_dial", line_id)
    return CallSettings(
        answers=portal.auto_answer,
        phone=portal.phone,
        hide=identity.hide,
        passes_caller=identity.passes_caller,
        shows_caller=identity.shows_caller,
        **{
            name: options.read(session, CodedForwardOptions, feature, line_id).needs_number
            for name, feature in CODED.items()
        },
    )


def judge(form: Mapping[str, object]) -> CallSettings:
    """A form as it was sent: a switch that is off is not in it."""
    phone = form.get("phone")
    return CallSettings(
        **{name: on(form.get(name)) for name in FIELDS if name != "phone"},
        phone=phone if isinstance(phone, str) and len(phone) <= LONGEST_KEY else "",
    )


def transfer(office: Office, extension: str) -> Transfer:
    """Where 0 leads from this line's mailbox."""
    person = office.lines.get(extension)
    kept = options_for(mailbox.Options, "mailbox", office, line=extension).transfer_number
    if person is None or not kept or kept == extension:
        return Transfer()
    line, code = office.lines.get(kept), office.short_codes.get(kept)
    name = line.name if line is not None else code.name if code is not None else ""
    shown = dialled.shown(kept, office.outside_prefix)
    why = followed(kept, person, office) if destination(kept, office) else None
    if isinstance(why, Refusal):
        return Transfer(shown, name, why.it, why.en)
    if why is None:
        return Transfer(shown, name, "Il numero non c'è più", "The number is no longer there")
    return Transfer(shown, name)


def save(session: Session, line_id: int, *, base: CallSettings, values: CallSettings) -> None:
    """Set them, made from `base`. Raises clash.Clash."""
    now = read(session, line_id)
    moved = differ(base, now)
    if moved:
        raise blamed(now, moved, _last(session, line_id))
    rows: dict[str, dict[str, Any]] = {}
    for name in differ(now, values):
        if name in CODED:
            rows[CODED[name]] = {"needs_number": getattr(values, name)}
        elif name in PORTAL:
            rows.setdefault("click_to_dial", {})[PORTAL[name]] = getattr(values, name)
        else:
            rows.setdefault("caller_id", {})[name] = getattr(values, name)
    for feature, said in rows.items():
        options.change(session, feature, line_id, **said)


def _last(session: Session, line_id: int) -> AuditEntry | None:
    """The last change of this line's services that the log knows, if it can be one of these:
    `hide` is all of them that an administrator's page sets."""
    line = session.get(Line, line_id)
    if line is None:
        return None
    entry = session.exec(
        select(AuditEntry)
        .where(AuditEntry.line == line.extension, AuditEntry.what == "services_changed")
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    ).first()
    return entry if entry is not None and "hide_id" in entry.after else None
