"""A telephone number of the office (DID): what it reaches, open or closed (behaviour.md s.0).

From inside it is the same: who dials the office's own number stays in the office.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.numbers import national
from pbx.routing.dialled import e164_forms
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.forwarding import ALWAYS, MOST
from pbx.routing.hours import is_open
from pbx.routing.office import DirectNumber, Office
from pbx.routing.plan import Announce, Mailbox, Plan, Service

STAGE = Stage.OWN_NUMBER


class Options(FeatureOptions):
    """None: numbers and hours are rows of the office."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Take the call where its number leads at this moment."""
    if plan.to_line:
        return plan
    direct = _found(call, office)
    if direct is None:
        return plan
    plan, kind, target, closed = _now(plan, direct, call, office)
    if kind == "line" and target in office.lines and office.lines[target].active:
        return replace(plan, to_line=target).noting(
            "direct_number",
            it=f"Raggiunge l'interno {target} ({office.lines[target].name})",
            en=f"It reaches extension {target} ({office.lines[target].name})",
        )
    if kind == "mailbox" and target in office.lines and office.lines[target].has_mailbox:
        box = Mailbox(target, "closed" if closed else "direct")
        # Missed by whoever the mailbox is of: they find the call with its message, or without.
        return replace(plan.then(box), settled=True, to_line=target).noting(
            "direct_number",
            it=f"Raggiunge la casella vocale dell'interno {target}",
            en=f"It reaches the mailbox of extension {target}",
        )
    if kind == "service":
        return replace(plan.then(Service(target)), settled=True).noting(
            "direct_number",
            it=f"Raggiunge il servizio {target}",
            en=f"It reaches the service {target}",
        )
    if kind == "announcement":
        said = Announce(target, 480, "Temporarily Unavailable")
        return replace(plan.then(said), settled=True).noting(
            "direct_number",
            it="Il chiamante sente un annuncio",
            en="The caller hears an announcement",
        )
    if kind == "number" and direct.number not in call.diverted_by:
        return _onward(plan, call, direct, target)
    gone = plan.then(Announce("announce.unknown_number", 404, "Not Found"))
    return replace(gone, settled=True).noting(
        "direct_number",
        it=f"Quello che raggiunge ({target or kind}) non c'è più",
        en=f"What it reaches ({target or kind}) is no longer there",
    )


def _found(call: CallFacts, office: Office) -> DirectNumber | None:
    """The number that was dialled; providers also write it without its + (39...)."""
    dialled = call.dialled
    forms = list(e164_forms(dialled, office.outside_prefix))
    if call.from_trunk and dialled.isdecimal():
        forms.append("+" + dialled)
    return next(
        (office.direct_numbers[form] for form in forms if form in office.direct_numbers), None
    )


def _now(
    plan: Plan, direct: DirectNumber, call: CallFacts, office: Office
) -> tuple[Plan, str, str, bool]:
    """What the number reaches at this moment, whether that is because it is closed; noted."""
    shown = national(direct.number) + (f" ({direct.label})" if direct.label else "")
    hours = office.hours.get(direct.hours)
    if hours is None:
        noted = plan.noting("direct_number", it=f"Numero {shown}", en=f"Number {shown}")
        return noted, direct.kind, direct.target, False
    is_now = is_open(hours.week, hours.closings, call.at.astimezone(office.zone))
    noted = plan.noting(
        "direct_number",
        it=f"Numero {shown}: secondo l'orario «{hours.name}» è {'aperto' if is_now else 'chiuso'}",
        en=f"Number {shown}: by the hours “{hours.name}” it is {'open' if is_now else 'closed'}",
    )
    if is_now or not direct.closed_kind:
        return noted, direct.kind, direct.target, not is_now
    return noted, direct.closed_kind, direct.closed_target, True


def _onward(plan: Plan, call: CallFacts, direct: DirectNumber, target: str) -> Plan:
    """To a number outside, as the administrator has set it: by right of the office itself."""
    if len(call.diverted_by) >= MOST:
        gone = plan.then(Announce("announce.too_many_forwards", 480, "Temporarily Unavailable"))
        return replace(gone, settled=True).noting(
            "direct_number",
            it="La chiamata è già stata inoltrata troppe volte",
            en="The call has been forwarded too often already",
        )
    onward = replace(
        call,
        dialled=target,
        granted=True,
        diverted_by=(*call.diverted_by, direct.number),
        causes=(*call.causes, ALWAYS),
    )
    return replace(plan, anew=onward)
