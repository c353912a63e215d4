"""Keys with a lamp: a phone sees what a line and an orbit do, and answers by the key."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from pbx.sip import agent as sip
from tests.flow.groups import group_story
from tests.flow.office import FlowOffice
from tests.flow.phone import Phone
from tests.flow.test_transfers import hear_each_other

DIALOG = [("Event", "dialog"), ("Accept", "application/dialog-info+xml")]
SPACE = "{urn:ietf:params:xml:ns:dialog-info}"


async def watches(phone: Phone, of: str, seconds: int = 600) -> sip.Replied:
    """SUBSCRIBE to a line or an orbit."""
    contact = ("Contact", f"<{phone.contact}>")
    return await phone.asks("SUBSCRIBE", of, expires=seconds, headers=[*DIALOG, contact])


def states(body: str) -> list[str]:
    """The states that a body tells, after looking that it is XML."""
    return [each.text or "" for each in ElementTree.fromstring(body).iter(f"{SPACE}state")]


@group_story
async def test_a_lamp_follows_the_line_and_its_key_answers(office: FlowOffice) -> None:
    bruno, carla, dario = [await office.phone(line) for line in ("202", "203", "204")]
    heard = await watches(carla, "202")
    assert heard.status == 200 and states(carla.seen[-1]) == []
    assert 'state="full"' in carla.seen[-1] and 'version="0"' in carla.seen[-1]
    await dario.dials("202")
    assert states(carla.seen[-1]) == ["early"] and 'state="partial"' in carla.seen[-1]
    assert "sip:204@" in carla.seen[-1] and 'direction="recipient"' in carla.seen[-1]
    said = dict(re.findall(r'([a-z-]+)="([^"]*)"', carla.seen[-1].partition("<dialog ")[2]))
    asked = f"{said['call-id']};to-tag={said['local-tag']};from-tag={said['remote-tag']}"
    await carla.dials("202", headers=[("Replaces", asked + ";early-only")])
    assert hear_each_other(dario, carla) and not bruno.rings
    assert states(carla.seen[-1]) == ["terminated"]
    versions = [int(v) for each in carla.seen for v in re.findall(r'version="(\d+)" state', each)]
    assert versions == list(range(len(versions)))
    await carla.hangs_up()


@group_story
async def test_who_may_not_answer_sees_only_that_it_is_busy(office: FlowOffice) -> None:
    anna, bruno, dario = [await office.phone(line) for line in ("201", "202", "204")]
    await watches(dario, "202")
    await anna.dials("202")
    assert states(dario.seen[-1]) == ["early"]
    assert "201" not in dario.seen[-1] and "call-id" not in dario.seen[-1]
    await bruno.answers()
    assert states(dario.seen[-1]) == ["confirmed"]
    await anna.hangs_up()
    assert states(dario.seen[-1]) == ["terminated"]


@group_story
async def test_the_lamp_of_an_orbit(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await watches(carla, "801")
    await anna.dials("202")
    await bruno.answers()
    await bruno.transfers("*85")
    await bruno.hangs_up()
    assert states(carla.seen[-1]) == ["confirmed"] and 'entity="sip:801@' in carla.seen[-1]
    await carla.dials("801")
    assert hear_each_other(anna, carla) and states(carla.seen[-1]) == ["terminated"]
    await carla.hangs_up()
    office.untold = 1


@group_story
async def test_what_is_no_line_is_not_found_and_the_end_is_told(office: FlowOffice) -> None:
    carla = await office.phone("203")
    assert (await watches(carla, "299")).status == 404
    assert (await watches(carla, "202", 0)).status == 200
    last = next(m for m in reversed(office.wire.seen) if m.startswith(b"NOTIFY"))
    assert b"terminated;reason=timeout" in last
    await watches(carla, "202", 60)
    await office.clock.forward(61)
    last = next(m for m in reversed(office.wire.seen) if m.startswith(b"NOTIFY"))
    assert b"terminated;reason=timeout" in last
    assert not office.hub.busy_lamps._watches


@group_story
async def test_names_that_would_break_the_document(office: FlowOffice) -> None:
    from pbx.sip.dialog_info import DialogInfo, body

    made = body(
        "202", "10.0.0.1",
        [DialogInfo("a<b", "early", True, "2\"4", "<b>&\x00\u202e\"", "x@lamp")],
        version=3, full=True,
    )  # fmt: skip
    assert states(made.decode()) == ["early"]


@group_story
async def test_only_the_lamps_of_a_line_that_moves_are_looked_at(office: FlowOffice) -> None:
    """Thousands of keys must not hold up the exchange whenever somebody calls somebody."""
    anna, bruno, carla, dario = [await office.phone(line) for line in ("201", "202", "203", "204")]
    for phone in (carla, dario):
        for of in ("201", "202", "203", "204"):
            await watches(phone, of)
    await dario.dials("203")  # once each of them is looked at
    await dario.hangs_up()
    lamps, looked = office.hub.busy_lamps, []
    dialogs = lamps._dialogs
    lamps._dialogs = lambda watch, calls: (looked.append(watch.of), dialogs(watch, calls))[1]  # type: ignore[method-assign, func-returns-value]
    await anna.dials("202")
    assert states(carla.seen[-1]) and states(dario.seen[-1])
    assert set(looked) == {"201", "202"}
    await anna.hangs_up()
    assert states(carla.seen[-1]) == ["terminated"]


@group_story
async def test_who_has_left_the_group_sees_no_names_from_the_next_call_on(
    office: FlowOffice,
) -> None:
    anna, _, carla, _ = [await office.phone(line) for line in ("201", "202", "203", "204")]
    dario = await office.phone("204")
    await watches(carla, "202")
    office.snapshot.last = replace(office.snapshot.last, pickup={})
    await dario.dials("202")
    assert states(carla.seen[-1]) == ["early"], "that it is busy, everybody sees"
    assert "204" not in carla.seen[-1] and "call-id" not in carla.seen[-1]
    await dario.hangs_up()
    assert not anna.rings
