"""What a star code does to a line's settings: `routing.star_codes.DEEDS`, done to the rows.

Whether it may be done was judged before, by routing (features/service_code.py). What was changed is
in the change log too: whoever wonders why a phone is silent finds the code that silenced it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from pbx.routing.feature import FeatureOptions, features, options_for
from pbx.routing.features import caller_id, mailbox
from pbx.routing.features.service_code import FORWARDS, Wish
from pbx.routing.office import Office
from pbx.routing.star_codes import asked, spellings
from pbx.store import last_caller, options, speed_dials
from pbx.tables import AuditEntry, CallerEntry, Line

TRACE = "set_by_code"
"The word of the change log (officesmart/administration/audit.py)."
LISTED = ("selective_reject", "selective_forward")
"Services that concern the callers of a list only."


@dataclass(frozen=True, slots=True)
class State:
    """How a service stands after the deed."""

    feature: str
    "'forward_all', ..., 'forwards', 'do_not_disturb', 'hide_id', 'reject_last' or 'speed_dial'."
    on: bool
    number: str = ""
    "Where a forward or speed dial goes, who is rejected: an extension, a short code or E.164."
    seconds: int = 0
    "After how long, for the forward on no answer."
    asked: bool = False
    "It was asked about; nothing was done."
    note: str = ""
    """What else is to be said: 'nobody' has called, or 'withheld' his number; the list is 'full',
    'empty', has 'none' to take away, or was 'emptied'."""
    place: str = ""
    "A speed dial's code."


def transfer_number(office: Office, extension: str) -> str:
    """Where 0 leads from this line's mailbox: an extension, a short code or E.164; "" for
    nowhere. The line's own number is nowhere: it would lead back."""
    number = options_for(mailbox.Options, "mailbox", office, line=extension).transfer_number
    return "" if number == extension else number


def wished(argument: str) -> Wish:
    """What the argument of the step asks for."""
    return Wish.read(argument)


def code_in(dialled: str, office: Office) -> str:
    """The code alone, without the numbers that followed it."""
    found = (asked(each, office.services) for each in spellings(dialled))
    return next((each.code for each in found if each is not None), "")


def do(
    session: Session,
    line_id: int,
    deed: str,
    *,
    number: str = "",
    seconds: int = 0,
    place: str = "",
    code: str = "",
    at: datetime | None = None,
) -> State:
    """Do it, in the session's transaction; answers how the service stands then.

    number, seconds: as dialled; empty and 0 leave what is kept. place: a speed dial's code. code,
    at: what was dialled and when, for the change log; without a moment nothing is written there.
    Raises KeyError for a deed that changes or asks for nothing.
    """
    feature, _, verb = deed.partition(".")
    before = _told(session, line_id, feature, place) if at is not None else {}
    state = _done(session, line_id, feature, verb, number, seconds, place)
    if at is not None and verb != "ask":
        session.flush()
        _trace(session, line_id, code, at, before, _told(session, line_id, feature, place))
    return state


def _done(
    session: Session,
    line_id: int,
    feature: str,
    verb: str,
    number: str,
    seconds: int,
    place: str,
) -> State:
    if feature == "forwards":
        for each in FORWARDS:
            _set(session, line_id, each, verb, number, seconds)
        return State(feature, verb == "on", number)
    if feature == "hide_id":
        hidden = options.read(session, caller_id.Options, "caller_id", line_id).hide
        return State(feature, hidden, asked=True)
    if feature == "reject_last":
        return _reject_last(session, line_id, verb)
    if feature == "speed_dial":
        if verb == "on":
            speed_dials.put(session, line_id, place, number)
            return State(feature, True, number, place=place)
        was = speed_dials.clear(session, line_id, place)
        return State(feature, False, note="" if was else "empty", place=place)
    return _set(session, line_id, feature, verb, number, seconds)


def _set(
    session: Session, line_id: int, feature: str, verb: str, number: str, seconds: int
) -> State:
    """A service with a switch, and perhaps a number."""
    kind = _options_of(feature)
    if verb != "ask":
        said: dict[str, object] = {"enabled": verb == "on"}
        if number and "number" in kind.model_fields:
            said["number"] = number
        if seconds and "seconds" in kind.model_fields:
            said["seconds"] = seconds
        options.change(session, feature, line_id, **said)
    now: Any = options.read(session, kind, feature, line_id)
    empty = feature in LISTED and now.enabled and not _callers(session, line_id, feature)
    return State(
        feature,
        now.enabled,
        getattr(now, "number", ""),
        now.seconds if feature == "forward_no_answer" else 0,
        asked=verb == "ask",
        note="empty" if empty else "",
    )


def _reject_last(session: Session, line_id: int, verb: str) -> State:
    if verb == "off":
        gone = last_caller.forgive(session, line_id)
        if not gone:
            return State("reject_last", False, note="none")
        if _callers(session, line_id, last_caller.LIST):
            return State("reject_last", False, gone)
        # Nobody is left to be rejected: a service that rejects nobody would only puzzle people.
        options.change(session, last_caller.LIST, line_id, enabled=False)
        return State("reject_last", False, gone, note="emptied")
    last = last_caller.of(session, line_id)
    if last is None or not last.number:
        return State("reject_last", False, note="nobody" if last is None else "withheld")
    if not last_caller.reject(session, line_id, last):
        return State("reject_last", False, last.number, note="full")
    options.change(session, last_caller.LIST, line_id, enabled=True)
    return State("reject_last", True, last.number)


def _options_of(feature: str) -> type[FeatureOptions]:
    """Raises KeyError for a feature that there is not, or that has no switch."""
    for each in features():
        if each.name == feature and "enabled" in each.options.model_fields:
            return each.options
    raise KeyError(feature)


def _callers(session: Session, line_id: int, service: str) -> int:
    return session.exec(
        select(func.count(col(CallerEntry.id))).where(
            CallerEntry.line_id == line_id, CallerEntry.service == service
        )
    ).one()


# --- the change log ----------------------------------------------------------------------------


def _told(session: Session, line_id: int, feature: str, place: str) -> dict[str, Any]:
    """How a service stands, field by field, as the log's other entries name them. Whose calls are
    rejected, and whom a speed dial calls, is nobody's business but the line's own."""
    if feature == "speed_dial":
        return {"speed_dial": place if speed_dials.read(session, line_id, place) else ""}
    if feature == "reject_last":
        told = _told(session, line_id, last_caller.LIST, "")
        return {**told, "callers": _callers(session, line_id, last_caller.LIST)}
    if feature == "forwards":
        return {
            name: value
            for each in FORWARDS
            for name, value in _told(session, line_id, each, "").items()
        }
    if feature == "hide_id":
        return {}
    now: Any = options.read(session, _options_of(feature), feature, line_id)
    told = {feature: now.enabled}
    if hasattr(now, "number"):
        told[f"{feature}_number"] = now.number
    if feature == "forward_no_answer":
        told[f"{feature}_seconds"] = now.seconds
    return told


def _trace(
    session: Session,
    line_id: int,
    code: str,
    at: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    changed = [name for name in after if before.get(name) != after[name]]
    line = session.get(Line, line_id)
    if not changed or line is None:
        return
    session.add(
        AuditEntry(
            at=at,
            who=line.extension,
            who_name=line.name,
            line=line.extension,
            line_name=line.name,
            what=TRACE,
            before={name: before.get(name) for name in changed},
            after={**{name: after[name] for name in changed}, "code": code},
        )
    )
