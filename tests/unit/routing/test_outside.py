"""Calls that leave the office, and calls that come in: rights, trunks, numbers, codes, help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pbx.routing.decide import decide
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.hours import Closing
from pbx.routing.office import DirectNumber, Hours, Office, ServiceCode, ShortCode, TrunkFacts
from pbx.routing.plan import Announce, Mailbox, Outside, Plan, Reject, Ring, Service
from pbx.routing.rights import Rule
from tests.unit.routing.routing_office import call, office_of, person

ROME = ZoneInfo("Europe/Rome")
TRUNKS = {
    1: TrunkFacts(1, "Prima", main_number="+390255501000"),
    2: TrunkFacts(2, "Spenta", enabled=False),
    3: TrunkFacts(3, "Riserva"),
}
HIDING = {
    "*31#": ServiceCode("*31#", "show_id.call"),
    "#31#": ServiceCode("#31#", "hide_id.call"),
}
EVERYTHING = frozenset({"internal", "national", "mobile", "international", "premium"})


def office(**changes: Any) -> Office:
    """201 may call what people usually may, 202 everything, 203 nothing outside."""
    whole = office_of("204", "205")
    whole = person(whole, "201", number="+390255501201", shown="+390255501201")
    whole = person(whole, "202", rights=EVERYTHING, shown="+390805501000")
    whole = person(whole, "203", rights=frozenset({"internal"}))
    return replace(whole, trunks=TRUNKS, **changes)


def out(plan: Plan) -> Outside:
    (step,) = plan.steps
    assert isinstance(step, Outside), (step, plan.because)
    return step


def refused(plan: Plan) -> str:
    (step,) = plan.steps
    assert isinstance(step, Announce), step
    return step.prompt


# --- rights and trunks -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "dialled", "number"),
    [
        ("201", "00612345678", "+390612345678"),
        ("201", "0612345678", "+390612345678"),
        ("201", "03331234567", "+393331234567"),
        ("201", "0800123456", "800123456"),
        ("201", "0187", "187"),
        ("203", "0800123456", "800123456"),  # free: always
        ("202", "0892424", "892424"),
        ("202", "000442079460000", "+442079460000"),
        ("202", "+442079460000", "+442079460000"),
    ],
)
def test_what_a_line_may_call(by: str, dialled: str, number: str) -> None:
    step = out(decide(call(dialled, by=by), office()))
    assert step.number == number
    assert step.trunks == (1, 3)
    assert not step.emergency


@pytest.mark.parametrize(
    ("by", "dialled", "words"),
    [
        ("201", "0892424", "Numeri a pagamento"),
        ("201", "0199123456", "Numeri a pagamento"),
        ("201", "000442079460000", "Numeri internazionali"),
        ("201", "000881612345678", "Numeri a pagamento"),
        ("203", "03331234567", "Cellulari italiani"),
        ("203", "00612345678", "Numeri fissi nazionali"),
    ],
)
def test_what_a_line_may_not_call_is_said(by: str, dialled: str, words: str) -> None:
    plan = decide(call(dialled, by=by), office())
    assert plan.steps == (Announce("announce.not_allowed", 403, "Forbidden"),)
    assert f"L'interno {by} non è abilitato" in plan.because[-1].it
    assert words in plan.because[-1].it
    assert "may not call" in plan.because[-1].en


def test_a_number_that_is_none() -> None:
    plan = decide(call("099"), office())
    assert plan.steps == (Announce("announce.unknown_number", 404, "Not Found"),)
    assert "non è un numero esterno valido" in plan.because[-1].it


def test_a_rule_chooses_the_trunk_the_class_and_bars() -> None:
    rules = {
        "+44": Rule("+44", "national", trunk=3),
        "+4477": Rule("+4477", "national", barred=True),
        "+33": Rule("+33", "national", trunk=2),  # switched off: the usual order
    }
    whole = office(rules=rules)
    assert out(decide(call("000442079460000"), whole)).trunks == (3, 1)
    assert out(decide(call("000331234567890"[:13]), whole)).trunks == (1, 3)
    plan = decide(call("000447712345678", by="202"), whole)
    assert refused(plan) == "announce.not_allowed"
    assert "bloccate per tutto l'ufficio" in plan.because[-1].it


def test_without_a_trunk_it_is_said() -> None:
    whole = replace(office(), trunks={2: TRUNKS[2]})
    plan = decide(call("03331234567"), whole)
    assert plan.steps == (Announce("announce.no_outside_line", 503, "Service Unavailable"),)


def test_another_digit_takes_the_line() -> None:
    whole = office(outside_prefix="9")
    assert out(decide(call("93331234567"), whole)).number == "+393331234567"
    assert out(decide(call("112"), whole)).emergency
    assert out(decide(call("9112"), whole)).emergency
    assert out(decide(call("0112"), whole)).emergency


def test_a_lobby_phone_calls_nobody_but_help() -> None:
    whole = person(office(), "203", rights=frozenset())
    assert refused(decide(call("204", by="203"), whole)) == "announce.not_allowed"
    assert out(decide(call("112", by="203"), whole)).number == "112"
    assert decide(call("203", by="204"), whole).to_line == "203"
    assert isinstance(decide(call("203", by="203"), whole).steps[0], Service)  # its own mailbox
    assert decide(call("204", by="203", on_behalf="201"), whole).to_line == "204"
    web = call("204", by="203", arrival=Arrival.SERVICE)
    assert refused(decide(web, whole)) == "announce.not_allowed"


# --- help --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialled", ["112", "0112", "113", "0115", "118"])
@pytest.mark.parametrize("by", ["201", "203", "999"])
def test_help_is_called_from_every_phone(dialled: str, by: str) -> None:
    rules = {"1": Rule("1", "premium", barred=True), "11": Rule("11", "premium", trunk=3)}
    hidden = {"caller_id": {"hide": True}}
    whole = replace(office(rules=rules), options=hidden)
    step = out(decide(call(dialled, by=by), whole))
    assert step.number == dialled[-3:]
    assert step.emergency
    assert not step.withheld
    assert set(step.trunks) == {1, 3}
    assert step.shown == ("+390255501201" if by == "201" else "")


def test_help_is_never_called_anonymously() -> None:
    whole = office(services=HIDING)
    step = out(decide(call("#31#112"), whole))
    assert step.emergency and not step.withheld


# --- who is shown ------------------------------------------------------------------------------


def test_whose_number_is_shown() -> None:
    assert out(decide(call("03331234567"), office())).shown == "+390255501201"
    assert out(decide(call("03331234567", by="202"), office())).shown == "+390805501000"
    assert out(decide(call("0800123456", by="203"), office())).shown == ""


def test_a_hidden_number() -> None:
    whole = person(
        office(services=HIDING),
        "202",
        rights=EVERYTHING,
        options={"caller_id": {"hide": True}},
    )
    assert out(decide(call("03331234567", by="202"), whole)).withheld
    assert not out(decide(call("*31#03331234567", by="202"), whole)).withheld
    assert not out(decide(call("03331234567", by="201"), whole)).withheld
    plan = decide(call("#31#03331234567", by="201"), whole)
    assert out(plan).withheld
    assert out(plan).shown == "+390255501201"
    assert any("nascosto per questa chiamata" in reason.it for reason in plan.because)
    # Inside everybody is known: the call is simply made.
    assert decide(call("#31#204", by="201"), whole).to_line == "204"


FOREIGN: dict[str, Any] = {"from_line": "", "from_trunk": 1, "caller_number": "+393339876543"}


def diverted(by: str, **changes: Any) -> CallFacts:
    facts = call("+393331234567", diverted_by=(by,), causes=(302,))
    return replace(facts, **changes)


def test_who_takes_a_forwarded_call_sees_who_calls() -> None:
    step = out(decide(diverted("201", **FOREIGN), office()))
    assert (step.shown, step.caller, step.withheld) == ("+390255501201", "+393339876543", False)
    step = out(decide(diverted("202", from_line="201"), office()))
    assert (step.shown, step.caller) == ("+390805501000", "+390255501201")
    step = out(decide(diverted("201", **FOREIGN, withheld=True), office()))
    assert step.withheld


def test_or_the_number_of_who_forwards() -> None:
    hers = {"caller_id": {"passes_caller": False}}
    whole = person(office(), "201", options=hers, shown="+390255501201")
    step = out(decide(diverted("201", **FOREIGN, withheld=True), whole))
    assert (step.shown, step.caller, step.withheld) == ("+390255501201", "", False)


# --- from outside ------------------------------------------------------------------------------

FROM_OUTSIDE: dict[str, Any] = {"by": "", "from_trunk": 1, "caller_number": "+393339876543"}


@pytest.mark.parametrize(
    "dialled",
    [
        *("0612345678", "+390612345678", "00612345678", "000442079460000", "0892424", "187"),
        *("*600", "*86", "*21*202#", "#31#0333", "700", "112", "0112", "", "+", "999999"),
    ],
)
def test_a_stranger_reaches_nothing_but_our_numbers(dialled: str) -> None:
    codes = {"700": ShortCode("700", "+393331234567", for_everybody=True)}
    plan = decide(call(dialled, **FROM_OUTSIDE), office(short_codes=codes))
    assert not any(isinstance(step, Outside | Service) for step in plan.steps)
    assert plan.steps == (Announce("announce.unknown_number", 404, "Not Found"),)


@pytest.mark.parametrize("dialled", ["+390255501201", "390255501201", "0255501201", "201"])
def test_a_stranger_reaches_a_line_by_its_number(dialled: str) -> None:
    plan = decide(call(dialled, **FROM_OUTSIDE), office())
    assert plan.to_line == "201"
    assert isinstance(plan.steps[0], Ring)


def test_who_transfers_pays() -> None:
    facts = call("03331234567", **FROM_OUTSIDE, on_behalf="201")
    assert out(decide(facts, office())).number == "+393331234567"
    assert refused(decide(replace(facts, on_behalf="203"), office())) == "announce.not_allowed"


def test_a_phone_that_forwards_by_itself_pays_too() -> None:
    facts = call("03331234567", **FROM_OUTSIDE, diverted_by=("203",), causes=(302,))
    assert refused(decide(facts, office())) == "announce.not_allowed"


# --- short codes -------------------------------------------------------------------------------

CODES = {
    "700": ShortCode("700", "+442079460000", "Londra"),
    "701": ShortCode("701", "+442079460000", "Londra", for_everybody=True),
    "702": ShortCode("702", "204", "Portineria"),
    "703": ShortCode("703", "703", "Sé stesso"),
    "704": ShortCode("704", "892424", "Pagine", for_everybody=True),
    "201": ShortCode("201", "205", "Non vince"),
    "705": ShortCode("705", "112", "Aiuto"),
}


def test_short_codes() -> None:
    whole = office(short_codes=CODES)
    assert refused(decide(call("700"), whole)) == "announce.not_allowed"
    assert out(decide(call("700", by="202"), whole)).number == "+442079460000"
    plan = decide(call("701"), whole)
    assert out(plan).number == "+442079460000"
    assert [reason.feature for reason in plan.because] == ["short_code", "outside_number"]
    assert "701 (Londra) chiama +44 20 7946 0000" in plan.because[0].it
    assert decide(call("702"), whole).to_line == "204"
    assert decide(call("702#"), whole).to_line == "204"
    assert out(decide(call("704", by="203"), whole)).number == "892424"
    assert out(decide(call("705"), whole)).emergency


def test_a_short_code_for_itself_ends() -> None:
    plan = decide(call("703"), office(short_codes=CODES))
    assert plan.steps == (Announce("announce.unknown_number", 404, "Not Found"),)


def test_what_everybody_may_call_is_not_passed_on() -> None:
    """The right that a short code gives ends with the call to it."""
    codes = {"706": ShortCode("706", "204", for_everybody=True)}
    forwards = {"forward_all": {"enabled": True, "number": "+442079460000"}}
    whole = person(office(short_codes=codes), "204", options=forwards)
    plan = decide(call("706"), whole)
    assert [type(step) for step in plan.steps] == [Ring, Mailbox]


# --- numbers of the office ---------------------------------------------------------------------

OPEN = datetime(2026, 11, 23, 11, 0, tzinfo=ROME)
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=ROME)
HOLIDAY = datetime(2026, 12, 25, 11, 0, tzinfo=ROME)
HOURS = {
    1: Hours(
        "Ufficio",
        [[["09:00", "18:00"]]] * 7,
        (Closing(date(2026, 12, 25), date(2026, 12, 25), yearly=True),),
    )
}
MAIN = "+390255501000"


def main(kind: str, target: str, **more: Any) -> Office:
    return office(direct_numbers={MAIN: DirectNumber(MAIN, kind, target, **more)}, hours=HOURS)


def coming(at: datetime = OPEN, **more: Any) -> CallFacts:
    return call(MAIN, **{**FROM_OUTSIDE, "at": at, **more})


def test_what_a_number_reaches() -> None:
    assert decide(coming(), main("line", "204")).to_line == "204"
    assert decide(coming(), main("mailbox", "204")).steps == (Mailbox("204", "direct"),)
    assert decide(coming(), main("service", "voicemail_menu")).steps == (Service("voicemail_menu"),)
    assert decide(coming(), main("announcement", "announce.office_closed")).steps == (
        Announce("announce.office_closed", 480, "Temporarily Unavailable"),
    )


@pytest.mark.parametrize("at", [NIGHT, HOLIDAY])
def test_a_closed_office(at: datetime) -> None:
    whole = main("line", "204", hours=1, closed_kind="mailbox", closed_target="205")
    plan = decide(coming(at), whole)
    assert plan.steps == (Mailbox("205", "closed"),)
    assert "secondo l'orario «Ufficio» è chiuso" in plan.because[0].it
    assert decide(coming(OPEN), whole).to_line == "204"
    assert decide(coming(at), main("line", "204", hours=1)).to_line == "204"


def test_from_inside_it_is_the_same_and_stays_inside() -> None:
    whole = main("line", "204", hours=1)
    for dialled in (MAIN, "0255501000", "00255501000"):
        assert decide(call(dialled), whole).to_line == "204"


def test_a_number_that_goes_on_outside_is_the_offices_to_pay() -> None:
    plan = decide(coming(), main("number", "+442079460000"))
    step = out(plan)
    assert (step.number, step.shown, step.caller) == ("+442079460000", MAIN, "+393339876543")
    assert step.seconds == 45
    barred = replace(
        main("number", "+442079460000"), rules={"+44": Rule("+44", "national", barred=True)}
    )
    assert refused(decide(coming(), barred)) == "announce.not_allowed"


def test_two_numbers_that_point_at_each_other_end() -> None:
    other = "+390255501999"
    whole = office(
        direct_numbers={
            MAIN: DirectNumber(MAIN, "number", other),
            other: DirectNumber(other, "number", MAIN),
        }
    )
    assert isinstance(decide(coming(), whole).steps[-1], Announce | Reject)


@pytest.mark.parametrize(
    ("kind", "target"), [("line", "999"), ("mailbox", "999"), ("group", "5"), ("", "")]
)
def test_what_is_no_longer_there_is_said(kind: str, target: str) -> None:
    plan = decide(coming(), main(kind, target))
    assert plan.steps == (Announce("announce.unknown_number", 404, "Not Found"),)
    assert "non c'è più" in plan.because[-1].it


def test_a_row_beats_the_number_of_a_line() -> None:
    number = "+390255501201"
    whole = office(direct_numbers={number: DirectNumber(number, "line", "204")})
    assert decide(call(number, **FROM_OUTSIDE), whole).to_line == "204"
