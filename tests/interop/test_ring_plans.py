"""Ring plans, the ring splash and forwards on the wire: SIPp is the telephone company and the
phones that will not answer, baresip the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.interop import ports
from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.provider import Provider, add_trunk
from tests.interop.sipp import Sipp
from tests.interop.test_outside import give_number, provider, tried
from tests.interop.test_signalling import sign_in

Phone = Callable[..., Baresip]
Scenario = Callable[..., Sipp]
MOBILE = "+393331112233"
provider = provider  # a fixture


def row(number: str, rings: str, name: str = "") -> dict[str, Any]:
    """A row of a ring plan; rings: 'x.x' rings in the first and third period."""
    return {"number": number, "name": name, "rings": [letter == "x" for letter in rings]}


def test_a_busy_a_declining_and_a_dead_phone_shorten_a_plan_in_order(
    office: Office, phone: Phone, scenario: Scenario
) -> None:
    places = {line: ports.row(2) for line in ("202", "203", "204")}
    for line, port in places.items():
        sign_in(scenario, line, port)
    busy = scenario("callee_busy", "202", port=places["202"]).start()
    declines = scenario("callee_declines", "203", port=places["203"]).start()
    desk = phone("202")  # the line's second device
    office.option("202", "mailbox", seconds=60)
    office.option(
        "202",
        "ring_plan",
        mode="in_order",
        periods=[4, 2, 20],
        # 204 is registered and nobody is there any more
        phones=[row("203", "x.."), row("204", ".x."), row("", "..x")],
    )
    anna = phone("201")
    anna.dial("202")
    desk.wait("CALL_INCOMING")  # 0 s for the decline, 2 s for the dead one
    declines.finish()
    busy.finish()
    desk.answer()
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    (record,) = eventually(office.calls)
    told = {(each["line"], each["status"]): each for each in json.loads(record["phones"])}
    assert set(told) == {("203", 603), ("204", 487), ("202", 486), ("202", 200)}
    # Not the first period's four seconds, and the second's two whatever the others did.
    assert told["203", 603]["seconds"] < 3 and 1.5 < told["204", 487]["seconds"] < 4


def test_phones_that_ring_together_bear_a_busy_a_declining_and_a_dead_one(
    office: Office, phone: Phone, scenario: Scenario
) -> None:
    """All are called at once; the one that is there rings on and answers."""
    places = {line: ports.row(2) for line in ("203", "204", "205")}
    for line, port in places.items():
        sign_in(scenario, line, port)
    busy = scenario("callee_busy", "203", port=places["203"]).start()
    declines = scenario("callee_declines", "205", port=places["205"]).start()
    desk = phone("202")
    office.option("202", "mailbox", seconds=60)
    office.option(
        "202",
        "ring_plan",
        mode="together",
        # 204 is registered and nobody is there any more
        phones=[row("", "x"), row("203", "x"), row("204", "x"), row("205", "x")],
    )
    anna = phone("201")
    anna.dial("202")
    desk.wait("CALL_INCOMING")
    busy.finish()
    declines.finish()
    anna.wait_seconds(1)
    desk.answer()
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    (record,) = eventually(office.calls)
    told = {each["line"]: each["status"] for each in json.loads(record["phones"])}
    assert told == {"202": 200, "203": 486, "204": 487, "205": 603}
    assert record["answered_by"] == "person"


def test_a_mobile_that_rings_too_presses_one(
    office: Office, phone: Phone, provider: Callable[..., Provider]
) -> None:
    company = provider(scenario="provider_presses")
    add_trunk(office, company, "Primo", diversion="both")
    give_number(office, "202", "+390255501202")
    assert tried(office).state == "up"
    office.option("202", "mailbox", seconds=60)
    office.option(
        "202", "ring_plan", mode="together", phones=[row("", "x"), row(MOBILE, "x", "Cellulare")]
    )
    anna, desk = phone("201"), phone("202")
    anna.dial("202")
    desk.wait("CALL_INCOMING")
    anna.wait("CALL_ESTABLISHED")
    desk.wait("CALL_CLOSED", seconds=3)
    anna.wait_seconds(1)
    anna.hang_up()
    (record,) = eventually(office.calls)
    assert "ha accettato la chiamata" in record["because"]
    assert {(each["name"], each["status"]) for each in json.loads(record["phones"])} >= {
        ("Cellulare", 200)
    }
    said = company.said()
    assert "reason=unconditional" in said and "+390255501202@" in said
    assert f"{MOBILE}@" in said.partition("history")[2] and "cause=302" in said


def test_a_forward_splashes_and_says_who_forwards(
    office: Office, phone: Phone, scenario: Scenario, provider: Callable[..., Provider]
) -> None:
    company = provider(scenario="provider_presses")
    add_trunk(office, company, "Primo", diversion="both")
    give_number(office, "202", "+390255501202")
    assert tried(office).state == "up"
    port = ports.row(2)
    sign_in(scenario, "202", port)
    splashed = scenario("callee_splashes", "202", port=port).start()
    office.option("202", "forward_all", enabled=True, number=MOBILE, notify=True)
    anna = phone("201")
    anna.dial("202")
    splashed.finish()
    anna.wait("CALL_ESTABLISHED")
    anna.hang_up()
    noted = splashed.noted()
    assert "info=ring-splash" in noted
    assert 'SIP;cause=200;text="Call completed elsewhere"' in noted
    said = company.said()
    assert "<sip:+390255501202@" in said and "reason=unconditional" in said
    assert "index=1.1" in said and "cause=302" in said
