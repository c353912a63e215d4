"""A number outside the office: may this line call it, and by which trunks.

Rights are those of who pays: the line that dials, the one that forwards, the one that transfers.
A stranger who calls from outside reaches nothing here: that would be toll fraud.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.numbers import national
from pbx.routing.dialled import is_outside, outside
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.forwarding import MOST, SECONDS, mailbox_of
from pbx.routing.office import Office
from pbx.routing.outward import refusal, trunks_for
from pbx.routing.plan import Announce, Mailbox, Outside, Plan

STAGE = Stage.OUTSIDE_NUMBER


class Options(FeatureOptions):
    """None: rights, rules and trunks are rows of the office."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Call it, or say why not. Who is called sees what the stage FINISH decides."""
    # What a short code or a direct number stands for may lack the digit that takes the line.
    meant = is_outside(call.dialled, office.outside_prefix) or call.granted
    if plan.to_line or call.from_outside or not meant:
        return plan
    number = outside(call.dialled, office.outside_prefix)
    if not number and call.granted:
        number = call.dialled if call.dialled.isdecimal() else ""
    if not number:
        return _refused(
            plan, Announce("announce.unknown_number", 404, "Not Found"),
            it=f"{call.dialled} non è un numero esterno valido",
            en=f"{call.dialled} is no valid outside number",
        )  # fmt: skip
    if len(call.diverted_by) > MOST:
        return _refused(
            plan, Announce("announce.too_many_forwards", 480, "Temporarily Unavailable"),
            it="La chiamata è già stata inoltrata troppe volte",
            en="The call has been forwarded too often already",
        )  # fmt: skip
    person = office.lines.get(call.payer)
    wrong = refusal(number, person, office, granted=call.granted)
    if wrong is not None:
        return _refused(plan, wrong.step, it=wrong.it, en=wrong.en)
    out = Outside(number, trunks_for(number, office))
    if call.diverted_by:
        out = replace(out, seconds=SECONDS)
        box = mailbox_of(call.diverted_by[0], call, office)
        if box:  # no trunk gets through: better a message than nothing
            plan = replace(plan, on_unavailable=(Mailbox(box, "unavailable"),))
    return replace(plan.then(out), settled=True).noting(
        "outside_number",
        it=f"Chiamata esterna al numero {national(number)}",
        en=f"Outside call to {national(number)}",
    )


def _refused(plan: Plan, step: Announce, *, it: str, en: str) -> Plan:
    return replace(plan.then(step), settled=True).noting("outside_number", it=it, en=en)
