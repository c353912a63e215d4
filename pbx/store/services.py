"""What a star code does to a line's settings: `routing.star_codes.DEEDS`, done to the rows.

Whether it may be done was judged before, by routing (features/service_code.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from pbx.routing.features import caller_id, do_not_disturb, forward_no_answer
from pbx.routing.features.service_code import FORWARDS
from pbx.store import options


@dataclass(frozen=True, slots=True)
class State:
    """How a service stands after the deed."""

    feature: str
    "'forward_all', ..., 'forwards', 'do_not_disturb' or 'hide_id'."
    on: bool
    number: str = ""
    "Where a forward goes: an extension, a short code or E.164."
    seconds: int = 0
    "After how long, for the forward on no answer."


def do(session: Session, line_id: int, deed: str, *, number: str = "", seconds: int = 0) -> State:
    """Do it, in the session's transaction; answers how the service stands then.

    number, seconds: as dialled; empty and 0 leave what is kept. Raises KeyError for a deed that
    changes or asks for nothing.
    """
    feature, _, verb = deed.partition(".")
    if feature == "forwards":
        for each in FORWARDS:
            _forward(session, line_id, each, verb, number, seconds)
        return State(feature, verb == "on", number)
    if feature == "do_not_disturb":
        if verb != "ask":
            options.change(session, feature, line_id, enabled=verb == "on")
        quiet = options.read(session, do_not_disturb.Options, feature, line_id)
        return State(feature, quiet.enabled)
    if feature == "hide_id":
        return State(feature, options.read(session, caller_id.Options, "caller_id", line_id).hide)
    return _forward(session, line_id, feature, verb, number, seconds)


def _forward(
    session: Session, line_id: int, feature: str, verb: str, number: str, seconds: int
) -> State:
    kind = FORWARDS[feature]
    if verb != "ask":
        said: dict[str, object] = {"enabled": verb == "on"}
        if number:
            said["number"] = number
        if seconds and feature == "forward_no_answer":
            said["seconds"] = seconds
        options.change(session, feature, line_id, **said)
    now = options.read(session, kind, feature, line_id)
    after = now.seconds if isinstance(now, forward_no_answer.Options) else 0
    return State(feature, now.enabled, now.number, after)
