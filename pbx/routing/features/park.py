"""Park: *85 keeps a call on an orbit of the office until somebody dials that orbit.

Who is transferred to *85 or to an orbit is parked there; who dials *85 while holding a call parks
that one; otherwise *85 takes the only call that one's group has parked. An orbit's number, or *85
and the end of it, takes the call that is on it.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing import pickup
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Park, Plan, Retrieve, Step

STAGE = Stage.PARK
APP = "park"
"What the rows of its codes are called."


class Options(FeatureOptions):
    """None: the orbits are a setting of the office."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Park or take back. A stranger from outside parks nobody, and no forward leads here."""
    if call.from_outside or call.orbit:
        return plan
    keys = call.dialled if call.dialled in office.orbits else call.dialled.removesuffix("#")
    code, rest = ("", keys) if keys in office.orbits else _code(keys, office)
    if not code and not rest:
        return plan
    if call.diverted_by:
        return _refused(
            plan, Announce("announce.unknown_number", 404, "Not Found"),
            it="Un inoltro non parcheggia e non riprende chiamate",
            en="A forward neither parks calls nor takes them back",
        )  # fmt: skip
    if not code:
        return _at(plan, rest, call)
    by = call.on_behalf or call.from_line
    if not office.orbits:
        return _refused(
            plan, Announce("announce.service_unavailable", 503, "Service Unavailable"),
            it="L'ufficio non ha posti di parcheggio",
            en="The office has no park orbits",
        )  # fmt: skip
    if rest:
        orbit = orbit_of(rest, office.orbits)
        if not orbit:
            return _refused(
                plan, Announce("announce.no_orbit", 404, "Not Found"),
                it=f"{rest} non è un posto di parcheggio ({_range(office)})",
                en=f"{rest} is no park orbit ({_range(office)})",
            )  # fmt: skip
        if call.holds and not call.on_behalf:
            return _parks(plan, Park((orbit,), by, held=True))
        return _at(plan, orbit, call)
    if call.on_behalf:
        return _parks(plan, Park(office.orbits, by))
    if call.holds:
        return _parks(plan, Park(office.orbits, by, held=True))
    mine = (call.from_line, *sorted(pickup.mates(call.from_line, office)[0]))
    return _settled(
        plan, Retrieve(by=mine),
        it=f"Il codice {code} riprende la chiamata parcheggiata dal proprio gruppo",
        en=f"Code {code} takes back the call that one's own group has parked",
    )  # fmt: skip


def orbit_of(digits: str, orbits: tuple[str, ...]) -> str:
    """The orbit meant by what follows the code: the whole of it, or its last two digits."""
    if digits in orbits:
        return digits
    ending = [orbit for orbit in orbits if len(digits) > 1 and orbit.endswith(digits)]
    return ending[0] if len(ending) == 1 else ""


def _code(keys: str, office: Office) -> tuple[str, str]:
    """The longest code of ours that the keys begin with, and the digits after it."""
    for end in range(len(keys), 0, -1):
        row = office.services.get(keys[:end])
        if row is None:
            continue
        rest = keys[end:].removeprefix("*")
        if row.app == APP and (not rest or rest.isdecimal()):
            return row.code, rest
        return "", ""
    return "", ""


def _at(plan: Plan, orbit: str, call: CallFacts) -> Plan:
    """Who was transferred to an orbit is parked there; who dials it takes what is on it."""
    if call.on_behalf:
        return _parks(plan, Park((orbit,), call.on_behalf))
    return _settled(
        plan, Retrieve(orbit),
        it=f"{orbit} riprende la chiamata parcheggiata lì",
        en=f"{orbit} takes back the call that is parked there",
    )  # fmt: skip


def _parks(plan: Plan, step: Park) -> Plan:
    one = step.orbits[0] if len(step.orbits) == 1 else ""
    return _settled(
        plan, step,
        it=f"{step.by} parcheggia la chiamata sul posto {one or 'libero più basso'}",
        en=f"{step.by} parks the call on {f'orbit {one}' if one else 'the lowest free orbit'}",
    )  # fmt: skip


def _range(office: Office) -> str:
    return f"{office.orbits[0]}-{office.orbits[-1]}"


def _refused(plan: Plan, step: Announce, *, it: str, en: str) -> Plan:
    return _settled(plan, step, it=it, en=en)


def _settled(plan: Plan, step: Step, *, it: str, en: str) -> Plan:
    return replace(plan.then(step), settled=True).noting("park", it=it, en=en)
