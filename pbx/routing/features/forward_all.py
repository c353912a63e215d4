"""Inoltra ad un altro telefono: every call goes to another number (behaviour.md s.1.1, step 6).

Ring plan, busy, no answer, unavailable and do-not-disturb have no effect then, unless the office
has decided that do-not-disturb comes first.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import Stage, options_for
from pbx.routing.features import do_not_disturb
from pbx.routing.forwarding import ALWAYS, CodedForwardOptions, forwarded, leads
from pbx.routing.office import Office
from pbx.routing.plan import Plan, Splash

STAGE = Stage.REDIRECT


class Options(CodedForwardOptions):
    """Where to, and whether the own phone says so."""

    notify: bool = False
    "The own phones give one short ring for each call that goes on (behaviour.md s.1.4)."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Forward; a group's call is not the member's to forward."""
    line = plan.to_line
    options = options_for(Options, "forward_all", office, line=line)
    if not options.enabled or call.arrival is Arrival.HUNT:
        return plan
    quiet = options_for(do_not_disturb.Options, "do_not_disturb", office, line=line).enabled
    if quiet and office.dnd_first and not plan.priority:
        return plan.noting(
            "forward_all",
            it=f"L'inoltro dell'interno {line} non ha effetto: prima viene «Non disturbare»",
            en=f"The forward of extension {line} has no effect: do not disturb comes first",
        )
    plan, step = forwarded(
        plan, call, office, feature="forward_all", number=options.number, cause=ALWAYS
    )
    if step is None:
        return plan
    it, en = leads(options.number, office)
    before = (Splash(line),) if options.notify and _may_splash(line, quiet, call) else ()
    plan = replace(plan.then(*before, step), settled=True).noting(
        "forward_all",
        it=f"L'interno {line} inoltra tutte le chiamate {it}",
        en=f"Extension {line} forwards all calls {en}",
    )
    if not quiet:
        return plan
    return plan.noting(
        "forward_all",
        it="«Non disturbare» non ha effetto: prima viene l'inoltro di tutte le chiamate",
        en="Do not disturb has no effect: forwarding all calls comes first",
    )


def _may_splash(line: str, quiet: bool, call: CallFacts) -> bool:
    """Not while the line talks, nor where nothing is to ring."""
    return line in call.registered and line not in call.in_call | call.busy and not quiet
