"""The services of a line as an administrator sets them: do not disturb, forwards, hidden number.

The rows are those that the line's own star codes write (pbx/store/services.py), through the same
writer. A form is saved against the values it was opened with: a code dialled meanwhile is a change
by somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, select

from officesmart.administration import audit, dialled
from officesmart.administration.audit import Author
from officesmart.administration.clash import blamed, differ
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import LONGEST_TYPED, Fault
from officesmart.administration.trunk_rules import text
from officesmart.administration.typed import NO_NUMBER
from pbx.numbers import national
from pbx.routing import written
from pbx.routing.features import caller_id, do_not_disturb, forward_no_answer, mailbox
from pbx.routing.features.service_code import FORWARDS
from pbx.routing.forwarding import followed
from pbx.routing.office import Office
from pbx.routing.outward import Refusal
from pbx.store import options
from pbx.tables import AuditEntry, DirectNumber, Line

SECONDS = (5, 420)
"The bounds of forward_no_answer's options, which a test holds these to."
USUAL_SECONDS = forward_no_answer.Options().seconds
KINDS = ("forward_all", "forward_busy", "forward_no_answer", "forward_unavailable")
OF_LINES = ("line", "mailbox")
"Kinds of target that are a line."
NAMES = {
    "do_not_disturb": ("non disturbare", "do not disturb"),
    "forward_all": ("inoltro di tutte le chiamate", "forward of all calls"),
    "forward_all_number": ("numero dell'inoltro di tutte", "number of the forward of all"),
    "forward_busy": ("inoltro su occupato", "forward when busy"),
    "forward_busy_number": ("numero dell'inoltro su occupato", "number of the forward when busy"),
    "forward_no_answer": ("inoltro se nessuno risponde", "forward when nobody answers"),
    "forward_no_answer_number": (
        "numero dell'inoltro se nessuno risponde",
        "number of the forward when nobody answers",
    ),
    "forward_no_answer_seconds": (
        "secondi prima dell'inoltro",
        "seconds before the forward",
    ),
    "forward_unavailable": ("inoltro se non disponibile", "forward when not reachable"),
    "forward_unavailable_number": (
        "numero dell'inoltro se non disponibile",
        "number of the forward when not reachable",
    ),
    "hide_id": ("numero nascosto", "number hidden"),
    "transfer_number": ("numero di trasferimento chiamata", "call transfer number"),
    # What only codes and the person's own pages set.
    "call_waiting": ("avviso di chiamata", "call waiting"),
    "anonymous_reject": ("rifiuto delle chiamate anonime", "rejection of anonymous calls"),
    "selective_reject": ("rifiuto intelligente", "selective rejection"),
    "selective_forward": ("inoltro intelligente", "selective forward"),
    "selective_forward_number": (
        "numero dell'inoltro intelligente",
        "number of the selective forward",
    ),
    "callers": ("chiamanti nella lista di rifiuto", "callers on the rejection list"),
    "speed_dial": ("selezione rapida", "speed dial"),
}
"The fields as sentences and the change log call them."
NEEDED = Fault("Scrivi a quale numero", "Give the number it goes to")


@dataclass(frozen=True, slots=True)
class ServiceValues:
    """The services of one line. A number is kept as star codes keep it, also while it is off."""

    do_not_disturb: bool = False
    forward_all: bool = False
    forward_all_number: str = ""
    forward_busy: bool = False
    forward_busy_number: str = ""
    forward_no_answer: bool = False
    forward_no_answer_number: str = ""
    forward_no_answer_seconds: int = USUAL_SECONDS
    forward_unavailable: bool = False
    forward_unavailable_number: str = ""
    hide_id: bool = False
    "On every call outside."
    transfer_number: str = ""
    "Where 0 leads from its mailbox; empty: nowhere."


@dataclass(frozen=True, slots=True)
class Reaching:
    """A number that reaches a line."""

    number: str
    "As people write it."
    label: str
    closed: bool = False
    "Only while the office is closed."


FIELDS = tuple(ServiceValues.__dataclass_fields__)


def values_of(session: Session, line_id: int) -> ServiceValues:
    """A line's services as they are now. Raises Gone."""
    if session.get(Line, line_id) is None:
        raise Gone
    quiet = options.read(session, do_not_disturb.Options, "do_not_disturb", line_id)
    hidden = options.read(session, caller_id.Options, "caller_id", line_id)
    found: dict[str, Any] = {"do_not_disturb": quiet.enabled, "hide_id": hidden.hide}
    box = options.read(session, mailbox.Options, "mailbox", line_id)
    found["transfer_number"] = box.transfer_number
    for feature in KINDS:
        now = options.read(session, FORWARDS[feature], feature, line_id)
        found |= {feature: now.enabled, f"{feature}_number": now.number}
        if isinstance(now, forward_no_answer.Options):
            found["forward_no_answer_seconds"] = now.seconds
    return ServiceValues(**found)


