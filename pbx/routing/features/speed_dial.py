"""Speed dial (guide 6.2): 5-9 and 10-49 stand for a number that each line chose for itself.

`12#` is always the speed dial. `12` alone, which a phone sends after its pause, is one too, unless
it is somebody's extension: then the extension wins, as the dial plan says. The number is decided
anew with the rights that the line has now.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.numbers import is_extension, national
from pbx.routing.dialled import emergency
from pbx.routing.dialplan import SPEED_DIAL
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.forwarding import destination
from pbx.routing.office import Office, SpeedDial
from pbx.routing.plan import Announce, Plan

STAGE = Stage.SPEED_DIAL
CODES = frozenset(SPEED_DIAL)


class Options(FeatureOptions):
    """None: what the codes call are rows of the line."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Put the number in the code's place, or say that the line has set none.

    The line is whoever dials, transfers or sends the call on. A stranger has no speed dials.
    """
    code = call.dialled.removesuffix("#")
    if code not in CODES or call.from_outside or call.payer not in office.lines:
        return plan
    dial = dialled(call, office)
    if dial is None:
        if code in office.lines or code in office.short_codes:
            return plan  # 12# of somebody who has no speed dial 12 is the extension
        return _refused(
            plan, Announce("announce.speed_dial_empty", 404, "Not Found"),
            it=f"La selezione rapida {code} non è impostata",
            en=f"Speed dial {code} is not set",
        )  # fmt: skip
    number = dial.number
    if number in CODES and number not in office.lines:
        # The colleague's extension is gone; the digits must not lead to another speed dial.
        return _refused(
            plan, Announce("announce.unknown_number", 404, "Not Found"),
            it=f"La selezione rapida {code} chiama l'interno {number}, che non esiste più",
            en=f"Speed dial {code} calls extension {number}, which is no longer there",
        )  # fmt: skip
    noted = plan.noting(
        "speed_dial",
        it=f"La selezione rapida {code} chiama {national(number)}",
        en=f"Speed dial {code} calls {national(number)}",
    )
    return replace(noted, anew=replace(call, dialled=number))


def dialled(call: CallFacts, office: Office) -> SpeedDial | None:
    """The speed dial that was dialled; None when the digits are something else, or it is free."""
    code = call.dialled.removesuffix("#")
    person = office.lines.get(call.payer)
    if code not in CODES or call.from_outside or person is None:
        return None
    if call.dialled == code and (code in office.lines or code in office.short_codes):
        return None
    return person.speed_dials.get(code)


def kept(number: str, office: Office) -> str:
    """A number as a speed dial keeps it: an extension, a short code, E.164, or what is dialled for
    an emergency or a national service; "" when it leads nowhere."""
    prefix = office.outside_prefix
    if emergency(number, office.emergency_numbers, prefix):
        return number
    if number in office.short_codes:
        return number
    target = destination(number, office)
    if target is None:
        return ""
    if target.line:
        return target.line
    # 187 needs the digit of the outside line to be a number outside again when it is dialled.
    return prefix + target.number if is_extension(target.number) else target.number


def _refused(plan: Plan, step: Announce, *, it: str, en: str) -> Plan:
    return replace(plan.then(step), settled=True).noting("speed_dial", it=it, en=en)
