"""Pickup: *8 answers a call that rings at a colleague of one's group, **204 the one at 204.

Which lines may be answered is judged here; which of their calls has been ringing longest is known
when the code is dialled, and `pbx/calls/pickup.py` looks.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing import pickup
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office, Person, ServiceCode
from pbx.routing.plan import Announce, PickUp, Plan

STAGE = Stage.PICKUP
APP = "pickup"
DIRECTED = "pickup_directed"
"What rows of the codes are called: *8, and ** before an extension."


class Options(FeatureOptions):
    """None: groups and codes are rows of the office."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Answer for a colleague. It is for who dials it himself: neither a forward nor a transfer can
    answer a call, and a stranger has no colleagues."""
    code, other = _asked(call.dialled.removesuffix("#"), office)
    if code is None or call.from_outside:
        return plan
    person = office.lines.get(call.from_line)
    if person is None or call.diverted_by or call.on_behalf:
        return _refused(
            plan, Announce("announce.unknown_code", 404, "Not Found"),
            it=f"Al codice {code.code} non si può inoltrare né trasferire una chiamata",
            en=f"No call can be forwarded or transferred to code {code.code}",
        )  # fmt: skip
    if other:
        return _one(plan, code, other, person, office)
    lines, hunted = pickup.mates(person.extension, office)
    if not lines:
        return _refused(
            plan, Announce("announce.pickup_no_group", 403, "Forbidden"),
            it=f"{person.extension} non è in nessun Gruppo di Pick-Up con altre linee",
            en=f"{person.extension} is in no pickup group with other lines",
        )  # fmt: skip
    step = PickUp(tuple(sorted(lines)), tuple(sorted(hunted)))
    return replace(plan.then(step), settled=True).noting(
        "pickup",
        it=f"Il codice {code.code} risponde alla chiamata che squilla da più tempo nel gruppo",
        en=f"Code {code.code} answers the call that has been ringing longest in the group",
    )


def _asked(keys: str, office: Office) -> tuple[ServiceCode | None, str]:
    """The code, and the extension after it. **211 is extension 211 where there is one, though *21
    is a code that may also be written with two stars."""
    whole = office.services.get(keys)
    if whole is not None:
        return (whole, "") if whole.app == APP else (None, "")
    for end in range(len(keys) - 1, 0, -1):
        row = office.services.get(keys[:end])
        rest = keys[end:]
        if row is not None and row.app == APP and rest.startswith("*"):
            rest = rest.removeprefix("*")  # *8*204
        elif row is None or row.app != DIRECTED:
            continue
        if rest in office.lines:
            return row, rest
    return None, ""


def _one(plan: Plan, code: ServiceCode, other: str, person: Person, office: Office) -> Plan:
    if other == person.extension:
        return _refused(
            plan, Announce("announce.nothing_rings", 404, "Not Found"),
            it="Alle proprie chiamate si risponde dal telefono che squilla",
            en="One's own calls are answered at the phone that rings",
        )  # fmt: skip
    if not pickup.may_answer(person.extension, other, office):
        return _refused(
            plan, Announce("announce.pickup_not_allowed", 403, "Forbidden"),
            it=f"{person.extension} non è in un Gruppo di Pick-Up con {other}",
            en=f"{person.extension} shares no pickup group with {other}",
        )  # fmt: skip
    _, hunted = pickup.mates(person.extension, office)
    step = PickUp((other,), (other,) if office.pickup_all or other in hunted else ())
    return replace(plan.then(step), settled=True).noting(
        "pickup",
        it=f"Il codice {code.code}{other} risponde alla chiamata che squilla a {other}",
        en=f"Code {code.code}{other} answers the call that rings at {other}",
    )


def _refused(plan: Plan, step: Announce, *, it: str, en: str) -> Plan:
    return replace(plan.then(step), settled=True).noting("pickup", it=it, en=en)