def judge(
    form: Mapping[str, object],
    was: ServiceValues,
    *,
    prefix: str,
    extensions: Collection[str],
    codes: Collection[str],
) -> tuple[ServiceValues, dict[str, Fault]]:
    """A form as it was sent: its values, and what is wrong by field.

    was: what it was opened with; a number that nobody touched is not judged anew. codes: the
    office's short codes, which a forward may go to as well.
    """
    faults: dict[str, Fault] = {}
    found: dict[str, Any] = {name: _on(form.get(name)) for name in ("do_not_disturb", "hide_id")}
    for feature in (*KINDS, "transfer"):
        name = f"{feature}_number"
        said = text(form.get(name))
        kept = getattr(was, name)
        if said == dialled.shown(kept, prefix):
            read = dialled.Read(kept)
        else:
            read = _number(said, prefix=prefix, extensions=extensions, codes=codes)
        found[name] = read.number
        if feature in KINDS:
            found[feature] = _on(form.get(feature))
        if read.fault is not None:
            faults[name] = read.fault
        elif feature in KINDS and found[feature] and not read.number:
            faults[name] = NEEDED
    least, most = SECONDS
    seconds = text(form.get("forward_no_answer_seconds"))
    if re.fullmatch(r"[0-9]{1,4}", seconds) and least <= int(seconds) <= most:
        found["forward_no_answer_seconds"] = int(seconds)
    elif seconds:
        faults["forward_no_answer_seconds"] = Fault(
            f"Scrivi i secondi con un numero da {least} a {most}",
            f"Give the seconds as a number from {least} to {most}",
        )
    return ServiceValues(**found), faults


def _number(
    said: str, *, prefix: str, extensions: Collection[str], codes: Collection[str]
) -> dialled.Read:
    if not said:
        return dialled.Read()
    if len(said) > LONGEST_TYPED:
        return dialled.Read(fault=NO_NUMBER)
    plain = written.plain(said)
    if plain in codes:
        return dialled.Read(plain)
    return dialled.read(said, prefix=prefix, extensions=extensions)


def _on(value: object) -> bool:
    return value is True or (isinstance(value, str) and value not in ("", "false", "off"))


def save(
    session: Session,
    author: Author,
    line_id: int,
    *,
    base: ServiceValues,
    values: ServiceValues,
    office: Office,
) -> ServiceValues:
    """Set a line's services, which were made from `base`.

    A forward that is switched on, or gets another number, must lead somewhere that this line may
    call. Raises Clash, Refused, Gone.
    """
    now = values_of(session, line_id)
    line = session.get(Line, line_id)
    assert line is not None  # values_of raised otherwise
    moved = differ(base, now)
    if moved:
        raise blamed(now, moved, _last(session, line.extension, moved))
    changes = differ(now, values)
    if not changes:
        return now
    faults = _unfollowed(office, line.extension, changes, values)
    if faults:
        raise Refused(faults)
    for feature, fields in _rows(changes, values).items():
        options.change(session, feature, line_id, **fields)
    audit.note(
        session,
        author,
        "services_changed",
        line=line.extension,
        line_name=line.name,
        before=asdict(now),
        after=asdict(values),
    )
    session.flush()
    return values


def _unfollowed(
    office: Office, extension: str, changes: Collection[str], values: ServiceValues
) -> dict[str, Fault]:
    person, faults = office.lines.get(extension), {}
    for feature in KINDS:
        name = f"{feature}_number"
        if person is None or not getattr(values, feature) or not {feature, name} & {*changes}:
            continue
        target = followed(getattr(values, name), person, office)
        if isinstance(target, Refusal):
            faults[name] = Fault(target.it, target.en)
    if person is not None and values.transfer_number and "transfer_number" in changes:
        target = followed(values.transfer_number, person, office)
        if isinstance(target, Refusal):
            faults["transfer_number"] = Fault(target.it, target.en)
    return faults


def _rows(changes: Collection[str], values: ServiceValues) -> dict[str, dict[str, Any]]:
    """What changes, by feature, as its options call it."""
    rows: dict[str, dict[str, Any]] = {}
    for name in changes:
        value = getattr(values, name)
        if name == "hide_id":
            rows["caller_id"] = {"hide": value}
            continue
        if name == "transfer_number":
            rows["mailbox"] = {name: value}
            continue
        feature = next((each for each in (*KINDS, "do_not_disturb") if each == name), "")
        option = "enabled"
        if not feature:
            feature, _, option = name.rpartition("_")
        rows.setdefault(feature, {})[option] = value
    return rows


def _last(session: Session, extension: str, moved: Collection[str]) -> AuditEntry | None:
    """Who changed these last, on a page or by a code."""
    entries = session.exec(
        select(AuditEntry)
        .where(
            AuditEntry.line == extension,
            col(AuditEntry.what).in_(("services_changed", "set_by_code")),
        )
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        .limit(20)
    )
    return next((entry for entry in entries if {*entry.after} & {*moved}), None)


def reaching(session: Session, line_id: int) -> list[Reaching]:
    """The numbers by which people outside reach this line, its own first. Raises Gone."""
    line = session.get(Line, line_id)
    if line is None:
        raise Gone
    found = [Reaching(national(line.number), "")] if line.number else []
    for row in session.exec(select(DirectNumber).order_by(DirectNumber.number)):
        # The line's own number may have a row that says more; it is one number still.
        if row.kind in OF_LINES and row.target == line.extension:
            if row.number != line.number:
                found.append(Reaching(national(row.number), row.label))
        elif (
            row.hours_id is not None
            and row.closed_kind in OF_LINES
            and row.closed_target == line.extension
        ):
            found.append(Reaching(national(row.number), row.label, closed=True))
    return found
